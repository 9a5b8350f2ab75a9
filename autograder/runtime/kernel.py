"""System calls of Linux that Python 3.11 has no name for. Runs as a plain file."""

from __future__ import annotations

import ctypes
import os
import platform
import struct

CLONE_NEWNS = 0x00020000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 2, 4, 8, 4096, 16384, 1 << 18
MNT_DETACH = 2

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_KEEPCAPS = 8
PR_CAPBSET_DROP = 24
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 47, 2

CAP_DAC_READ_SEARCH = 2

_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_MOUNT_ATTR_RDONLY, _MOUNT_ATTR_NOSUID = 1, 2
# name -> number on x86_64, aarch64
_NUMBERS = {"pivot_root": (155, 41), "capset": (126, 91), "mount_setattr": (442, 442), "seccomp": (317, 277)}

MACHINES = ("x86_64", "aarch64")

_LIBC = ctypes.CDLL(None, use_errno=True)


def call(number: int, *arguments: object) -> int:
    """A system call by number; raises OSError."""
    result = int(_LIBC.syscall(number, *arguments))
    if result < 0:
        _raise(f"system call {number}")
    return result


def named_call(name: str, *arguments: object) -> int:
    """A system call whose number differs between machines; raises OSError."""
    return call(_NUMBERS[name][MACHINES.index(platform.machine())], *arguments)


def prctl(option: int, value: int = 0, more: int = 0) -> None:
    """prctl(2) with one or two arguments; raises OSError."""
    if _LIBC.prctl(option, value, more, 0, 0) < 0:
        _raise(f"prctl {option}")


def unshare(flags: int) -> None:
    """unshare(2); raises OSError."""
    if _LIBC.unshare(flags) < 0:
        _raise("unshare")


def setns(descriptor: int, kind: int) -> None:
    """setns(2); raises OSError."""
    if _LIBC.setns(descriptor, kind) < 0:
        _raise("setns")


def mount(source: str, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    """mount(2); raises OSError that names the target."""
    encoded = [None if text is None else os.fsencode(text) for text in (source, target, kind)]
    more = None if data is None else data.encode()
    if _LIBC.mount(*encoded, ctypes.c_ulong(flags), more) < 0:
        _raise(f"mount on {target}")


def unmount(target: str) -> None:
    """umount2(2), at once and with all that is mounted below; raises OSError."""
    if _LIBC.umount2(os.fsencode(target), MNT_DETACH) < 0:
        _raise(f"unmounting {target}")


def pivot_root(new: str, old: str) -> None:
    """pivot_root(2); raises OSError."""
    named_call("pivot_root", os.fsencode(new), os.fsencode(old))


def make_read_only(target: str, recursive: bool = True) -> None:
    """What is mounted at `target`, and below it; devices can still be written to. From Linux 5.12."""
    attributes = struct.pack("<4Q", _MOUNT_ATTR_RDONLY | _MOUNT_ATTR_NOSUID, 0, 0, 0)
    flags = _AT_RECURSIVE if recursive else 0
    named_call("mount_setattr", _AT_FDCWD, os.fsencode(target), flags, attributes, ctypes.c_size_t(32))


def madvise(address: int, length: int, advice: int) -> None:
    """madvise(2); raises OSError."""
    if _LIBC.madvise(ctypes.c_void_p(address), ctypes.c_size_t(length), advice) < 0:
        _raise("madvise")


def set_capabilities(bits: int) -> None:
    """capset(2): these, effective, permitted and inheritable, and no other; raises OSError."""
    header = struct.pack("<Ii", 0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, this process
    named_call("capset", header, struct.pack("<6I", bits, bits, bits, 0, 0, 0))


def _raise(what: str) -> None:
    number = ctypes.get_errno()
    raise OSError(number, f"{what}: {os.strerror(number)}")
