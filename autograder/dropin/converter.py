"""nbgrader's autograde converter, with students' code behind the wall.

Everything but running notebooks is nbgrader's own: which submissions are due, rows of the gradebook, hooks,
permissions, what is done about a failure, and the preprocessors behind its `Execute`, so that late
penalties, scores and comments come about as they always did.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.converters import Autograde as NbgraderAutograde
from nbgrader.converters import BaseConverter
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import Execute, IncludeHeaderFooter

from autograder.adopting import fitted
from autograder.allowances import Allowances
from autograder.assignment import Assignment
from autograder.autograded import files_of, fill
from autograder.context import Context
from autograder.course import Course
from autograder.dropin.ahead import Ahead
from autograder.dropin.registered import registered_assignment
from autograder.errors import AutograderError, NotGradable, UsageError
from autograder.ipynb import RawNotebook, read_notebook
from autograder.kernels import kernel_for
from autograder.otter.notebook import is_otter
from autograder.result import NotebookResult, Outcome, Result, Status
from autograder.settings import FILE_NAME, Settings
from autograder.submission import Submission, read_submission


class _FollowsNoLinks(BaseConverter):  # type: ignore[misc]
    """Copies what a student handed in as we read it: nbgrader's `shutil.copy` follows links."""

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        folder = Path(self._format_dest(assignment_id, student_id))
        folder.mkdir(parents=True, exist_ok=True)
        if self._executes:  # then the files come with the notebooks
            return
        limits = Course.open(Path(self.coursedir.root)).settings.for_assignment(assignment_id).limits
        handed_in = Path(self._format_source(assignment_id, student_id))
        fill(folder, read_submission(handed_in, student_id, assignment_id, limits).files)


