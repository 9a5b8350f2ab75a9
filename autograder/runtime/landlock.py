"""Landlock: what a process and its children may do with files, ports and signals.

The kernel's documentation (userspace-api/landlock.rst) is the source of the numbers. Rights that
an older kernel does not know are left out of the request; `abi()` says how much it knows.
Runs as a plain file.
"""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Iterable

from . import kernel

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_RULE_PATH_BENEATH = 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_FILE_RIGHTS = EXECUTE | WRITE_FILE | READ_FILE | (1 << 14) | (1 << 15)  # truncate, ioctl_dev
READ = EXECUTE | READ_FILE | READ_DIR
_RIGHTS_OF_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
_NO_TCP = 0b11  # bind, connect: from ABI 4
_NO_SIGNALS_OUT = 0b11  # abstract unix sockets, signals: from ABI 6


class _Ruleset(ctypes.Structure):
    _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def abi() -> int:
    """The version that the kernel offers; 0 for none."""
    try:
        return kernel.call(_CREATE, None, 0, 1)
    except OSError:
        return 0


def all_rights() -> int:
    """Every right on files that this kernel can take away."""
    return _RIGHTS_OF_ABI[min(abi(), 5)]


def restrict(readable: Iterable[str], writable: Iterable[str], network: bool = False) -> None:
    """Leaves this process what is named and what it has open; for ever, and for its children.

    A path that does not exist is left out. Raises OSError where the kernel has no Landlock.
    PR_SET_NO_NEW_PRIVS must be set.
    """
    version, rights = abi(), all_rights()
    ruleset = _Ruleset(
        fs=rights,
        net=_NO_TCP if version >= 4 and not network else 0,
        scoped=_NO_SIGNALS_OUT if version >= 6 else 0,
    )
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    descriptor = kernel.call(_CREATE, ctypes.byref(ruleset), size, 0)
    try:
        for path in readable:
            _allow(descriptor, path, READ & rights)
        for path in writable:
            _allow(descriptor, path, rights)
        kernel.call(_RESTRICT, descriptor, 0)
    finally:
        os.close(descriptor)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(parent).st_mode):
            rights &= _FILE_RIGHTS
        rule = _PathBeneath(allowed=rights, parent=parent)
        kernel.call(_ADD, ruleset, _RULE_PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(parent)
