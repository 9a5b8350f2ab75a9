"""System calls of Linux that Python 3.11 has no name for. Runs as a plain file."""

from __future__ import annotations

import ctypes
import os
import platform
import struct

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000

MS_NOSUID, MS_NODEV, MS_BIND, MS_REC, MS_PRIVATE = 2, 4, 4096, 16384, 1 << 18

PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38
PR_SET_CHILD_SUBREAPER = 36
PR_CAPBSET_DROP = 24

_LIBC = ctypes.CDLL(None, use_errno=True)


def call(number: int, *arguments: object) -> int:
    """A system call by number; raises OSError."""
    result = int(_LIBC.syscall(number, *arguments))
    if result < 0:
        _raise(f"system call {number}")
    return result


def prctl(option: int, value: int = 0) -> None:
    """prctl(2) with one argument; raises OSError."""
    if _LIBC.prctl(option, value, 0, 0, 0) < 0:
        _raise(f"prctl {option}")


def unshare(flags: int) -> None:
    """unshare(2); raises OSError."""
    if _LIBC.unshare(flags) < 0:
        _raise("unshare")


def mount(source: str, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    """mount(2); raises OSError that names the target."""
    encoded = [None if text is None else os.fsencode(text) for text in (source, target, kind)]
    more = None if data is None else data.encode()
    if _LIBC.mount(*encoded, ctypes.c_ulong(flags), more) < 0:
        _raise(f"mount on {target}")


def drop_capabilities() -> None:
    """capset(2) to nothing; raises OSError."""
    header = struct.pack("<Ii", 0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, this process
    call({"x86_64": 126, "aarch64": 91}[platform.machine()], header, bytes(24))


def _raise(what: str) -> None:
    number = ctypes.get_errno()
    raise OSError(number, f"{what}: {os.strerror(number)}")
