"""Limits of a whole tree of processes that the kernel itself keeps: control groups v2. Runs as a plain file.

Used where a group with the controllers was delegated to the grader, as by `systemd-run --scope
--property=Delegate=yes` (a group of systemd's that nobody handed over is not ours to rearrange).
What no controller is there for, `watch` looks after.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import replace

from .watch import Allowance

CONTROLLERS = ("memory", "pids")
UNLIMITED = 1 << 62
_OURS = "autograder"  # the group of the grader's own processes: a group with members can have none below it


class Groups:
    """A delegated group, below which every child gets one of its own."""

    def __init__(self, folder: str) -> None:
        """Makes `folder` ready: moves its members below it. Raises OSError where that is not allowed."""
        self._folder = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self._count = 0
        self._closed: list[str] = []
        self.controllers = controllers(folder)
        if not self.controllers:
            raise OSError(f"no controller of {', '.join(CONTROLLERS)} in {folder}")
        with contextlib.suppress(FileExistsError):
            os.mkdir(_OURS, dir_fd=self._folder)
        for pid in _read(self._folder, "cgroup.procs").split():
            with contextlib.suppress(ProcessLookupError):
                _write(self._folder, f"{_OURS}/cgroup.procs", pid)
        _write(self._folder, "cgroup.subtree_control", " ".join(f"+{name}" for name in self.controllers))

    def open(self, allowed: Allowance) -> Group:
        """A group for one child with all that it forks. Raises OSError."""
        self.sweep()
        self._count += 1
        name = f"{_OURS}-{os.getpid()}-{self._count}"
        os.mkdir(name, dir_fd=self._folder)
        limits = {"pids": {"pids.max": allowed.processes}}
        limits["memory"] = {"memory.max": allowed.memory, "memory.swap.max": 0, "memory.oom.group": 1}
        for controller in self.controllers:
            for file, value in limits[controller].items():
                with contextlib.suppress(FileNotFoundError):  # a kernel without accounting of swap
                    _write(self._folder, f"{name}/{file}", str(value))
        return Group(self, name)

    def left_to_watch(self, allowed: Allowance) -> Allowance | None:
        """What no controller is there for, if anything."""
        if self.controllers == CONTROLLERS and allowed.room is None:
            return None
        return replace(
            allowed,
            memory=UNLIMITED if "memory" in self.controllers else allowed.memory,
            processes=UNLIMITED if "pids" in self.controllers else allowed.processes,
        )

    def close(self, name: str) -> None:
        with contextlib.suppress(OSError):  # Linux 5.14
            _write(self._folder, f"{name}/cgroup.kill", "1")
        self._closed.append(name)
        self.sweep()

    def sweep(self) -> list[str]:
        """Takes away closed groups; the ones that are left, whose last processes are on their way out."""
        self._closed = [name for name in self._closed if not self._removed(name)]
        return self._closed

    def text(self, path: str) -> str:
        return _read(self._folder, path)

    def members(self, name: str) -> int:
        """Where to write a process id to, as a descriptor."""
        return os.open(f"{name}/cgroup.procs", os.O_WRONLY | os.O_CLOEXEC, dir_fd=self._folder)

    def _removed(self, name: str) -> bool:
        try:
            os.rmdir(name, dir_fd=self._folder)
        except FileNotFoundError:
            return True
        except OSError:
            return False
        return True


class Group:
    """The group of one child."""

    def __init__(self, groups: Groups, name: str) -> None:
        self.groups = groups
        self.name = name
        self._members = groups.members(name)

    def enter(self) -> None:
        """Puts the calling process in."""
        os.write(self._members, b"0")

    @property
    def over(self) -> str | None:
        """The limit for which the kernel killed what was in it: "memory", or None."""
        if "memory" not in self.groups.controllers:
            return None
        lines = self.groups.text(f"{self.name}/memory.events").splitlines()
        return (
            "memory" if any(line.startswith("oom_kill ") and line != "oom_kill 0" for line in lines) else None
        )

    def close(self) -> None:
        """Kills what is left in it, and takes it away."""
        os.close(self._members)
        self.groups.close(self.name)


def delegated() -> Groups | None:
    """Groups below the one that was delegated to this process, if one was, and can be used."""
    folder = delegated_folder()
    if folder is not None:
        with contextlib.suppress(OSError):
            return Groups(folder)
    return None


def delegated_folder() -> str | None:
    folder = own_folder()
    return folder if folder is not None and _is_delegated(folder) else None


def controllers(folder: str) -> tuple[str, ...]:
    """Those of CONTROLLERS that the group `folder` has."""
    with contextlib.suppress(OSError), open(f"{folder}/cgroup.controllers") as file:
        offered = file.read().split()
        return tuple(name for name in CONTROLLERS if name in offered)
    return ()


def own_folder() -> str | None:
    """The folder of our own group; the one above, if another grader has moved us below it."""
    with contextlib.suppress(OSError):
        with open("/proc/self/cgroup") as file:
            paths = [line[3:].rstrip("\n") for line in file if line.startswith("0::")]
        with open("/proc/self/mounts") as file:
            roots = [fields[1] for fields in map(str.split, file) if fields[2] == "cgroup2"]
        if paths and roots:
            folder = f"{roots[0]}{paths[0]}".rstrip("/")
            return os.path.dirname(folder) if os.path.basename(folder) == _OURS else folder
    return None


def _is_delegated(folder: str) -> bool:
    """systemd says so in an attribute; a user who may write to a group was given it."""
    for attribute in ("user.delegate", "trusted.delegate"):
        with contextlib.suppress(OSError):
            return os.getxattr(folder, attribute) == b"1"
    return os.geteuid() != 0 and os.access(f"{folder}/cgroup.subtree_control", os.W_OK)


def _read(folder: int, path: str) -> str:
    with open(os.open(path, os.O_RDONLY | os.O_CLOEXEC, dir_fd=folder)) as file:
        return file.read()


def _write(folder: int, path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC, dir_fd=folder)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)
