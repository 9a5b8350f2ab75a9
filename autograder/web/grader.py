"""The process that grades: `python -m autograder.web.grader COURSE`, started and watched by `serve`.

It takes uploads and jobs out of the store, one step after the other, and notes in the store what came of
them when it is done. Killed anywhere, it finds the same work again; results that stand are not made twice.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from autograder.assignment import Assignment
from autograder.context import Context
from autograder.course import Course
from autograder.errors import AutograderError, UsageError
from autograder.feedback.publishing import publish_class
from autograder.grading import ClassRun, Graded, grade_class
from autograder.history import Run
from autograder.projecting import Marks
from autograder.repairing import preview as preview_class
from autograder.runtime.servers import Servers
from autograder.scratch import scratch_folder
from autograder.startup import leave_out_grammars
from autograder.verifying.verify import require_verified
from autograder.web.filing import counted, file_uploads
from autograder.web.queue import Job, Jobs
from autograder.web.receipts import Receipt, Receipts, State
from autograder.web.store import Store, problem_of

NICE = 19
LOOK_SECONDS = 0.25  # how often it looks whether something has come
RETRY_SECONDS = 15.0  # until an assignment that could not be graded is tried again
WARM_SECONDS = 300.0  # for which servers stay warm without work
_PR_SET_PDEATHSIG = 1
_A_STEP = 8  # submissions a core, after which it looks for new uploads


@dataclass(frozen=True, slots=True)
class _Signature:
    """What a sitting was begun with; where it is another one now, a new sitting is begun."""

    digest: str
    day: str  # since each sitting makes a copy of the gradebook, and that of a day can be undone
    allowances: int
    undone: int


class _Sitting:
    """Warm servers, an open gradebook and a run of the history, for one assignment, over many uploads."""

    def __init__(self, context: Context, signature: _Signature) -> None:
        self.context = context
        self.signature = signature
        self.run = ClassRun(context)
        self._history = self.run.history
        self._stack = ExitStack()
        self._kept: Run = self._history.begin()
        self.run.kept = self._kept
        self._marks = Marks(context, self._kept.note_backup)
        self._stack.callback(self._marks.close)
        self._warm: tuple[ExitStack, Servers, Path] | None = None
        self.used = time.monotonic()

    def grade(self, students: list[str], on_graded: Callable[[Graded], None]) -> None:
        """Grades those students whose submission has no result yet; all of them are told about."""
        self.used = time.monotonic()
        todo = []
        for student in students:
            if (before := self.run.unchanged(student)) is None:
                todo.append(student)
            else:
                self._done(before, on_graded)
        if todo:
            servers, scratch = self._servers()
            require_verified(self.context, servers, self.run.jobs)
            with self._history.at_work():
                self._marks.open()
                for graded in self.run.graded(todo, self.run.here(servers, scratch)):
                    self._done(graded, on_graded)
        self.used = time.monotonic()

    def _done(self, graded: Graded, on_graded: Callable[[Graded], None]) -> None:
        self._marks.project(graded.result, graded.timestamp)
        self._marks.flush()  # before anybody is told that it is done
        on_graded(graded)

    def _servers(self) -> tuple[Servers, Path]:
        if self._warm is None:
            stack = ExitStack()
            scratch = stack.enter_context(scratch_folder())
            self._warm = (stack, stack.enter_context(self.context.servers()), scratch)
        return self._warm[1], self._warm[2]

    def cool(self) -> None:
        """Ends the servers; the next submission starts others."""
        if self._warm is not None:
            stack, *_ = self._warm
            self._warm = None
            stack.close()

    def close(self) -> None:
        self.cool()
        self._stack.close()
        self._history.end(self._kept)


Handler = Callable[["GradingProcess", Job], object]


class GradingProcess:
    """Does what waits in the store. `handlers` carry out jobs, by kind; what they return is kept as JSON."""

    def __init__(self, course: Course, store: Store, handlers: Mapping[str, Handler]) -> None:
        self.root = course.root
        self.store = store
        self.receipts = Receipts(store)
        self.jobs = Jobs(store)
        self._handlers = handlers
        self._sitting: _Sitting | None = None
        self._not_before: dict[str, float] = {}  # when an assignment is tried again

    def step(self) -> bool:
        """Does one piece of what waits; whether there was any."""
        course = Course.open(self.root)  # settings may have changed
        worked = self._file(course)
        worked = self._carry_out() or worked
        return self._grade(course) or worked

    def idle(self) -> None:
        """To be called while there is nothing to do."""
        sitting = self._sitting
        if sitting is not None and time.monotonic() - sitting.used > WARM_SECONDS:
            sitting.cool()

    def close(self) -> None:
        """Ends servers, and the sitting with them."""
        if self._sitting is not None:
            sitting, self._sitting = self._sitting, None
            sitting.close()

    # uploads -----------------------------------------------------------------------------------------

    def _file(self, course: Course) -> bool:
        """Makes attempts of what has come."""
        waiting = self._due(self.receipts.in_state(State.RECEIVED))
        for name in dict.fromkeys(receipt.assignment for receipt in waiting):
            of_it = [receipt for receipt in waiting if receipt.assignment == name]
            with self._noting(name):
                assignment = Assignment.load(course, name)
                limits = course.settings.for_assignment(name).limits
                file_uploads(course, assignment, limits, self.receipts, of_it)
        return bool(waiting)

    def _grade(self, course: Course) -> bool:
        """Grades some of those who wait longest, of one assignment."""
        waiting = self._due(self.receipts.in_state(State.KEPT))
        if not waiting:
            return False
        name = waiting[0].assignment
        students = list(dict.fromkeys(each.student for each in waiting if each.assignment == name))
        with self._noting(name):
            sitting = self._sitting_for(course, name)
            sitting.grade(students[: _A_STEP * sitting.run.jobs], lambda graded: self._note(course, graded))
        return True

    def _note(self, course: Course, graded: Graded) -> None:
        result = graded.result
        number = counted(course, result.assignment, result.student)
        self.receipts.grade(result.student, result.assignment, number)

    def _due(self, waiting: list[Receipt]) -> list[Receipt]:
        now = time.monotonic()
        return [each for each in waiting if self._not_before.get(each.assignment, 0.0) <= now]

    def _noting(self, name: str) -> _Noting:
        return _Noting(self, name)

    def put_off(self, name: str, why: str) -> None:
        """Says why an assignment is not graded now; it is tried again, and nothing of it is lost."""
        self._not_before[name] = time.monotonic() + RETRY_SECONDS
        if self.store.get(problem_of(name)) != why:
            print(f"autograder: {name} waits: {why}", file=sys.stderr, flush=True)
            self.store.put(problem_of(name), why)

    def take_up(self, name: str) -> None:
        """There is no such reason any more."""
        if self.store.get(problem_of(name)):
            self.store.put(problem_of(name), "")

    def _sitting_for(self, course: Course, name: str) -> _Sitting:
        context = Context.of(course, name)
        signature = _Signature(
            digest=context.digest,
            day=datetime.now(UTC).date().isoformat(),
            allowances=_changed(course.state / "allowances.json"),
            undone=sum(run.is_undone for run in ClassRun(context).history.runs()),
        )
        sitting = self._sitting
        if sitting is None or sitting.context.assignment.name != name or sitting.signature != signature:
            self.close()
            sitting = self._sitting = _Sitting(context, signature)
        return sitting

    # jobs --------------------------------------------------------------------------------------------

    def _carry_out(self) -> bool:
        job = self.jobs.take()
        if job is None:
            return False
        self.close()  # a job has a run of the history of its own, so that it can be undone alone
        handler = self._handlers.get(job.kind)
        try:
            if handler is None:
                raise UsageError(f"nothing is known of jobs of the kind {job.kind!r}")
            self.jobs.end(job, handler(self, job))
        except AutograderError as error:
            self.jobs.end(job, failed=str(error))
        return True


class _Noting:
    """Around work on an assignment: an error of the kind that people mend puts the assignment off."""

    def __init__(self, process: GradingProcess, name: str) -> None:
        self._process = process
        self._name = name

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if error is None:
            self._process.take_up(self._name)
        if isinstance(error, AutograderError):
            self._process.close()
            self._process.put_off(self._name, str(error))
            return True
        return False


class _Meter:
    """Notes how far a job is."""

    def __init__(self, process: GradingProcess, job: Job) -> None:
        self._jobs = process.jobs
        self._job = job
        self._done = self._total = 0

    def start(self, total: int) -> None:
        self._total = total
        self._jobs.progress(self._job, 0, total)

    def count(self, one: object) -> None:
        self._done += 1
        self._jobs.progress(self._job, self._done, self._total)


def preview(process: GradingProcess, job: Job) -> object:
    """Tells which marks `regrade` would move; writes none. With what they depend on, in `digest`."""
    context = Context.of(Course.open(process.root), job.assignment)
    meter = _Meter(process, job)
    found = preview_class(
        context,
        tuple(job.options.get("students", ())),
        force=bool(job.options.get("force", False)),
        on_start=meter.start,
        on_graded=meter.count,
    )
    return {**asdict(found), "digest": context.digest}


def regrade(process: GradingProcess, job: Job) -> object:
    """Grades `students`, all where none are named; with `force` also what has not changed.

    Where the number of a `preview` is given, only as it was then. Raises UsageError if tests or settings have
    changed since.
    """
    context = Context.of(Course.open(process.root), job.assignment)
    shown = process.jobs.get(int(job.options.get("preview", 0)))
    if shown is not None and (shown.answer or {}).get("digest") != context.digest:
        raise UsageError("the assignment or its settings changed after the preview; ask for a new one")
    meter = _Meter(process, job)
    graded = grade_class(
        context,
        tuple(job.options.get("students", ())),
        force=bool(job.options.get("force", False)),
        on_start=meter.start,
        on_graded=meter.count,
    )
    return {"graded": len(graded), "skipped": sum(one.skipped for one in graded)}


def feedback(process: GradingProcess, job: Job) -> object:
    """Writes feedback pages of `students`, all where none are named. Reasons to wait were asked before."""
    course = Course.open(process.root)
    meter = _Meter(process, job)
    assignment = Assignment.load(course, job.assignment)
    students = tuple(job.options.get("students", ()))
    done = publish_class(course, assignment, students, anyway=True, on_start=meter.start, on_done=meter.count)
    problems = [f"{one.student}: {one.problem}" for one in done if one.problem]
    return {"written": sum(one.written for one in done), "problems": problems}


HANDLERS: Mapping[str, Handler] = {"preview": preview, "regrade": regrade, "feedback": feedback}


def _changed(path: Path) -> int:
    """When the file changed, in nanoseconds; 0 where there is none."""
    return path.stat().st_mtime_ns if path.exists() else 0


def main(root: Path, parent: int) -> None:
    """Grades until it is told to stop, or its parent is gone. Waits while another one grades this course."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        return
    signal.signal(signal.SIGTERM, _interrupt)
    os.nice(NICE)
    course = Course.open(root)
    store = Store.of(course)
    with (course.state / "web-grader.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        process = GradingProcess(course, store, HANDLERS)
        try:
            while True:
                if not process.step():
                    process.idle()
                    time.sleep(LOOK_SECONDS)
        finally:
            process.close()


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    leave_out_grammars()
    try:
        main(Path(sys.argv[1]), int(sys.argv[2]))
    except KeyboardInterrupt:
        sys.exit(0)
