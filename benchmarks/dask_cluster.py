"""A Dask cluster of one's own on this machine, as an operator starts it, for as long as it is needed."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from autograder.scheduling.members import Members
from benchmarks.course import ROOT


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class Dask:
    """A scheduler, with workers of one thread each. What they write lies in `folder`."""

    def __init__(self, folder: Path, environment: Mapping[str, str] = MappingProxyType({})) -> None:
        self.folder = folder
        self._environment = environment
        self._workers: list[subprocess.Popen[bytes]] = []
        port = _free_port()
        self.address = f"tcp://127.0.0.1:{port}"
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", str(port))
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.2)

    def _start(self, *arguments: str, path: Path = ROOT) -> subprocess.Popen[bytes]:
        given = {"PYTHONPATH": str(path), "DASK_TEMPORARY_DIRECTORY": str(self.folder)}
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *arguments, "--no-dashboard"],
                env={**os.environ, **self._environment, **given},
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )

    def start_workers(self, count: int, path: Path = ROOT) -> subprocess.Popen[bytes]:
        """With the modules at `path`; returns when they are there."""
        wanted = len(self.workers()) + count
        command = ("worker", self.address, "--nworkers", str(count), "--nthreads", "1")
        process = self._start(*command, path=path)
        self._workers.append(process)
        deadline = time.monotonic() + 300
        while len(self.workers()) < wanted:
            assert time.monotonic() < deadline
            time.sleep(0.5)
        return process

    def workers(self) -> dict[str, int]:
        """Process ids by address, as the scheduler knows them."""
        with Members(self.address, lambda _: None, lambda *_: None, lambda _: None) as found:
            return {str(address): int(pid) for address, pid in found._client.run(os.getpid).items()}

    def stop(self) -> None:
        running = [*self._workers, self.scheduler]
        for process in running:
            process.terminate()
        for process in running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=20)
            process.kill()
            process.wait()
