"""A process namespace for every child of a warm server, without a second fork of the warm process.

The namespace's init is a `cat` that reads from a pipe of the server's. It takes in orphans, and its
death, which the end of the server brings about too, is the death of all: pid_namespaces(7). The child
itself is process 2 and no init, so that signals mean to it what they mean at home.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from . import kernel

# SIGCHLD ignored, and inherited so by cat: orphans that end leave no zombies
_INIT = ("/bin/sh", "-c", "trap '' CHLD; exec cat")


@dataclass(frozen=True, slots=True)
class Init:
    """The first process of a namespace, as its server numbers it, and the pipe that it lives by."""

    pid: int
    pipe: int


class PidSpaces:
    """Opens one process namespace after another for the children of this process."""

    def __init__(self) -> None:
        self._home = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)

    def open(self) -> Init:
        """A new namespace; what this process forks until `leave` lives there. Raises OSError."""
        kernel.unshare(kernel.CLONE_NEWPID)
        reader, writer = os.pipe2(os.O_CLOEXEC)
        actions = [
            (os.POSIX_SPAWN_DUP2, reader, 0),
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ]
        try:
            pid = os.posix_spawn(
                _INIT[0], _INIT, {"PATH": "/usr/bin:/bin"}, file_actions=actions, setpgroup=0
            )
        except OSError:
            os.close(writer)
            self.leave()
            raise
        finally:
            os.close(reader)
        return Init(pid, writer)

    def leave(self) -> None:
        """Back to the namespace of this process, which setns(2) allows, and unshare again after it."""
        kernel.setns(self._home, kernel.CLONE_NEWPID)

    def close(self) -> None:
        os.close(self._home)
