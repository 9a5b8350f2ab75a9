"""One notebook, from its first cell to its last: who runs what, how long, and what a death costs."""

from __future__ import annotations

import array
import fcntl
import hashlib
import json
import math
import os
import select
import shutil
import signal
import socket
import termios
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

from ..errors import GraderFault
from .files import FileView, State, listing
from .outputs import clean, error_output, plain
from .servers import Child, Servers, last_line
from .watch import Allowance
from .wire import Channel, Closed, WireError, decode, encode

GRACE = 1.0  # seconds between an interrupt and the kill
MAX_FULL_CELLS = 20  # of a notebook: what all its cells may show, in limits of one cell
SPARE = 8  # processes beyond the limit, which the kernel keeps where it can
MAX_LIVES = 3  # a death is followed by a replay at most twice


@dataclass(frozen=True, slots=True)
class Step:
    """One code cell: what runs in which process; a test has the id of its grade cell.

    A test without examiner_source runs in the student's process (`isolation = "shared"`).
    """

    index: int
    student_source: str | None = None
    examiner_source: str | None = None
    test: str | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one notebook's run: seconds, bytes, numbers."""

    cell_seconds: float = 30.0
    test_seconds: float = 30.0
    total_seconds: float = 300.0
    memory_bytes: int = 2 * 2**30
    output_bytes: int = 1_000_000
    file_bytes: int = 64 * 2**20
    disk_bytes: int = 256 * 2**20
    processes: int = 128
    open_files: int = 256

    @property
    def tree_bytes(self) -> int:
        """Memory of all processes together."""
        return self.memory_bytes + self.memory_bytes // 4


class Room(Protocol):
    """Where a notebook's files lie: autograder.workspace.Workspace."""

    @property
    def place(self) -> Path:
        """A folder for the folders of a run."""

    def clear(self) -> Path:
        """An empty folder in it, for a student who has no file system of its own."""

    def fill(self, root: int, owner: int | None = None) -> None:
        """Lays the files as they were before the first cell into an empty folder; called for every life."""

    def keep(self, root: int, withheld: Collection[str]) -> None:
        """Takes what is in the folder now, but for `withheld`, when every process is dead."""


