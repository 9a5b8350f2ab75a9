"""`autograder adopt`: what a course that was written for nbgrader needs to be graded behind the wall.

Every test is tried with the instructor's own solution, once with the wall between them and, where that
fails, once in the student's process. What was found is written to `autograder.toml`.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from pathlib import Path

from autograder.assignment import Assignment
from autograder.context import Context
from autograder.course import Course
from autograder.errors import UsageError
from autograder.grading import ClassRun
from autograder.kernels import kernel_for
from autograder.keys import imported_modules, imported_paths
from autograder.linting.lint import AUTOTEST, lint_source
from autograder.marking import TAKES_LONG, mark
from autograder.projecting import automatic_scores
from autograder.result import Outcome, Result, TestResult, write_atomically
from autograder.runtime.servers import Servers
from autograder.scratch import scratch_folder
from autograder.settings import FILE_NAME, SCHEMA, Engine, Settings
from autograder.source import Role
from autograder.submission import Submission
from autograder.verifying.cases import submitted_notebooks


class Way(StrEnum):
    """How a test can be run."""

    WALL = "wall"
    SHARED = "shared"  # in the student's process, where it can be read and deceived
    KERNEL = "kernel"  # in a Jupyter kernel with all other cells, as it is not Python
    AUTOTEST = "autotest"  # made by `nbgrader generate_assignment`; `nbgrader autograde` has it, not source/
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one test. `why` says what the wall refused, or why the test fails everywhere."""

    assignment: str
    notebook: str
    test: str
    way: Way
    why: str = ""
    refused: bool = False  # by the rules of the wall, whatever the solution does


@dataclass(frozen=True, slots=True)
class Adoption:
    """The tests of a course, in order, and the settings that they need."""

    verdicts: tuple[Verdict, ...]
    settings: str
    refused: tuple[str, ...]  # assignments that cannot be read, each with the reason


def adopt(course: Course, on_test: Callable[[Verdict], None] = lambda verdict: None) -> Adoption:
    """Examines every assignment of the course; writes nothing. Raises UsageError if there is none."""
    names = course.assignments()
    if not names:
        raise UsageError(f"{course.root}: no assignment in source/; change to the root of a course")
    verdicts: list[Verdict] = []
    refused: list[str] = []
    preload: set[str] = set()
    for name in names:
        try:
            assignment = Assignment.load(course, name)
            settings = fitted(course.settings.for_assignment(name), assignment)
            context = Context.around(course, assignment, settings)
            with context.servers() as servers:
                for verdict in examine(context, servers):
                    verdicts.append(verdict)
                    on_test(verdict)
        except UsageError as error:
            refused.append(f"{name}: {error}")
        else:
            preload |= set(settings.preload or ())
    return Adoption(tuple(verdicts), _toml(preload, verdicts), tuple(refused))


@dataclass(frozen=True, slots=True)
class Change:
    """A mark of a test that would be another one than the gradebook has now; `why` is for the student."""

    assignment: str
    student: str
    test: str  # "notebook/test"
    before: float
    after: float
    why: str = ""


def changes(course: Course, adoption: Adoption) -> Iterator[Change]:
    """Grades, under the settings found, every submission that has marks; compares, and writes nothing."""
    settings = Settings.from_table(tomllib.loads(adoption.settings), FILE_NAME)
    course = replace(course, settings=settings)
    for name in dict.fromkeys(verdict.assignment for verdict in adoption.verdicts):
        before = automatic_scores(course, name)
        run = ClassRun(Context.of(course, name), force=True, dry=True)
        submitted = set(course.students_submitted(name))
        students = sorted({student for student, _ in before if student in submitted})
        with ExitStack() as stack:
            if not students:
                continue
            servers = stack.enter_context(run.context.servers())
            crew = run.here(servers, stack.enter_context(scratch_folder()))
            for graded in run.graded(students, crew):
                yield from _changes_of(graded.result, before)


def _changes_of(result: Result, before: Mapping[tuple[str, str], float]) -> Iterator[Change]:
    for part in result.notebooks:
        for test in part.tests:
            key = f"{part.name}/{test.id}"
            old = before.get((result.student, key))
            if old is not None and old != test.points:
                yield Change(result.assignment, result.student, key, old, test.points, test.message)


def require_no_settings(course: Course) -> Path:
    """Where `autograder.toml` is going to be. Raises UsageError if the course has one."""
    path = course.root / FILE_NAME
    if path.exists():
        raise UsageError(f"{path}: is there already; move it away, or take over what --dry-run prints")
    return path