class Autograde(NbgraderAutograde, _FollowsNoLinks):  # type: ignore[misc]
    """In place of nbgrader's class, and configured as that one, under the same name."""

    def convert_notebooks(self) -> None:
        if not self._executes:
            super().convert_notebooks()
            return
        self._runs: dict[str, Ahead] = {}
        # a hook may change what was handed in, right before it is graded
        self._due = {} if self.pre_convert_hook else self._find_due()
        # a setting that cannot work is said before --force removes what was graded before
        self._contexts = self._contexts_of(self._due)
        self._problems: list[str] = []
        with ExitStack() as self._open:
            super().convert_notebooks()
        if self._problems:
            for line in self._problems:
                self.log.error(line)
            raise NbGraderException("marks were left open; see above")

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        super().init_assignment(assignment_id, student_id)
        more_time = self._allowances.extensions(assignment_id).get(student_id)
        if more_time is None:
            return
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            submission = gradebook.find_submission(assignment_id, student_id)
            # without a due date nbgrader's own reckoning would fail on an extension
            if submission.extension is None and submission.assignment.duedate:
                submission.extension = more_time
                gradebook.db.commit()

    def convert_single_notebook(self, notebook_filename: str) -> None:
        if not self._executes:
            super().convert_single_notebook(notebook_filename)
            return
        self.log.info("Autograding %s", notebook_filename)
        resources = self.init_single_notebook_resources(notebook_filename)
        of = resources["nbgrader"]
        assignment, student = of["assignment"], of["student"]
        run = self._run_of(assignment)
        submission, marked = run.marked(student)
        part = _require_marked(marked.result, of["notebook"])
        source = run.context.assignment.notebook(part.name)
        folder = Path(self._format_dest(assignment, student))
        others = {f"{name}.ipynb" for name in marked.executed if name != part.name}
        files = files_of(run.context.assignment_of(student), submission, marked)
        fill(folder, {path: data for path, data in files.items() if path not in others})
        where = f"{student}: {part.name}"
        if part.status is Status.NOT_GRADABLE:  # what lies there is the release under a notice
            self._leave_open(
                [c.id for c in source.anchors if c.role.is_graded], part.name, assignment, student
            )
            self.log.warning("%s cannot be graded: %s", where, part.reason)
            if not _is_notebook(submission, part.name):
                self._problems.append(f"{where} cannot be graded: {part.reason}")
            return
        if not source.kernelspec:  # then nbgrader starts the kernel that was handed in
            _require_python(_read(submission, part.name).metadata.get("kernelspec"))
        self._save(folder / f"{part.name}.ipynb", resources)
        faults = [test for test in part.tests if test.outcome is Outcome.FAULT]
        if faults:
            self._leave_open([test.id for test in faults], part.name, assignment, student)
            self._problems += [f"{where}/{test.id}: {test.message}" for test in faults]

    def _save(self, executed: Path, resources: dict[str, Any]) -> None:
        """Has nbgrader's preprocessors that stand behind Execute do their work on an executed notebook."""
        self._sanitizing = False
        self._init_preprocessors()
        try:
            output, resources = self.exporter.from_filename(str(executed), resources=resources)
            executed.unlink()  # it is read-only
            self.write_single_notebook(output, resources)
        finally:
            self._sanitizing = True

    @cached_property
    def _allowances(self) -> Allowances:
        try:
            return Allowances.read(Course.open(Path(self.coursedir.root)))
        except AutograderError as error:
            raise NbGraderException(str(error)) from None

    @cached_property
    def _executes(self) -> bool:
        """Whether students' code is to run at all; --no-execute is nbgrader's own affair."""
        return bool(Execute(parent=self).enabled)

    def _init_preprocessors(self) -> None:
        super()._init_preprocessors()
        if self._executes:
            ours = self.exporter._preprocessors
            self.exporter._preprocessors = [each for each in ours if not isinstance(each, Execute)]

    def _run_of(self, name: str) -> Ahead:
        if name not in self._runs:
            run = Ahead(
                self._contexts.get(name) or self._context_of(name),
                self._due.get(name, []),
                lambda who: Path(self._format_source(name, who)),
                self.log.warning,
            )
            self._runs[name] = self._open.enter_context(run)
        return self._runs[name]

    def _find_due(self) -> dict[str, list[str]]:
        """By assignment, the students whose submission `init_destination` is going to let through."""
        due: dict[str, list[str]] = {}
        pattern = self._format_source("(?P<assignment>.*)", "(?P<student>.*)", escape=True)
        for path, notebooks in sorted(self.assignments.items()):
            found = re.match(pattern, path)
            if found and self._is_due(found["assignment"], found["student"], path, notebooks):
                due.setdefault(found["assignment"], []).append(found["student"])
        return due

    def _is_due(self, assignment: str, student: str, path: str, notebooks: list[str]) -> bool:
        if student in self.coursedir.student_id_exclude.split(","):
            return False
        there = Path(self._format_dest(assignment, student))
        wanted = [there] if self.coursedir.notebook_id == "*" else [there / Path(n).name for n in notebooks]
        if self.force or not all(each.exists() for each in wanted):
            return True
        try:
            new, old = map(self.coursedir.get_existing_timestamp, (path, str(there)))
        except Exception:  # nbgrader will say so when it comes to this submission
            return False
        return new is not None and old is not None and new > old

    def _contexts_of(self, names: Iterable[str]) -> dict[str, Context]:
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            registered = {assignment.name for assignment in gradebook.assignments}
        try:  # of one that is not registered nbgrader says so itself
            return {name: self._context_of(name) for name in names if name in registered}
        except NbGraderException as error:
            self.log.error("%s", error)
            raise

    def _context_of(self, name: str) -> Context:
        course = Course.open(Path(self.coursedir.root))
        source = Path(self.coursedir.format_path(self.coursedir.source_directory, ".", name))
        if is_otter(source):
            raise NbGraderException(f"{name} is an assignment of otter's; run `autograder grade {name}`")
        try:
            with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
                assignment = registered_assignment(
                    source,
                    gradebook.find_assignment(name),
                    header=self._around("header"),
                    footer=self._around("footer"),
                    without=self.exclude_overwriting.get(name, ()),
                )
            assignment = self._only_asked_for(assignment)
            context = Context.around(course, assignment, self._settings_for(course, assignment))
            context.prepare(self._due.get(name, ()))
            return context
        except AutograderError as error:
            raise NbGraderException(str(error)) from None

    def _around(self, which: str) -> Path | None:
        path = getattr(IncludeHeaderFooter(parent=self), which)
        return Path(self.coursedir.root) / path if path else None

    def _only_asked_for(self, assignment: Assignment) -> Assignment:
        pattern = self.coursedir.notebook_id
        return replace(
            assignment,
            notebooks=tuple(n for n in assignment.notebooks if fnmatch.fnmatchcase(n.name, pattern)),
        )

    def _settings_for(self, course: Course, assignment: Assignment) -> Settings:
        """The course's settings; nbgrader's time limit goes before them, and its default is ours."""
        own = course.settings.for_assignment(assignment.name)
        settings = fitted(own, assignment)
        if (course.root / FILE_NAME).exists():  # then it says what is to be warm
            settings = replace(settings, preload=own.preload)
        if settings.engine != own.engine:
            self.log.warning("a notebook is not Python: all run in Jupyter kernels, without the wall")
        seconds = Execute(parent=self).timeout if "timeout" in self.config.Execute else None
        if seconds is not None and seconds > 0:
            limits = replace(settings.limits, cell_seconds=float(seconds), test_seconds=float(seconds))
            settings = replace(settings, limits=limits)
        return settings

    def _leave_open(self, cells: Sequence[str], notebook: str, assignment: str, student: str) -> None:
        """Takes back automatic marks that say nothing about the student."""
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            for cell in cells:
                grade = gradebook.find_grade(cell, notebook, assignment, student)
                grade.auto_score, grade.needs_manual_grade = None, True
            gradebook.db.commit()


def _require_marked(result: Result, name: str) -> NotebookResult:
    """What came of one notebook. Raises NbGraderException for a fault of the grader."""
    part = result.notebook(name)
    if result.status is Status.FAULT or part is None:
        raise NbGraderException(f"a fault of the grader: {result.withheld.get('fault', 'no result')}")
    return part


def _read(submission: Submission, name: str) -> RawNotebook:
    data = submission.notebooks[name]
    return read_notebook(data, len(data))


def _is_notebook(submission: Submission, name: str) -> bool:
    try:
        _read(submission, name)
    except (NotGradable, KeyError):
        return False
    return True


def _require_python(kernelspec: object) -> None:
    """Raises UsageError for a kernel that is not there, or that is not Python's."""
    if isinstance(kernelspec, Mapping) and kernel_for(kernelspec)["language"] != "python":
        raise UsageError("the submission asks for a kernel that is not Python's, and the assignment for none")
