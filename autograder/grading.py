"""`autograder grade`: one submission, or a class into results, `autograded/` and the gradebook."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from filelock import FileLock, Timeout

from autograder.assignment import Assignment
from autograder.autograded import write_autograded
from autograder.context import Context
from autograder.course import Course
from autograder.errors import AutograderError, GraderFault, UsageError, cannot_write
from autograder.history import History, Run
from autograder.marking import Marked, Task, mark, servers_for
from autograder.pictures import Picture, replacing_pictures
from autograder.projecting import Marks
from autograder.result import SCHEMA, DamagedResult, Outcome, Result, Status
from autograder.runtime.servers import Servers
from autograder.scheduling.local import LocalCrew
from autograder.scheduling.steps import Later
from autograder.scratch import scratch_folder
from autograder.settings import Settings
from autograder.submission import Submission, read_submission
from autograder.verifying.verify import require_verified


def grade(
    assignment: str | os.PathLike[str] | Assignment,
    submission: str | os.PathLike[str] | Submission,
    *,
    settings: Settings | None = None,
    test_path: tuple[str, ...] = (),
    servers: Servers | None = None,
) -> Result:
    """Grades one submission, without course folder or database.

    `assignment` is the folder with the instructor's notebooks, `submission` a folder or a single
    notebook; `test_path` lists folders with modules that the tests import. Warm `servers` may be
    shared between calls; without them two are started, which takes seconds. Raises UsageError for
    a path that is none; what is wrong with a submission is in the result.
    """
    loaded = assignment if isinstance(assignment, Assignment) else _load(Path(assignment))
    settings = settings or Settings()
    if settings.personal is not None and loaded.own is None:
        raise UsageError("personal data belong to a course; use `autograder grade` in its folder")
    given = submission if isinstance(submission, Submission) else _read(Path(submission), loaded, settings)
    if servers is not None:
        return mark(loaded, given, settings, servers).result
    paths = tuple(str(Path(path).resolve()) for path in (*settings.test_path, *test_path))
    with servers_for([loaded], settings, paths) as started:
        return mark(loaded, given, settings, started).result


def _load(folder: Path) -> Assignment:
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder; give the folder of the instructor's notebooks")
    return Assignment.from_folder(folder.resolve().name, folder)


def _read(path: Path, assignment: Assignment, settings: Settings) -> Submission:
    if path.suffix != ".ipynb":
        return read_submission(path, path.name, assignment.name, settings.limits)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); give a notebook or a folder") from None
    return Submission(path.stem, assignment.name, path, {path.stem: data})


@dataclass(frozen=True, slots=True)
class Graded:
    """One submission of a class: its result, whether it was there already, and its time."""

    result: Result
    timestamp: datetime | None
    skipped: bool = False


Steps = Generator[Task, Marked, Graded]


class Crew(Protocol):
    """Whoever marks what the steps of many students ask for: this machine's cores, or a cluster's."""

    def run(
        self, items: Iterable[str], steps: Callable[[str], Steps], alone: bool = False
    ) -> Iterator[tuple[str, Graded | BaseException]]: ...


class ClassRun:
    """Grades the submissions of a class: `graded` yields them as they are done.

    `kept` takes the results that others take the place of: those that were there when it began. A `dry` run
    writes nothing. `on_cluster`, results stand that were made in any jail that the settings allow, else in
    one such as this machine's.
    """

    def __init__(
        self,
        context: Context,
        force: bool = False,
        jobs: int | None = None,
        dry: bool = False,
        on_cluster: bool = False,
    ) -> None:
        self.context = context
        self.force = force
        self.jobs, self.note = context.jobs(jobs)
        self.dry = dry
        settings = context.settings
        self._tiers = range(settings.min_tier, settings.max_tier + 1) if on_cluster else (context.tier,)
        self.course = context.course
        self.name = context.assignment.name
        self.history = History(self.course, self.name)
        self.kept: Run | None = None
        self._half_done = self.history.half_done()
        self._earlier_results: frozenset[str] = frozenset()
        self._earlier_tries: Mapping[str, tuple[str, ...]] = {}

    def students(self, only: tuple[str, ...] = ()) -> list[str]:
        """The students to grade; a UsageError if there are none, or no such ones."""
        if only:
            return [self.course.require_student(student, self.name) for student in dict.fromkeys(only)]
        students = self.course.students_submitted(self.name)
        if not students:
            raise UsageError(
                f"no submissions of {self.name!r}: put them into submitted/STUDENT/{self.name}/ and run again"
            )
        return students

    def unchanged(self, student: str) -> Graded | None:
        """What was graded before, if nothing that it depends on has changed since.

        Raises NewerFormat for a result that must not be replaced, whatever else is so.
        """
        path = self.course.result_path(self.name, student)
        try:
            result = Result.read(path)
        except (DamagedResult, OSError):  # if it cannot be written either, that will be said
            return None
        if self.force or student in self._half_done:
            return None
        if result is None or not (result.is_final or (result.retries and result.status is not Status.FAULT)):
            return None
        folder = self.course.autograded(student, self.name)
        if result.tier not in self._tiers or not folder.is_dir():
            return None
        submission = self._read(student)
        if result.key != self.context.key_of(self.context.inputs_of(submission), result.tier):
            return None
        return Graded(result, submission.timestamp, skipped=True)

    def here(self, servers: Servers, scratch: Path) -> Crew:
        """The crew of this machine, with working directories in the folder `scratch`."""
        context = self.context

        def make(task: Task) -> Marked:
            return mark(task.assignment, task.submission, context.settings, servers, scratch)

        return LocalCrew(make, self.jobs)

    @contextlib.contextmanager
    def verified_crew(
        self,
        servers: Servers | None,
        unverified: bool,
        scheduler: str | None = None,
        on_note: Callable[[str], None] = lambda note: None,
    ) -> Iterator[Crew]:
        """The crew of this machine, with these warm servers or its own, once the assignment is verified here.

        With the address of a Dask `scheduler`, the crew of its workers. Raises GraderFault where the
        assignment does not verify and nobody said that it need not, UsageError where there is no such
        cluster.
        """
        with contextlib.ExitStack() as stack:
            if scheduler is not None:
                if not unverified:
                    require_verified(self.context, servers, self.jobs)
                from autograder.scheduling.cluster import Cluster

                yield stack.enter_context(Cluster(scheduler, self.context, not unverified, on_note))
                return
            scratch = stack.enter_context(scratch_folder())
            warm = servers or stack.enter_context(self.context.servers())
            if not unverified:
                require_verified(self.context, warm, self.jobs)
            yield self.here(warm, scratch)

    def graded(self, students: list[str], crew: Crew) -> Iterator[Graded]:
        """Grades `students`, as they are done; what was not final is tried once more, alone."""
        paths = {student: self.course.result_path(self.name, student) for student in students}
        self._earlier_results = frozenset(student for student, path in paths.items() if path.exists())
        self.context.prepare(students)
        doubtful: list[Result] = []
        for student, answer in crew.run(students, self._grade):
            graded = self._accepted(student, answer)
            if graded.result.is_final or graded.skipped:
                yield graded
            else:
                doubtful.append(graded.result)
        self._earlier_tries = {result.student: earlier_try(result) for result in doubtful}
        for student, answer in crew.run(self._earlier_tries, self._grade_again, alone=True):
            yield self._accepted(student, answer)

    def _accepted(self, student: str, answer: Graded | BaseException) -> Graded:
        if isinstance(answer, Graded):
            return answer
        if isinstance(answer, OSError):
            raise cannot_write(answer, student) from None
        if isinstance(answer, AutograderError | KeyboardInterrupt):
            raise answer
        result = Result(
            schema=SCHEMA,
            assignment=self.name,
            student=student,
            status=Status.FAULT,
            key="",
            tier=self.context.tier,
            isolation=self.context.settings.isolation,
            seeds={},
            versions={},
            notebooks=(),
            withheld={"fault": f"{type(answer).__name__}: {answer}"},
        )
        try:
            self._write_result(result)
        except OSError as error:
            raise cannot_write(error, student) from None
        return Graded(result, self._read(student).timestamp)

    def _grade(self, student: str) -> Steps:
        with self._locked(student):
            # another grader may have done it while we waited for the lock
            if (done := self.unchanged(student)) is not None:
                return done
            return (yield from self._run(student, ()))

    def _grade_again(self, student: str) -> Steps:
        with self._locked(student):
            return (yield from self._run(student, self._earlier_tries[student]))

    def _run(self, student: str, retries: tuple[str, ...]) -> Steps:
        submission = self._read(student)
        if self.kept is not None and not self.dry:
            self.history.take_back(student)
        assignment = self.context.assignment_of(student)
        marked = yield Task(assignment, submission)
        inputs = self.context.inputs_of(submission)
        key = self.context.key_of(inputs, marked.result.tier)
        marked = replace(marked, result=replace(marked.result, key=key, inputs=inputs, retries=retries))
        # the result last: where it stands, nothing has to be executed again
        self._write_notebooks(assignment, submission, marked)
        self._write_result(marked.result, marked.pictures)
        return Graded(marked.result, submission.timestamp)

    def _write_notebooks(self, assignment: Assignment, submission: Submission, marked: Marked) -> None:
        student = submission.student
        if marked.result.status is not Status.FAULT and not self.dry:
            folder = self.course.autograded(student, self.name)
            keep = self.kept.notebooks_of(student) if self.kept and student in self._earlier_results else None
            write_autograded(folder, assignment, submission, marked, keep)

    def _write_result(
        self, result: Result, pictures: Mapping[str, tuple[Picture, ...]] = MappingProxyType({})
    ) -> None:
        if self.dry:
            return
        path = self.course.result_path(self.name, result.student)
        if self.kept is not None and result.student in self._earlier_results:
            self.kept.keep_result(result.student, path)
        with replacing_pictures(path, result.key, pictures):
            result.write_atomically(path)

    def _read(self, student: str) -> Submission:
        path = self.course.submitted(student, self.name)
        try:
            return read_submission(path, student, self.name, self.context.settings.limits)
        except UsageError:  # one bad folder, a link perhaps, must not stop the class
            reason = "the submission's folder cannot be read"
            unreadable = dict.fromkeys((n.name for n in self.context.assignment.notebooks), reason)
            return Submission(student, self.name, path, {}, unreadable=unreadable)

    @contextlib.contextmanager
    def _locked(self, student: str) -> Iterator[None]:
        """One grader at a time for a student's submission; Later where another has it."""
        path = self.course.result_path(self.name, student).with_name("lock")
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            held = FileLock(path).acquire(blocking=False)
        except Timeout:
            raise Later from None
        with held:
            yield


