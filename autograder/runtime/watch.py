"""How much a tree of processes holds, for limits that no rlimit knows. Runs as a plain file.

RLIMIT_DATA misses shared memory and holds every process on its own, RLIMIT_NPROC counts users and not
trees, and no limit counts bytes on disk. Where memory and files are a control group's or a small file
system's own, nothing is left to see here.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

SECONDS = 0.05  # between two looks: a core writes about a hundred MB in that time
_MAX_SEEN = 10_000  # files


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a tree may hold: bytes of memory, processes, and bytes below the folder `room` (or anywhere)."""

    memory: int
    processes: int
    disk: int
    room: str | None


def exceeded(roots: Iterable[int], allowed: Allowance) -> str | None:
    """Which limit the tree below `roots` is over: "memory", "processes", "disk", or None."""
    pids = list(descendants(roots))
    if len(pids) > allowed.processes:
        return "processes"
    # a page that several share is counted for each of them here, and by its share there, which is slow
    if sum(map(_resident, pids)) > allowed.memory and sum(map(_share, pids)) > allowed.memory:
        return "memory"
    if allowed.room is not None and _on_disk(allowed.room, pids) > allowed.disk:
        return "disk"
    return None


def descendants(roots: Iterable[int]) -> Iterator[int]:
    """The processes `roots`, and all that were forked below them, as far as they are seen in /proc."""
    found = list(roots)
    for pid in found:  # grows while we walk
        yield pid
        with contextlib.suppress(OSError):
            for thread in os.listdir(f"/proc/{pid}/task"):
                with contextlib.suppress(OSError), open(f"/proc/{pid}/task/{thread}/children") as file:
                    found += map(int, file.read().split())


def _resident(pid: int) -> int:
    """Bytes of memory that are no file's: private pages, shared ones, and those that were swapped out."""
    return _kilobytes(f"/proc/{pid}/status", ("RssAnon:", "RssShmem:", "VmSwap:"))


def _share(pid: int) -> int:
    shares = _kilobytes(f"/proc/{pid}/smaps_rollup", ("Pss_Anon:", "Pss_Shmem:", "SwapPss:"))
    return shares or _resident(pid)  # a kernel without that file


def _kilobytes(path: str, names: tuple[str, ...]) -> int:
    total = 0
    with contextlib.suppress(OSError), open(path) as file:
        for line in file:
            if line.startswith(names):
                total += int(line.split()[1]) * 1024
    return total


def _on_disk(room: str, pids: list[int]) -> int:
    """Bytes below `room`, and of files that are open but have no name any more."""
    total = seen = 0
    folders = [room]
    for folder in folders:  # grows while we walk
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                seen += 1
                if seen > _MAX_SEEN:
                    return 1 << 62
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                else:
                    total += entry.stat(follow_symlinks=False).st_blocks * 512
    return total + sum(_nameless(pids).values())


def _nameless(pids: list[int]) -> dict[tuple[int, int], int]:
    found = {}
    for pid in pids:
        with contextlib.suppress(OSError):
            for descriptor in os.listdir(f"/proc/{pid}/fd"):
                with contextlib.suppress(OSError):
                    about = os.stat(f"/proc/{pid}/fd/{descriptor}")
                    if stat.S_ISREG(about.st_mode) and not about.st_nlink:
                        found[about.st_dev, about.st_ino] = about.st_blocks * 512
    return found
