"""Memory in huge pages, which makes a process cheap to fork. Runs as a plain file.

A fork copies the table of pages, and an exit gives each page back: 60,000 of them in a server with
torch and scikit-learn, half of what a short life costs. A huge page is one entry for 512. A child
that writes to one copies only the small page it writes to.
"""

from __future__ import annotations

import contextlib

from . import kernel

_BYTES = 2 << 20  # of a huge page on x86_64, and on aarch64 with small pages of 4 KiB
_MADV_COLLAPSE = 25


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
