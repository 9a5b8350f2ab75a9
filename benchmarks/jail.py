"""`python -m benchmarks.jail`: what the jail costs a notebook, defence by defence.

Core time of the student's server and its children, over many lives that do nothing: a life with no
defence is the fork, the wait and the exit; every further line adds one defence to those above it.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path
from tempfile import TemporaryDirectory

from autograder.runtime.servers import Servers
from autograder.runtime.session import Limits
from autograder.runtime.tiers import STRONGEST, Jail, strongest

LIVES = 100
WARM = 10  # lives before: by then a server has made its pages huge
ORDER = ("limits", "uid", "landlock", "seccomp", "mount", "pid", "net", "ipc")
LIBRARIES = ("numpy", "torch", "sklearn.linear_model", "matplotlib.pyplot")


def milliseconds(parts: frozenset[str], folder: Path) -> float:
    """Core time of one life in a jail of `parts`, the start of the server left out."""
    with Servers(LIBRARIES, (), jail=Jail(STRONGEST, parts)) as servers:
        for _ in range(WARM):
            _live(servers, parts, folder)
        before = _core_seconds(servers.student.pid)
        for _ in range(LIVES):
            _live(servers, parts, folder)
        return (_core_seconds(servers.student.pid) - before) / LIVES * 1000


def _live(servers: Servers, parts: frozenset[str], folder: Path) -> None:
    limits = Limits()
    config = {
        "parts": sorted(parts),
        "room": str(folder),
        "memory": limits.memory_bytes,
        "cpu": limits.total_seconds,
        "file_bytes": limits.file_bytes,
        "open_files": limits.open_files,
        "disk": limits.disk_bytes,
        "processes": limits.processes,
        "allowance": None,
    }
    pairs = [socket.socketpair() for _ in range(3)]
    child = servers.fork_student(config, [theirs.fileno() for _, theirs in pairs])
    for _, theirs in pairs:
        theirs.close()
    pairs[0][0].recv(1)  # it is locked in
    child.kill()
    child.close()
    for ours, _ in pairs:
        ours.close()


def _core_seconds(pid: int) -> float:
    """Of a process and of those of its children that it has waited for: proc(5), stat."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    offered = strongest().parts
    parts: frozenset[str] = frozenset()
    with TemporaryDirectory() as name:
        folder = Path(name)
        before = milliseconds(parts, folder)
        print(f"{'fork and exit':14} {before:6.2f} ms")
        for part in ORDER:
            if part in offered:
                parts |= {part}
                now = milliseconds(parts, folder)
                print(f"{'+ ' + part:14} {now - before:6.2f} ms")
                before = now
        print(f"{'in all':14} {before:6.2f} ms")


if __name__ == "__main__":
    main()