@dataclass(frozen=True, slots=True)
class Own:
    """Data by which this submission alone is judged: the name of their file, its bytes, and those of what
    the function `solve` made of them, if it did. They meet the examiner after the fork.
    """

    file: str
    data: bytes
    solve: str = ""
    solved: bytes | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A notebook to run: its steps, the student's names, seeds, where its files lie, whether to watch.

    From `seed` each cell gets one of its own, or, with `same_seed`, that very one.
    """

    steps: tuple[Step, ...]
    student_names: frozenset[str]
    room: Room
    seed: int | None = 2020
    same_seed: bool = False
    hidden_seed: int = 0
    limits: Limits = field(default_factory=Limits)
    watch: bool = False
    own: Own | None = None
    kernel: Mapping[str, Any] | None = None  # argv, env and language of the kernel that runs all cells


@dataclass(frozen=True, slots=True)
class TestRun:
    """How one test cell ended. `value` is partial credit, None for all points.

    `seen` is what was watched, if that was asked for: see `watching.Watch.seen`. `pictures` are as the test
    made them, still to be checked. `line` is the line of the cell, from 1, in which it failed.
    """

    outcome: str
    message: str
    value: float | None
    record: str
    seconds: float
    seen: Mapping[str, Any] = field(default_factory=dict)
    pictures: object = None
    line: int | None = None


@dataclass
class NotebookRun:
    """What came of a notebook: outputs and counts by cell index, tests by id, notes on deaths.

    `overfull`: there were too many files to tell which were written while a test ran.
    """

    outputs: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)
    seconds: dict[int, float] = field(default_factory=dict)
    tests: dict[str, TestRun] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    overfull: bool = False
    cpu: float = 0.0
    rss: int = 0


class _Death(Exception):
    """A process is gone: why, and what a test that ran then has come to."""

    def __init__(self, outcome: str, why: str) -> None:
        super().__init__(why)
        self.outcome = outcome


class _ExaminerDeath(_Death):
    pass


def run_notebook(servers: Servers, job: Job) -> NotebookRun:
    """Runs every step of `job`; raises GraderFault only for faults of our own."""
    session = _Session(servers, job)
    try:
        session.run()
        session.stop()
        session.keep_files()
        return session.run_
    finally:
        session.close()


class _Session:
    def __init__(self, servers: Servers, job: Job) -> None:
        self.servers = servers
        self.job = job
        self.run_ = NotebookRun()
        self.lives = 0
        self.used = 0.0
        self.shown = 0
        self.guilty_in_student: set[int] = set()  # cells that are not run again in a replay
        self.guilty_in_examiner: set[int] = set()
        self.student_ends: list[socket.socket] = []
        self.student: Child | None = None
        self.examiner: Child | None = None
        self.examiner_dir = job.room.place / "examiner"
        self.root: int | None = None  # the student's working directory
        self.withheld_files: set[str] = set()
        self.fallen: list[str] = []
        self.late = False
        self.loose = b""

    def run(self) -> None:
        self._start_examiner()
        self._start_student()
        for step in self.job.steps:
            if self.fallen or self.used > self.job.limits.total_seconds:
                self._skip(step)
            elif step.test is not None and step.examiner_source is not None:
                self._test(step)
            else:
                self._cell(step)

    # steps ----------------------------------------------------------------------------------

    def _cell(self, step: Step) -> None:
        if step.student_source is not None:
            try:
                outputs, count = self._timed(step, self._run_in_student, step)
                self.run_.outputs[step.index], self.run_.counts[step.index] = outputs, count
                self.shown += len(json.dumps(outputs))
                if step.test is not None:
                    self.run_.tests[step.test] = _shared_test_run(outputs, self.run_.seconds[step.index])
            except _Death as death:
                self.guilty_in_student.add(step.index)
                self.run_.outputs[step.index] = [error_output("ProcessDied", str(death))]
                if step.test is not None:
                    self.run_.tests[step.test] = _dead(death)
                self._revive(step, death)
        if step.examiner_source is not None and not self.fallen:
            self._locked(step)

    def _locked(self, step: Step) -> None:
        assert step.examiner_source is not None
        label = f"<locked {step.index}>"
        try:
            self._repeatable("locked", step.examiner_source, label, self._seed(step))
        except _Death as death:
            self.guilty_in_examiner.add(step.index)
            self._revive(step, death)

    def _test(self, step: Step) -> None:
        assert step.test is not None and step.examiner_source is not None
        try:
            self._reseed_student(step)
        except _Death as death:  # it died between the cells, which is not this test's doing
            self._revive(step, death)
            if self.fallen:
                self._skip(step)
                return
        before = self._shown_to_examiner()
        label, seed = f"<test {step.test}>", self._seed(step)
        try:
            answer = self._timed(step, self._ask_examiner, "test", step.examiner_source, label, seed)
        except _Death as death:
            self._end_test(step, _dead(death), death, before)
            return
        run, death_after = _test_run(answer), self._death_during_test(answer["outcome"])
        if death_after is not None and run.outcome == "crashed":
            run = _dead(death_after, run.record, run.seconds)
        self._end_test(step, run, death_after, before)

    def _end_test(
        self, step: Step, run: TestRun, death: _Death | None, before: dict[str, State] | None
    ) -> None:
        assert step.test is not None
        self.run_.tests[step.test] = run
        if self.student is not None:
            self._drain()  # what was written at descriptor level during a test is withheld
        assert self.root is not None
        after = listing(self.root)
        if before is None or after is None:
            self.run_.overfull = True
        else:
            self.withheld_files |= {path for path in after if before.get(path) != after[path]}
        if death is not None:
            self.guilty_in_examiner.add(step.index)
            self._revive(step, death)

    def _death_during_test(self, outcome: str) -> _Death | None:
        if self.student is None:
            return _Death("timeout", "it took too long and could not be interrupted")
        if outcome == "crashed" or self.student.wait(0) is not None:
            return self._kill_student(*self._cause_of_death())
        return None

    def _skip(self, step: Step) -> None:
        why = self.fallen[0] if self.fallen else "the time for this notebook was used up"
        if step.test is not None:
            outcome = "crashed" if self.fallen else "timeout"
            self.run_.tests[step.test] = TestRun(outcome, _DEATH_MESSAGES[outcome], 0.0, f"[{why}]", 0.0)
        elif step.student_source is not None:
            self.run_.outputs[step.index] = [error_output("NotRun", why)]

    def _timed(self, step: Step, function: Callable[..., Any], *args: Any) -> Any:
        started = time.perf_counter()
        try:
            return function(*args)
        finally:
            elapsed = time.perf_counter() - started
            self.used += elapsed
            self.run_.seconds[step.index] = elapsed

    def _seed(self, step: Step) -> int | None:
        """The global random state before a cell, the same in every life of a process."""
        if self.job.seed is None or self.job.same_seed:
            return self.job.seed
        digest = hashlib.sha256(f"{self.job.seed}:{step.index}".encode()).digest()
        return int.from_bytes(digest[:4], "little")

    # the student ----------------------------------------------------------------------------

    def _run_in_student(self, step: Step) -> tuple[list[dict[str, Any]], int]:
        most = self.job.limits.output_bytes
        # ten thousand cells that show a megabyte each would be ten gigabytes of ours
        limit = max(min(most, MAX_FULL_CELLS * most - self.shown), min(most, 1_000))
        answer = self._ask_student((step.index, step.student_source, self._seed(step), limit))
        if self.late:
            self.guilty_in_student.add(step.index)
        match answer:
            case (list(outputs), int(count)):
                pass
            case _:
                raise self._kill_student("crashed", "its process broke the contract of the wire")
        kept = clean(outputs, limit)
        loose = self._drain()
        if loose:
            kept.append({"output_type": "stream", "name": "stdout", "text": loose[:limit]})
        return kept, max(0, min(count, 1_000_000))

    def _reseed_student(self, step: Step) -> None:
        if (seed := self._seed(step)) is not None:
            self._ask_student((step.index, None, seed, 0))

    def _ask_student(self, message: tuple[Any, ...]) -> Any:
        assert self.student is not None
        try:
            self.student_channel.send(encode(message))
            self.late = not self._await(self.student_channel, self.job.limits.cell_seconds)
            if self.late:
                self.student.interrupt()
                if not self._await(self.student_channel, GRACE):
                    raise self._kill_student("timeout", "it took too long and could not be interrupted")
            return decode(bytes(self.student_channel.receive()))
        except Closed:
            raise self._kill_student(*self._cause_of_death()) from None
        except WireError as error:
            raise self._kill_student(
                "crashed", f"its process broke the contract of the wire: {error}"
            ) from None

    def _cause_of_death(self) -> tuple[str, str]:
        assert self.student is not None
        end = self.student.wait(1.0)
        if end is None:
            return "crashed", "it closed its connection to the grader"
        status = end["status"]
        if (over := end["over"]) is not None:
            return "memory", f"it used more {_HELD[over]} than is allowed"
        if os.WIFSIGNALED(status):
            number = os.WTERMSIG(status)
            if number == signal.SIGXCPU:
                return "timeout", "it used up its processor time"
            outcome = "memory" if number == signal.SIGKILL else "crashed"
            return outcome, f"its process was ended by {signal.Signals(number).name}"
        return "crashed", f"its process ended itself with status {os.waitstatus_to_exitcode(status)}"

    def _kill_student(self, outcome: str, why: str) -> _Death:
        assert self.student is not None
        end = self.student.kill()
        if end is not None:
            self.run_.cpu += end["cpu"]
            self.run_.rss = max(self.run_.rss, end["rss"])
        self._drain()
        self.student.close()
        self.student_channel.close()
        os.close(self.output)
        self.student = None
        return _Death(outcome, why)

    def _start_student(self) -> None:
        mine, theirs = socket.socketpair()
        self.output, output = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        os.set_blocking(output, True)
        limits = self.job.limits
        parts = self.servers.jail.parts
        # a file system of its own has its limit from the kernel
        room = None if "mount" in parts else str(self.job.room.clear())
        # somewhat more than one process may have: that one should get an error, not its death
        allowance = Allowance(limits.tree_bytes, limits.processes + SPARE, limits.disk_bytes, room)
        config = self._common(limits) | {
            "room": room,
            "disk": limits.disk_bytes,
            "processes": limits.processes,
            "kernel": dict(self.job.kernel) | {"seconds": limits.cell_seconds} if self.job.kernel else None,
            "allowance": asdict(allowance) if "limits" in parts else None,
        }
        try:
            self.student = self.servers.fork_student(
                config, [theirs.fileno(), self.student_ends[0].fileno(), output]
            )
        except GraderFault:
            mine.close()
            os.close(self.output)
            raise
        finally:
            theirs.close()
            os.close(output)
        self.student_ends.pop(0).close()
        self.lives += 1
        self.student_channel = Channel(mine, limits.cell_seconds)
        if not self._await(self.student_channel, 30.0):
            raise self._kill_student("crashed", "its process did not start")
        self._receive_root(mine)

    def _receive_root(self, sock: socket.socket) -> None:
        """The student's working directory, filled. No code of the student's has run yet."""
        _, descriptors, _, _ = socket.recv_fds(sock, 1, 1)
        if not descriptors:
            why = last_line(self._drain())
            raise GraderFault(f"a student's process did not start ({why}): run the command again")
        self._forget_root()
        (self.root,) = descriptors
        self.job.room.fill(self.root, decode(bytes(self.student_channel.receive())))

    def _forget_root(self) -> None:
        if self.root is not None:
            os.close(self.root)
            self.root = None

    def _common(self, limits: Limits) -> dict[str, Any]:
        # the three of us take turns: on one core, if that is ours, we need not wake another one
        shared = self.servers.threads == 1
        return {
            "cores": sorted(os.sched_getaffinity(0)) if shared else None,
            "parts": sorted(self.servers.jail.parts),
            "gpu": self.servers.gpu,
            "memory": limits.memory_bytes,
            "cpu": limits.total_seconds,
            "file_bytes": limits.file_bytes,
            "open_files": limits.open_files,
        }

    def _revive(self, step: Step, death: _Death) -> None:
        """A fresh student replays what came before, without what killed it; or the rest is lost."""
        self.run_.notes.append(f"cell {step.index}: {death.outcome}: {death}")
        budget = max(self.used, 1.0)
        while True:
            if isinstance(death, _ExaminerDeath) or self.student is not None:
                self._stop_student()
            if self.lives >= MAX_LIVES:
                self.fallen.append("its process died too often")
                return
            try:
                if isinstance(death, _ExaminerDeath) or self.examiner is None:
                    self._stop_examiner()
                    self._start_examiner()
                    self._start_student()
                    self._replay(step, budget, tests_too=True)
                else:
                    self._start_student()
                    self._ask_examiner("attach")
                    self._replay(step, budget, tests_too=False)
                return
            except _Death as again:
                death = again

    def _replay(self, until: Step, budget: float, tests_too: bool) -> None:
        end = time.perf_counter() + budget
        for step in self.job.steps:
            if time.perf_counter() > end:
                raise self._kill_student("timeout", "its earlier cells took too long to repeat")
            if step.student_source is not None and step.index not in self.guilty_in_student:
                self._run_in_student(step)
            if step is until:
                break
            if tests_too and step.examiner_source is not None and step.index not in self.guilty_in_examiner:
                op = "locked" if step.test is None else "test"
                self._repeatable(op, step.examiner_source, f"<replayed {step.index}>", self._seed(step))

    # the examiner ---------------------------------------------------------------------------

    def _start_examiner(self) -> None:
        mine, theirs = socket.socketpair()
        pairs = [socket.socketpair() for _ in range(MAX_LIVES)]
        self.student_ends = [end for _, end in pairs]
        shutil.rmtree(self.examiner_dir, ignore_errors=True)
        given, seen = self.examiner_dir / "given", self.examiner_dir / "seen"
        for folder in (self.examiner_dir, given, seen):
            folder.mkdir(mode=0o700)
        self._fill(given)
        self.view = FileView(seen)
        config = self._common(self.job.limits) | {
            "workdir": str(seen),
            "given_dir": str(given),
            "student_names": sorted(self.job.student_names),
            "hidden_seed": self.job.hidden_seed,
            "watch": self.job.watch,
        }
        descriptors = [theirs.fileno(), *(end.fileno() for end, _ in pairs)]
        try:
            self.examiner = self.servers.fork_examiner(config, descriptors)
        except GraderFault:
            mine.close()
            raise
        finally:
            theirs.close()
            for end, _ in pairs:
                end.close()
        self.examiner_channel = Channel(mine)
        # after the fork: what the warm server has read, every later child could find in its memory
        own = self.job.own
        personal = None if own is None else (str(given / own.file), own.solve, own.solved)
        sources = [(s.index, s.student_source) for s in self.job.steps if s.student_source]
        self._tell_examiner((sources, personal))

    def _fill(self, folder: Path) -> None:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            self.job.room.fill(descriptor)
        finally:
            os.close(descriptor)
        if (own := self.job.own) is not None:  # whatever lies there under this name
            path = folder / own.file
            path.unlink(missing_ok=True)
            path.write_bytes(own.data)

    def _tell_examiner(self, message: object) -> None:
        try:
            self.examiner_channel.send(encode(message))
        except Closed:
            raise self._examiner_death("memory", "the examiner of this notebook ended") from None

    def _ask_examiner(self, op: str, *args: Any) -> Any:
        """Has the examiner do `op`. At the time limit the student dies first, then the examiner."""
        assert self.examiner is not None
        self._tell_examiner((op, *args))
        late = not self._await(self.examiner_channel, self.job.limits.test_seconds)
        if late and not any(
            measure() or self._await(self.examiner_channel, GRACE)
            for measure in (self._interrupt_student, self._kill_slow_student, self.examiner.interrupt)
        ):
            raise self._examiner_death("timeout", "the test took too long")
        try:
            answer = decode(bytes(self.examiner_channel.receive()))
        except Closed:
            raise self._examiner_death("memory", "the examiner of this test ended") from None
        if late and type(answer) is dict:
            answer = {**answer, "outcome": "timeout", "message": _DEATH_MESSAGES["timeout"], "value": 0.0}
        return answer

    def _repeatable(self, op: str, *args: Any) -> None:
        """Has the examiner do `op` for its own sake. A student that had to be killed is a death here."""
        self._ask_examiner(op, *args)
        if self.student is None:
            raise _Death("timeout", "it took too long and could not be interrupted")

    def _interrupt_student(self) -> None:
        if self.student is not None:
            self.student.interrupt()

    def _kill_slow_student(self) -> None:
        if self.student is not None:
            self._kill_student("timeout", "it took too long")

    def _examiner_death(self, outcome: str, why: str) -> _ExaminerDeath:
        self._stop_examiner()
        return _ExaminerDeath(outcome, why)

    # waiting --------------------------------------------------------------------------------

    def _await(self, channel: Channel, seconds: float) -> bool:
        """Whether `channel` has something to read (an end included) within `seconds`."""
        poll = select.poll()
        poll.register(channel.sock, select.POLLIN)
        if self.student is not None:
            poll.register(self.output, select.POLLIN)
        deadline = time.monotonic() + seconds
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            for descriptor, event in poll.poll(left * 1000):
                if descriptor == channel.sock.fileno():
                    return True
                if not event & select.POLLIN or self._keep_draining() == 0:
                    poll.unregister(descriptor)

    def _keep_draining(self) -> int | None:
        """Reads what was written to descriptors 1 and 2, so that its writer never blocks.

        How much that was: 0 at the end, None where somebody read it before.
        """
        try:
            data = os.read(self.output, 1 << 16)
        except BlockingIOError:
            return None
        if len(self.loose) < self.job.limits.output_bytes:
            self.loose += data
        return len(data)

    def _drain(self) -> str:
        """The text that came at descriptor level since the last call."""
        # a process that was left behind may write without end: what the pipe holds now is all that is read. A
        # student decides in how many pieces it comes
        waiting = array.array("i", [0])
        fcntl.ioctl(self.output, termios.FIONREAD, waiting)
        while waiting[0] > 0 and (came := self._keep_draining()):
            waiting[0] -= came
        data, self.loose = self.loose, b""
        return plain(data[: self.job.limits.output_bytes].decode("utf-8", "replace"))

    def _shown_to_examiner(self) -> dict[str, State] | None:
        """Copies the student's files to where the test reads them; their listing, None if too many."""
        assert self.root is not None
        return self.view.refresh(self.root)

    # the end --------------------------------------------------------------------------------

    def _stop_student(self) -> None:
        if self.student is not None:
            self._kill_student("crashed", "stopped")

    def _stop_examiner(self) -> None:
        if self.examiner is not None:
            self.examiner.kill()
            self.examiner.close()
            self.examiner_channel.close()
            self.examiner = None
        for end in self.student_ends:
            end.close()
        self.student_ends = []

    def stop(self) -> None:
        self._stop_student()
        self._stop_examiner()

    def keep_files(self) -> None:
        if not self.run_.overfull and self.root is not None:
            self.job.room.keep(self.root, self.withheld_files)

    def close(self) -> None:
        self.stop()
        self._forget_root()
        shutil.rmtree(self.examiner_dir, ignore_errors=True)


