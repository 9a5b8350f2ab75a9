"""The two warm servers of a grader, and the children they fork for it."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import GraderFault
from . import gpu
from .tiers import Jail, strongest

# What the student's side is made of, in the order of their imports; `hugepages` makes room for all others.
# It is handed over as text, so that no path of ours is in its argv or sys.path, and so that any Python
# can run it.
_PLAIN_FILES = (
    *("kernel", "hugepages", "wire", "mirrored", "mirrored_torch", "mirrors", "randomness", "warming"),
    *("gpu", "landlock", "seccomp", "privileges", "view", "pidspace", "jail"),
    *("watch", "cgroups", "forkserver", "shell", "guest", "student"),
)

_ARGUMENT = "import json,sys;given=json.loads(sys.stdin.buffer.read());exec(given.pop('start'))"

_START = """
import os, types
# what a .pth file added from elsewhere, such as the folder of an editable install, is not for students
sys.path[:] = [path for path in sys.path if path.startswith((sys.prefix, sys.base_prefix))]
os.dup2(given["control"], 3)
if given["control"] != 3: os.close(given["control"])
os.set_inheritable(3, False)
sys.path[:0] = given["config"].get("paths", [])
if given["plain"]:
    package = types.ModuleType("runtime"); package.__path__ = []; sys.modules["runtime"] = package
    for name, text in given["plain"]:
        module = types.ModuleType("runtime." + name); module.__package__ = "runtime"
        sys.modules[module.__name__] = module
        exec(compile(text, "<" + name + ">", "exec"), module.__dict__)
        setattr(package, name, module)
        if name == "hugepages" and given["config"]["stretch"]: module.begin_stretch()
else:
    from autograder.runtime import hugepages
    if given["config"]["stretch"]: hugepages.begin_stretch()
    from autograder.runtime import examiner as module
config = given["config"]
del given
module.main(config)
"""


def last_line(said: str) -> str:
    """What a process said last, for the message that tells of its end."""
    lines = said.strip().splitlines()
    return lines[-1] if lines else "it left no message"


class NoProcess(GraderFault):
    """The server lives, and could not fork."""


class ServerDied(GraderFault):
    """The server is no more; another can be started in its place."""


class Child:
    """A forked child: its process id, news of its end, and the means to interrupt and kill it."""

    def __init__(self, lifeline: socket.socket) -> None:
        self._lifeline = lifeline
        self._buffer = b""
        self.end: dict[str, Any] | None = None
        try:
            # a dead server says so at once; one on a busy machine may still be at its imports
            news = self._news(timeout=120.0)
            if "failed" in news:
                raise NoProcess(
                    f"no process to be had for a notebook ({news['failed']}): run the command again"
                )
        except GraderFault:
            self.close()
            raise
        self.pid = int(news["pid"])

    def fileno(self) -> int:
        return self._lifeline.fileno()

    def _news(self, timeout: float) -> dict[str, Any]:
        self._lifeline.settimeout(timeout)
        while b"\n" not in self._buffer:
            try:
                data = self._lifeline.recv(4096)
            except TimeoutError:
                raise GraderFault("a warm server does not answer: run the command again") from None
            if not data:
                raise ServerDied("a warm server died: run the command again")
            self._buffer += data
        line, _, self._buffer = self._buffer.partition(b"\n")
        return dict(json.loads(line))

    def wait(self, timeout: float) -> dict[str, Any] | None:
        """How it ended (`status`, `cpu` seconds, `rss` KiB), or None if it still lives."""
        if self.end is None and select.select([self._lifeline], [], [], timeout)[0]:
            self.end = self._news(timeout=5.0)
        return self.end

    def interrupt(self) -> None:
        """SIGINT, as the interrupt button of Jupyter does."""
        with contextlib.suppress(OSError):
            self._lifeline.send(b"i")

    def kill(self) -> dict[str, Any] | None:
        """SIGKILL to the whole process group; returns once it is reaped."""
        if self.end is None:
            with contextlib.suppress(OSError):
                self._lifeline.shutdown(socket.SHUT_WR)
            self.wait(timeout=10.0)
        return self.end

    def close(self) -> None:
        self._lifeline.close()


ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}  # and what each server adds


class Server:
    """A warm process started by exec with an empty environment."""

    def __init__(
        self, config: dict[str, Any], plain: Sequence[str] = (), python: str = sys.executable
    ) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control = ours
        self._log = tempfile.TemporaryFile()  # noqa: SIM115
        environment = {
            **ENVIRONMENT,
            # a module of the tests that is changed twice within a second has a stale .pyc otherwise
            "PYTHONDONTWRITEBYTECODE": "1",
            "OMP_NUM_THREADS": str(config["threads"]),
            "MPLCONFIGDIR": config["cache"],
            "TMPDIR": config["cache"],  # the one folder that the student server may write to
        }
        if plain:
            environment["PYTHONHASHSEED"] = "0"
        self._process = subprocess.Popen(
            # not -I, which ignores PYTHONHASHSEED; no other variable of Python's is in the environment
            [python, "-s", "-P", "-c", _ARGUMENT],
            stdin=subprocess.PIPE,
            stdout=self._log,
            stderr=self._log,
            env=environment,
            cwd="/",
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
        # a worker that keeps to one core may be the one who starts it
        with contextlib.suppress(OSError):
            os.sched_setaffinity(self._process.pid, config["cores"])
        self.has_served = False
        self.is_replacement = False
        texts = [(name, _text_of(name)) for name in plain]
        given = {"start": _START, "control": theirs.fileno(), "plain": texts, "config": config}
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError), self._process.stdin as stdin:
            stdin.write(json.dumps(given).encode())
        theirs.close()

    def fork(self, config: dict[str, Any], descriptors: Sequence[int]) -> Child:
        """A child with `descriptors`, which stay the caller's to close. Raises ServerDied or NoProcess."""
        ours, theirs = socket.socketpair()
        try:
            socket.send_fds(self._control, [json.dumps(config).encode()], [theirs.fileno(), *descriptors])
        except OSError:
            ours.close()
            raise self.death() from None
        finally:
            theirs.close()
        try:
            child = Child(ours)
        except ServerDied:
            raise self.death() from None
        self.has_served = True
        return child

    def death(self) -> ServerDied:
        """The fault that tells of its end."""
        return ServerDied(
            f"a warm server died{'' if self.has_served else ' at its start'}: {self._last_words()}"
        )

    def _last_words(self) -> str:
        with contextlib.suppress(OSError):
            self._log.seek(max(0, self._log.seek(0, os.SEEK_END) - 2000))
            return last_line(self._log.read().decode("utf-8", "replace"))
        return last_line("")

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def close(self) -> None:
        """Hangs up; the server kills its children and ends."""
        self._control.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._log.close()