def write_settings(course: Course, adoption: Adoption) -> Path:
    """Writes `autograder.toml`. Raises UsageError if the course has one."""
    path = require_no_settings(course)
    write_atomically(path, adoption.settings)
    return path


def examine(context: Context, servers: Servers) -> Iterator[Verdict]:
    """How each test of the assignment can be run, as the instructor's solution shows."""
    assignment = context.assignment
    cells = [(notebook.name, cell) for notebook in assignment.notebooks for cell in notebook.cells]
    tests = [(name, cell) for name, cell in cells if cell.role is Role.TEST]
    behind = _tried(context, servers, context.settings.shared_cells)
    engine = context.settings.engine
    problems = lint_source(assignment, context.settings.shared_cells, engine)
    refusals = {(p.notebook, p.cell): p.message for p in problems if p.is_error}
    failing = {cell.id for name, cell in tests if behind[name, cell.id].outcome is not Outcome.PASSED}
    failing |= {cell.id for name, cell in tests if (name, cell.id) in refusals}
    shared = (*context.settings.shared_cells, *sorted(failing))
    beside = _tried(context, servers, shared) if failing else behind
    for name, cell in tests:
        verdict = partial(Verdict, assignment.name, name, cell.id)
        refusal = refusals.get((name, cell.id), "")
        if AUTOTEST.search(cell.source):
            yield verdict(Way.AUTOTEST)
        elif cell.id not in failing and engine == "kernel":
            yield verdict(Way.KERNEL)
        elif cell.id not in failing:
            yield verdict(Way.SHARED if cell.id in context.settings.shared_cells else Way.WALL)
        elif beside[name, cell.id].outcome is Outcome.PASSED:
            yield verdict(Way.SHARED, refusal or behind[name, cell.id].message)
        else:
            yield verdict(Way.NEITHER, refusal or behind[name, cell.id].message, bool(refusal))


def _tried(context: Context, servers: Servers, shared: tuple[str, ...]) -> dict[tuple[str, str], TestResult]:
    """What the instructor's solution gets, by notebook and test."""
    answers = submitted_notebooks(context.assignment.notebooks, {})
    solution = Submission("@solution", context.assignment.name, context.course.root, answers)
    settings = replace(context.settings, shared_cells=shared)
    result = mark(context.assignment_of_example(0), solution, settings, servers).result
    return {(part.name, test.id): test for part in result.notebooks for test in part.tests}


def fitted(settings: Settings, assignment: Assignment) -> Settings:
    """`settings` with the engine that the notebooks ask for, and their libraries to have warm.

    These are what they import from site-packages: top-level modules, and submodules that take long. Raises
    UsageError where this machine has no such kernel.
    """
    slow = set(TAKES_LONG) & imported_paths(assignment)
    tops = {name for name in imported_modules(assignment) - {"autograder"} if _is_installed(name)}
    languages = {kernel_for(notebook.kernelspec)["language"] for notebook in assignment.notebooks}
    engine: Engine = settings.engine if languages <= {"python"} else "kernel"
    return replace(settings, preload=tuple(sorted(slow | tops)), engine=engine)


def _is_installed(name: str) -> bool:
    if name in sys.stdlib_module_names:
        return False
    try:
        found = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return False
    return found is not None and "site-packages" in str(found.origin)


def _toml(preload: set[str], verdicts: Sequence[Verdict]) -> str:
    lines = [
        "# written by `autograder adopt`; every key is explained in docs/settings.md",
        f"schema = {SCHEMA}",
        f"preload = {json.dumps(sorted(preload))}",
    ]
    for name in dict.fromkeys(verdict.assignment for verdict in verdicts):
        shared = [v for v in verdicts if v.assignment == name and v.way is Way.SHARED]
        in_kernel = any(v.way is Way.KERNEL for v in verdicts if v.assignment == name)
        if shared or in_kernel:
            lines += ["", f"[assignments.{json.dumps(name)}]"]
        if in_kernel:
            lines.append('engine = "kernel"')
        if shared:
            lines.append("# these run in the student's process:")
            lines += [f"# {v.test}: {' '.join(v.why.split())[:90]}" for v in shared]
            lines.append(f"shared_cells = {json.dumps(list(dict.fromkeys(v.test for v in shared)))}")
    return "\n".join(lines) + "\n"
