"""What marks on a machine of a cluster: a process of its own, with warm servers for one assignment.

Dask's worker is a process with threads, perhaps a daemon, with descriptors and an environment that are
nobody else's business. So it does not fork: it starts a station by exec, and talks to it over sockets. The
station is given an assignment, and a socket for each submission that is to be marked beside others; for each
of these it forks a marker, as the pool of one machine does. When Dask's worker is gone, however that
happened, its sockets are closed, and the station ends with its servers and markers.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Collection, Iterator
from pathlib import Path

from autograder.context import Context
from autograder.errors import AutograderError
from autograder.marking import mark
from autograder.runtime.servers import ENVIRONMENT, Servers, last_line
from autograder.scheduling.local import settle
from autograder.scheduling.parcels import (
    MOST_BYTES,
    Kind,
    lay_out,
    pack_answer,
    pack_marked,
    unpack_answer,
    unpack_task,
)
from autograder.scratch import scratch_folder
from autograder.startup import leave_out_grammars

TURN_SECONDS = 600.0  # longer than a submission may take, by default
_POLL_SECONDS = 0.02
_READY = b"ready"
_LENGTH = 8
_START = (
    "import sys; sys.path[:0] = [sys.argv.pop(1)]; from autograder.scheduling.station import main; main()"
)
_INHERITED = ("HOME", "TMPDIR", "XDG_CACHE_HOME", "CUDA_VISIBLE_DEVICES", "LD_LIBRARY_PATH")


def send(connection: socket.socket, data: bytes) -> None:
    connection.sendall(len(data).to_bytes(_LENGTH, "big"))
    connection.sendall(data)


def receive(connection: socket.socket) -> bytes:
    """The next message; an EOFError where none comes any more, or one that is too long."""
    length = int.from_bytes(_exactly(connection, _LENGTH), "big")
    if length > MOST_BYTES:
        raise EOFError
    return bytes(_exactly(connection, length))


def _exactly(connection: socket.socket, count: int) -> bytearray:
    data = bytearray()
    while len(data) < count:
        part = connection.recv(min(count - len(data), 1 << 20))
        if not part:
            raise EOFError
        data += part
    return data


# On the side of Dask's worker -------------------------------------------------------------------


class Station:
    """A station for the assignment in the parcel `content`. Any thread may ask it to mark.

    With `own_cores`, each submission has a core that no other one on this machine has.
    """

    def __init__(self, content: bytes, own_cores: bool) -> None:
        self._control, theirs = socket.socketpair()
        self._idle: list[socket.socket] = []
        self._lock = threading.Lock()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115
        self._tried: dict[bytes, bytes] = {}
        with theirs:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-s", "-P", "-c", _START, str(Path(__file__).parents[2])),
                    *(str(theirs.fileno()), str(int(own_cores))),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._log,
                cwd="/",
                env=ENVIRONMENT | {name: os.environ[name] for name in _INHERITED if name in os.environ},
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C at a terminal is for Dask's worker
            )
        try:
            send(self._control, content)
            said = receive(self._control)
        except (OSError, EOFError):
            said = f"its grader ended: {self._last_words()}".encode()
        self.problem = "" if said == _READY else said.decode("utf-8", "replace")

    def _last_words(self) -> str:
        self._process.wait()
        self._log.seek(0)
        return last_line(self._log.read().decode("utf-8", "replace"))

    def trial(self, submission: bytes) -> bytes:
        """As `mark`; what this station has marked once as a trial is not marked again."""
        if submission not in self._tried or not self.is_alive:
            answer = self.mark(submission)
            if unpack_answer(answer)[0].kind is not Kind.MARKED:
                return answer
            self._tried[submission] = answer
        return self._tried[submission]

    def mark(self, submission: bytes) -> bytes:
        """The answer to a parcel with a submission."""
        if self.problem:
            return pack_answer(Kind.UNFIT, self.problem)
        try:
            connection = self._connection()
            send(connection, submission)
            answer = receive(connection)
        except (OSError, EOFError):
            return pack_answer(Kind.DIED)
        with self._lock:
            self._idle.append(connection)
        return answer

    def _connection(self) -> socket.socket:
        with self._lock:
            if self._idle:
                return self._idle.pop()
            ours, theirs = socket.socketpair()
            with theirs:
                socket.send_fds(self._control, [b"+"], [theirs.fileno()])
            return ours

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def close(self) -> None:
        """Hangs up; the station ends by itself."""
        for connection in (self._control, *self._idle):
            connection.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=15)
        self._process.kill()
        self._process.wait()
        self._log.close()


# On the side of the station ---------------------------------------------------------------------


def main() -> None:
    leave_out_grammars()
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    own_cores = sys.argv[2] == "1"
    with contextlib.suppress(EOFError, ConnectionError), scratch_folder() as scratch:
        content = receive(control)
        (folder := scratch / "course").mkdir(mode=0o700)
        try:
            context = lay_out(content, folder)
            servers = context.servers()
        except (AutograderError, OSError) as error:
            send(control, str(error).encode())
            return
        with servers:
            send(control, _READY)
            _serve(control, context, servers, scratch, own_cores)


def _serve(
    control: socket.socket, context: Context, servers: Servers, scratch: Path, own_cores: bool
) -> None:
    markers: list[int] = []
    station = os.getpid()
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not message:
            break
        with socket.socket(fileno=descriptors[0]) as connection:
            if (pid := os.fork()) == 0:
                with contextlib.suppress(BaseException):
                    control.close()
                    settle(os.sched_getaffinity(0), station)
                    _mark_all(connection, context, servers, scratch, own_cores)
                os._exit(0)
        markers = [each for each in [*markers, pid] if os.waitpid(each, os.WNOHANG) == (0, 0)]
    for pid in markers:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _mark_all(
    connection: socket.socket, context: Context, servers: Servers, scratch: Path, own_cores: bool
) -> None:
    """The life of a marker: one submission after the other, until nobody asks any more."""
    every = os.sched_getaffinity(0)
    while True:
        parcel = receive(connection)
        with _claimed_core(every) if own_cores else contextlib.nullcontext(every) as cores:
            with contextlib.suppress(OSError):  # it only saves time
                os.sched_setaffinity(0, cores)
            try:
                with tempfile.TemporaryDirectory(dir=context.course.root) as own:
                    task = unpack_task(parcel, context.assignment, Path(own))
                    marked = mark(task.assignment, task.submission, context.settings, servers, scratch)
                answer = pack_marked(marked)
            except OSError as error:
                answer = pack_answer(Kind.UNFIT, f"it cannot write ({error.strerror or error})")
        send(connection, answer)


@contextlib.contextmanager
def _claimed_core(every: Collection[int]) -> Iterator[set[int]]:
    """One core that no other marker on this machine has; waits for one where each is taken.

    More submissions at once than cores take turns: each would only be slower, and nearer to its limits. A
    name among the abstract sockets is free again when its owner ends, however it ends (unix(7)). All cores
    after `TURN_SECONDS`, for the names may be somebody's who marks nothing.
    """
    deadline = time.monotonic() + TURN_SECONDS
    while time.monotonic() < deadline:
        for core in random.sample(sorted(every), len(every)):
            with socket.socket(socket.AF_UNIX) as claim:
                try:
                    claim.bind(f"\0autograder-core-{core}")
                except OSError:
                    continue
                yield {core}
                return
        time.sleep(_POLL_SECONDS)
    yield set(every)