def earlier_try(result: Result) -> tuple[str, ...]:
    """What a second try notes of a first one that was not final."""
    lines = [
        f"{notebook.name}/{test.id}: {test.outcome}"
        for notebook in result.notebooks
        for test in notebook.tests
        if not test.outcome.is_final
    ]
    if result.status is Status.FAULT:
        lines.append(f"fault: {result.withheld.get('fault', '')[-300:]}")
    return (f"first try: {', '.join(lines) or result.status}",)


def grade_class(
    context: Context,
    students: tuple[str, ...] = (),
    *,
    force: bool = False,
    jobs: int | None = None,
    unverified: bool = False,
    servers: Servers | None = None,
    scheduler: str | None = None,
    on_start: Callable[[int], None] = lambda total: None,
    on_graded: Callable[[Graded], None] = lambda graded: None,
    on_note: Callable[[str], None] = lambda note: None,
) -> list[Graded]:
    """Grades a class into results, `autograded/` and gradebook.db; returns it by student.

    Stopped at any moment, it loses nothing: the same call goes on where it was. `servers` may be
    given where they are warm, with the modules that the tests import. With a `scheduler`, such as
    "tcp://HOST:8786", the workers of its Dask cluster mark, and this process writes. Raises UsageError,
    and GraderFault where nothing can be written or the assignment does not verify.
    """
    run = ClassRun(context, force, jobs, on_cluster=scheduler is not None)
    names = run.students(students)
    _require_room(context.course)
    done: list[Graded] = []
    todo: list[str] = []
    for student in names:
        before = run.unchanged(student)
        if before is None:
            todo.append(student)
        else:
            done.append(before)
    if run.note and todo and scheduler is None:
        on_note(run.note)
    on_start(len(names))
    history = run.history
    run.kept = history.begin()
    marks = Marks(context, run.kept.note_backup)
    try:
        for graded in done:
            marks.project(graded.result, graded.timestamp)
            on_graded(graded)
        if todo:
            with run.verified_crew(servers, unverified, scheduler, on_note) as crew, history.at_work():
                marks.open()  # before any result is replaced: what is refused here changes nothing
                for graded in run.graded(todo, crew):
                    marks.project(graded.result, graded.timestamp)
                    done.append(graded)
                    on_graded(graded)
    finally:
        marks.close()
    history.end(run.kept)
    return sorted(done, key=lambda graded: graded.result.student)


def _require_room(course: Course) -> None:
    """Finds out before anything runs whether there is room to write."""
    try:
        course.state.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(course.state).free
    except OSError as error:
        raise GraderFault(
            f"{course.state}: cannot be written ({error.strerror}); mend that and run again"
        ) from None
    if free < 64 * 2**20:
        raise GraderFault(
            f"only {free // 2**20} MiB are free on the disk of {course.root}; make room and run again"
        )


def exit_code(graded: list[Graded]) -> int:
    """0 done, 1 some submission is not gradable, 4 a fault of the grader or of a test."""
    if any(g.result.status is Status.FAULT or _has_fault(g.result) for g in graded):
        return 4
    return 1 if any(g.result.status is Status.NOT_GRADABLE for g in graded) else 0


def _has_fault(result: Result) -> bool:
    return any(test.outcome is Outcome.FAULT for notebook in result.notebooks for test in notebook.tests)
