"""Landlock: what a process and its children may do with files, ports and signals.

The kernel's documentation (userspace-api/landlock.rst) is the source of the numbers. Rights that
an older kernel does not know are left out of the request; `abi()` says how much it knows.
Runs as a plain file.
"""

from __future__ import annotations

import ctypes
import fcntl
import functools
import os
import stat
from collections.abc import Iterable, Iterator

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


class Rule(ctypes.Structure):
    """What may be done with the file or folder that the descriptor `parent` stands for, and below it."""

    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


@functools.cache
def abi() -> int:
    """The version that the kernel offers; 0 for none."""
    try:
        return kernel.call(_CREATE, None, 0, 1)
    except OSError:
        return 0


def all_rights() -> int:
    """Every right on files that this kernel can take away."""
    return _RIGHTS_OF_ABI[min(abi(), 5)]


def reading(paths: Iterable[str], above: int = 0) -> tuple[Rule, ...]:
    """Rules that let `paths` be read; a path that does not exist is left out.

    They hold a descriptor each, of a number from `above` on: what many children need alike is opened
    once, before the forks.
    """
    return tuple(_rules(paths, READ, above))


def writing(paths: Iterable[str]) -> tuple[Rule, ...]:
    """Rules that leave every right on `paths`."""
    return tuple(_rules(paths, all_rights()))


def _rules(paths: Iterable[str], rights: int, above: int = 0) -> Iterator[Rule]:
    for path in paths:
        try:
            parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            continue
        if above:
            low, parent = parent, fcntl.fcntl(parent, fcntl.F_DUPFD_CLOEXEC, above)
            os.close(low)
        is_folder = stat.S_ISDIR(os.fstat(parent).st_mode)
        yield Rule(allowed=rights & all_rights() & (-1 if is_folder else _FILE_RIGHTS), parent=parent)


def restrict(rules: Iterable[Rule], network: bool = False) -> None:
    """Leaves this process what `rules` allow and what it has open; for ever, and for its children.

    Closes the descriptors of the rules. Raises OSError where the kernel has no Landlock.
    PR_SET_NO_NEW_PRIVS must be set.
    """
    version = abi()
    ruleset = _Ruleset(
        fs=all_rights(),
        net=_NO_TCP if version >= 4 and not network else 0,
        scoped=_NO_SIGNALS_OUT if version >= 6 else 0,
    )
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    descriptor = kernel.call(_CREATE, ctypes.byref(ruleset), size, 0)
    try:
        for rule in rules:
            kernel.call(_ADD, descriptor, _RULE_PATH_BENEATH, ctypes.byref(rule), 0)
            os.close(rule.parent)
        kernel.call(_RESTRICT, descriptor, 0)
    finally:
        os.close(descriptor)