_HELD = {"memory": "memory", "disk": "room for files", "processes": "processes"}


_DEATH_MESSAGES = {
    "crashed": "your code ended the process, or broke it, while this question was tested",
    "timeout": "this question took too long",
    "memory": "this question took more memory than is allowed",
}


def _dead(death: _Death, record: str = "", seconds: float = 0.0) -> TestRun:
    message = _DEATH_MESSAGES[death.outcome]
    return TestRun(death.outcome, message, 0.0, f"{record}\n[{death}]", seconds)


def _test_run(answer: dict[str, Any]) -> TestRun:
    return TestRun(
        answer["outcome"],
        plain(answer["message"]),
        answer["value"],
        plain(answer["record"]),
        answer["seconds"],
        answer.get("seen", {}),
        answer.get("pictures"),
        answer.get("line"),
    )


def _shared_test_run(outputs: list[dict[str, Any]], seconds: float) -> TestRun:
    """nbgrader's rule for a test cell that ran among the student's own, but for stderr."""
    for output in outputs:
        if output["output_type"] == "error":
            failed = output["ename"] == "AssertionError"
            message = output["evalue"][:1_000] if failed else f"the test ended with {output['ename']}"
            record = "\n".join(output["traceback"])[-20_000:]
            return TestRun("failed" if failed else "error", message, 0.0, record, seconds)
        if output["output_type"] == "execute_result":
            try:
                value = float(output["data"].get("text/plain", ""))
            except ValueError:
                break
            return TestRun("passed", "", value if math.isfinite(value) and value >= 0 else 0.0, "", seconds)
    return TestRun("passed", "", None, "", seconds)
