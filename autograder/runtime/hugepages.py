"""Memory in huge pages, which makes a process cheap to fork. Runs as a plain file.

A fork copies the table of pages, and an exit gives each page back: 60,000 of them in a server with
torch and scikit-learn, half of what a short life costs. A huge page is one entry for 512. A child
that writes to one copies only the small page it writes to.

Only what lies side by side can be put into huge pages. Python takes memory for its objects in arenas
of 1 MiB, which come to lie between the libraries that are loaded along with modules. So a server takes
a stretch of arenas first (`begin_stretch`), imports into it, and gives back what is left of it
(`end_stretch`).
"""

from __future__ import annotations

import contextlib

from . import kernel

_BYTES = 2 << 20  # of a huge page on x86_64, and on aarch64 with small pages of 4 KiB
_MADV_COLLAPSE = 25
_STRETCH = 192 << 20  # bytes; a server with torch and scikit-learn has 130 MiB of objects
_OBJECT = 512  # bytes, the largest that lie in an arena
_ARENA_BITS = 20

_pins: list[bytes] = []


def begin_stretch() -> None:
    """Python's objects that are made from now on lie side by side, as far as 192 MiB reach.

    An arena goes back to the system when nothing lies in it, and the fullest is used first. So one
    object holds each: the last one made in every stretch of its size, wherever arenas begin.
    """
    objects = [b""] * (_STRETCH // _OBJECT)
    for index in range(len(objects)):  # a list that grew would leave holes between the arenas
        objects[index] = bytes(_OBJECT - b"".__sizeof__())
    _pins[:] = {id(thing) >> _ARENA_BITS: thing for thing in objects}.values()


def end_stretch() -> None:
    """Gives back what no object was put into."""
    _pins.clear()


def collapse() -> None:
    """Puts the private memory of this process into huge pages, where the kernel can (Linux 6.1)."""
    with open("/proc/self/maps") as file:
        lines = file.read().splitlines()
    for line in lines:
        addresses, rights, _, _, inode, *name = line.split(maxsplit=5)
        if "w" in rights and "p" in rights and inode == "0" and name in ([], ["[heap]"]):
            start, end = (int(address, 16) for address in addresses.split("-"))
            for page in range(start + -start % _BYTES, end - _BYTES + 1, _BYTES):
                with contextlib.suppress(OSError):  # nothing there, no memory to be had, an older kernel
                    kernel.madvise(page, _BYTES, _MADV_COLLAPSE)