@dataclass
class Servers:
    """The student server and the examiner server of one grader; a context manager.

    `device` is the torch device that students' code may use besides the CPU: "cpu" for none, or "cuda".
    """

    preload: tuple[str, ...]
    examiner_preload: tuple[str, ...]
    examiner_paths: tuple[str, ...] = ()
    jail: Jail = field(default_factory=strongest)
    student_python: str = ""
    threads: int = 1
    device: str = "cpu"
    started: float = field(default_factory=time.perf_counter)

    def __post_init__(self) -> None:
        self.gpu = gpu.device_files() if self.device == "cuda" else []
        self._common = {
            "cores": sorted(os.sched_getaffinity(0)),
            "threads": self.threads,
            "parts": sorted(self.jail.parts),
            "cache": _cache_folder(),
            "gpu": self.gpu,
            "stretch": bool(self.preload),  # without libraries it would be larger than all that comes
        }
        self.student = self._start_student()
        self.examiner = self._start_examiner()

    def _start_student(self) -> Server:
        python = self.student_python or sys.executable
        return Server({**self._common, "preload": self.preload}, _PLAIN_FILES, python)

    def _start_examiner(self) -> Server:
        paths = [str(Path(__file__).parents[2]), *self.examiner_paths]
        return Server({**self._common, "preload": self.examiner_preload, "paths": paths})

    def fork_student(self, config: dict[str, Any], descriptors: Sequence[int]) -> Child:
        """A child of the student server, of a new one if that died. Raises GraderFault."""
        try:
            return self.student.fork(config, descriptors)
        except ServerDied:
            self.student = self._replaced(self.student, self._start_student)
            return self.student.fork(config, descriptors)

    def fork_examiner(self, config: dict[str, Any], descriptors: Sequence[int]) -> Child:
        """A child of the examiner server, of a new one if that died. Raises GraderFault."""
        try:
            return self.examiner.fork(config, descriptors)
        except ServerDied:
            self.examiner = self._replaced(self.examiner, self._start_examiner)
            return self.examiner.fork(config, descriptors)

    def _replaced(self, server: Server, start: Callable[[], Server]) -> Server:
        """A new server, of this process alone; but not for a replacement that never forked anything:
        what ends it at its start would end every one.
        """
        if server.is_replacement and not server.has_served:
            raise server.death()
        new = start()
        new.is_replacement = True
        server.close()
        return new

    @property
    def are_alive(self) -> bool:
        """Whether both still run."""
        return self.student.is_alive and self.examiner.is_alive

    def __enter__(self) -> Servers:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.student.close()
        self.examiner.close()


def _text_of(name: str) -> str:
    return Path(__file__).with_name(f"{name}.py").read_text("utf-8")


def _cache_folder() -> str:
    """A folder for matplotlib's font list, which takes seconds to make; shared between runs."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
    folder = Path(base) / "autograder" / "matplotlib"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return tempfile.mkdtemp(prefix="autograder-matplotlib-")
    return str(folder)
