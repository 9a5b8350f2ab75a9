"""User ids and capabilities that a child gives up. Runs as a plain file.

Where the grader is root, every child gets a user id that nobody else on the machine has while it
lives: files of others are closed to it, and limits on processes count its own alone (they do not
hold root). Where the grader is not root there is no other id to be had.
"""

from __future__ import annotations

import contextlib
import os

from . import kernel

# away from people and services; 2**22 is the largest process id of Linux (proc(5), pid_max)
_FIRST_UID, _LARGEST_PID = 1 << 30, 1 << 22
# in a container with 65,536 ids: two children may then share one, which limits on processes notice
_FIRST_OF_FEW, _FEW = 32_768, 28_672


def uid_for(pid: int) -> int | None:
    """A user id for the process `pid`, as the machine counts it; None where we may not choose."""
    if os.geteuid() != 0:
        return None
    ranges = _mapped_ids("/proc/self/uid_map") & _mapped_ids("/proc/self/gid_map")
    if ranges >= {"many"}:
        return _FIRST_UID + pid
    return _FIRST_OF_FEW + pid % _FEW if ranges else None


def _mapped_ids(path: str) -> set[str]:
    """Which of our two ranges of ids exist in this user namespace: see user_namespaces(7)."""
    found = set()
    with open(path) as file:
        for line in file:
            first, _, count = map(int, line.split())
            if first <= _FIRST_OF_FEW and first + count >= _FIRST_OF_FEW + _FEW:
                found.add("few")
            if first <= _FIRST_UID and first + count >= _FIRST_UID + _LARGEST_PID:
                found.add("many")
    return found


def give_up(uid: int | None, reads_all: bool) -> None:
    """Becomes `uid` (None: stays who it is), without capabilities, for ever.

    `reads_all` leaves the right to read what belongs to others, for a Python that lies where only
    root may go; Landlock must then say what may be read.
    """
    kept = 1 << kernel.CAP_DAC_READ_SEARCH if reads_all else 0
    for number in range(64):
        if not kept >> number & 1:
            with contextlib.suppress(OSError):
                kernel.prctl(kernel.PR_CAPBSET_DROP, number)
    if uid is not None:
        kernel.prctl(kernel.PR_SET_KEEPCAPS, 1)
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    kernel.set_capabilities(kept)
    if kept:  # programs that it starts have to read them too
        kernel.prctl(kernel.PR_CAP_AMBIENT, kernel.PR_CAP_AMBIENT_RAISE, kernel.CAP_DAC_READ_SEARCH)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 1)  # or its own /proc/self belongs to root


def own_user_namespace() -> None:
    """A user namespace in which this process keeps its ids and has every capability."""
    uid, gid = os.geteuid(), os.getegid()
    kernel.unshare(kernel.CLONE_NEWUSER)
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{uid} {uid} 1"),
        ("gid_map", f"{gid} {gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)
