"""How strongly students' code can be locked in on this machine: probed once, by trying to get out."""

from __future__ import annotations

import functools
import os
import platform
import signal
import socket
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import forkserver, jail, kernel, landlock, seccomp

_LIMITS = frozenset({"limits", "uid"})
_DOORS = _LIMITS | {"landlock", "seccomp"}
PARTS = (frozenset[str](), _LIMITS, _DOORS, _DOORS | jail.NAMESPACES)
STRONGEST = len(PARTS) - 1


@dataclass(frozen=True, slots=True)
class Jail:
    """The tier in force, the defences that make it up, and what decides about it."""

    tier: int
    parts: frozenset[str]
    kernel: str = platform.release()
    landlock_abi: int = 0
    why_not_higher: str = ""


@functools.cache
def strongest(most: int = STRONGEST) -> Jail:
    """The strongest jail of at most tier `most` that a canary does not get out of."""
    why = ""
    for tier in range(most, 0, -1):
        problem = _problem(PARTS[tier])
        if not problem:
            return Jail(tier, PARTS[tier], landlock_abi=landlock.abi(), why_not_higher=why)
        why = why or f"tier {tier}: {problem}"
    return Jail(0, PARTS[0], landlock_abi=landlock.abi(), why_not_higher=why)


def _problem(parts: frozenset[str]) -> str:
    """Why this machine does not hold a process in a jail of `parts`, or nothing."""
    if platform.system() != "Linux":
        return f"{platform.system()} has no way to lock a process in; use Linux"
    if "seccomp" in parts and not seccomp.supported():
        return f"system calls of {platform.machine()} are not known here"
    if "landlock" in parts and not landlock.abi():
        return "this kernel has no Landlock (Linux 5.13, and `landlock` in the lsm= parameter)"
    with tempfile.TemporaryDirectory(prefix="autograder-canary-") as folder, _Canary(Path(folder)) as canary:
        return _said_by_child(lambda: _try_out(parts, canary))


class _Canary:
    """Things that a jailed process must not reach: a file, a listening socket, a process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "secret"
        self.file.write_text("canary")
        self.room = folder / "room"
        self.room.mkdir()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.pid = os.getpid()

    def __enter__(self) -> _Canary:
        return self

    def __exit__(self, *_: object) -> None:
        self.listener.close()

    def escapes(self) -> tuple[tuple[str, Callable[[], object]], ...]:
        """What raises OSError in a jail, with the defence that is there to make it so."""
        return (
            ("landlock", lambda: os.open(self.file, os.O_RDONLY)),
            ("seccomp", lambda: socket.create_connection(self.listener.getsockname(), timeout=1)),
            ("seccomp", lambda: kernel.unshare(kernel.CLONE_NEWUSER)),
            ("pid", lambda: os.getpgid(self.pid)),
        )


def _try_out(parts: frozenset[str], canary: _Canary) -> str:
    """In a child of ours that becomes a small server: what its own child, locked in, can reach."""
    spaces = jail.enter_student_server({"parts": sorted(parts), "cache": str(canary.folder), "gpu": []})
    config = {
        "parts": sorted(parts),
        "room": str(canary.room),
        "gpu": [],
        **dict.fromkeys(("memory", "disk", "file_bytes"), 1 << 24),
        **dict.fromkeys(("cpu", "processes", "open_files"), 64),
    }

    def attempt() -> str:
        jail.enter_student(config, [])
        for part, escape in canary.escapes():
            if part in parts:
                try:
                    escape()
                except OSError:
                    continue
                return f"the canary got past {part}"
        return ""

    init = spaces.open() if spaces else None
    problem = _said_by_child(attempt, then=spaces.leave if spaces else lambda: None)
    if init is not None:
        forkserver.kill_group(init.pid)
    return problem


def _said_by_child(function: Callable[[], str], then: Callable[[], None] = lambda: None) -> str:
    """What `function` returns in a forked child, or why it could not; `then` runs after the fork."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        words = "it died"
        try:
            signal.alarm(10)
            os.dup2(writer, 1)
            words = function()
        except BaseException as error:
            words = f"{type(error).__name__}: {error}"
        finally:
            os.write(1, words.encode() or b"-")
            os._exit(0)
    then()
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        words = pipe.read().decode("utf-8", "replace")
    os.waitpid(pid, 0)
    return "" if words == "-" else words or "it was killed"
