"""Core-seconds of a process and everything that it ever started."""

from __future__ import annotations

import ctypes
import os
import resource
from collections.abc import Iterator
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36  # prctl(2)
_TICK = os.sysconf("SC_CLK_TCK")


def adopt_orphans() -> None:
    """A descendant whose parent ends becomes our child, so that its time is not lost (prctl(2))."""
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


def core_seconds() -> float:
    """User and system time so far of this process, its living descendants, and all that were waited for."""
    own = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in own) + sum(map(_of_process, _below(os.getpid())))


def core_seconds_of(pid: int) -> float:
    """The same of another process."""
    return sum(map(_of_process, (pid, *_below(pid))))


def _of_process(pid: int) -> float:
    """utime, stime, cutime and cstime (proc_pid_stat(5), fields 14 to 17), of a zombie too."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(map(int, fields[11:15])) / _TICK


def _below(root: int) -> Iterator[int]:
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        children.setdefault(parent, []).append(int(path.parent.name))
    waiting = list(children.get(root, ()))
    while waiting:
        pid = waiting.pop()
        yield pid
        waiting += children.get(pid, ())
