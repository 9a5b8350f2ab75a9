"""Runs one command that may do anything, for a time, and ends whatever it leaves behind.

`python -m benchmarks.attacks.supervise SECONDS COMMAND...`: a process of its own, because what a
command leaves behind comes to the nearest process that asks for it. Prints one line of JSON.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

DATA_BYTES = 8 * 2**30  # of one process: so that an attack on memory cannot take the machine with it
FILE_BYTES = 2**30
_DEATH_SIGNAL, _SUBREAPER = 1, 36
_LIBC = ctypes.CDLL(None)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit status (None if the time was over), its last words."""

    status: int | None
    seconds: float
    text: str


def supervised(command: list[str], cwd: Path, environment: dict[str, str], seconds: float) -> Ended:
    """`command` under a supervisor of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.attacks.supervise", str(seconds), str(cwd), *command],
        env=environment,
        cwd=Path(__file__).parents[2],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        errors="replace",
    )
    try:
        return Ended(**json.loads(done.stdout.splitlines()[-1]))
    except (IndexError, ValueError):
        return Ended(None, seconds, "the supervisor itself was ended")


def _limit() -> None:
    _LIBC.prctl(_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    resource.setrlimit(resource.RLIMIT_DATA, (DATA_BYTES, DATA_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _run(command: list[str], cwd: str, seconds: float) -> Ended:
    _LIBC.prctl(_SUBREAPER, 1, 0, 0, 0)
    _LIBC.prctl(_DEATH_SIGNAL, signal.SIGTERM, 0, 0, 0)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    started = time.monotonic()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, cwd=cwd, stdout=said, stderr=said, start_new_session=True, preexec_fn=_limit
        )
        status = None
        try:
            status = process.wait(seconds)
        except subprocess.TimeoutExpired:
            pass
        finally:
            elapsed = time.monotonic() - started
            _end_all()
        said.seek(max(0, said.seek(0, os.SEEK_END) - 20_000))
        return Ended(status, elapsed, said.read().decode("utf-8", "replace"))


def _end_all() -> None:
    """Kills the tree below this process until nothing of it is left."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        for pid in _below(os.getpid()):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.02)


def _below(pid: int) -> list[int]:
    found: list[int] = []
    todo = [pid]
    for parent in todo:  # grows while we walk
        for path in Path(f"/proc/{parent}/task").glob("*/children"):  # each thread has its own
            try:
                children = [int(child) for child in path.read_text().split()]
            except OSError:
                continue
            todo += children
            found += children
    return found


if __name__ == "__main__":
    print(json.dumps(asdict(_run(sys.argv[3:], sys.argv[2], float(sys.argv[1])))))
