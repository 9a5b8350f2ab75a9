"""The three ways to run a class: each starts once and is then handed students in batches."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.assignment import Assignment
from autograder.context import Context
from autograder.course import Course
from autograder.grading import grade_class
from autograder.keys import imported_paths
from autograder.names import without_magics
from autograder.runtime.warming import warm_up
from autograder.source import SourceNotebook
from benchmarks.course import ASSIGNMENT, ROOT

Run = Callable[[list[str]], None]


class NotTheMarks(Exception):
    """A side did not give all points, so its time says nothing."""


@contextmanager
def ours(folder: Path) -> Iterator[Run]:
    """`autograder grade` on all cores, with results, notebooks and database."""
    context = Context.of(Course.open(folder), ASSIGNMENT)
    with context.servers() as servers:

        def run(students: list[str]) -> None:
            graded = grade_class(context, tuple(students), force=True, unverified=True, servers=servers)
            for one in graded:
                _require_all(one.result.points, context.assignment)

        yield run


@contextmanager
def nbgrader(folder: Path) -> Iterator[Run]:
    """`nbgrader autograde` for one student after the other, in a process that has it imported."""
    from nbgrader.api import Gradebook
    from nbgrader.apps.api import NbGraderAPI
    from traitlets.config import Config

    os.environ["PYTHONPATH"] = str(ROOT)  # the kernel has to find `reference`
    config = Config()
    config.CourseDirectory.root = str(folder)
    api = NbGraderAPI(config=config)
    done = api.generate_assignment(ASSIGNMENT)
    if not done["success"]:
        raise NotTheMarks(done.get("log", ""))
    assignment = Assignment.from_folder(ASSIGNMENT, folder / "source" / ASSIGNMENT)

    def run(students: list[str]) -> None:
        for student in students:
            done = api.autograde(ASSIGNMENT, student)
            if not done["success"]:
                raise NotTheMarks(done.get("log", ""))

    yield run
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        for submission in book.assignment_submissions(ASSIGNMENT):
            _require_all(submission.score, assignment)


@contextmanager
def plain(folder: Path) -> Iterator[Run]:
    """W: the same cells, tests included, by `exec` in a fork of a process that has everything imported."""
    context = Context.of(Course.open(folder), ASSIGNMENT)
    basics = ("numpy", "torch", "pytest", "autograder.checks")
    warm_up([*context.settings.preload, *basics, *imported_paths(context.assignment)], 1)
    programs = [_program(notebook) for notebook in context.assignment.notebooks]

    def run(students: list[str]) -> None:
        for _ in students:
            for program in programs:
                _in_fork(program)

    yield run


def _program(notebook: SourceNotebook) -> list[str]:
    """The code cells without their magics."""
    return [without_magics(cell.source) for cell in notebook.cells if cell.cell_type == "code"]


def _in_fork(program: list[str]) -> None:
    folder = tempfile.mkdtemp()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            os.chdir(folder)
            names: dict[str, object] = {"__name__": "__main__"}
            for number, source in enumerate(program):
                exec(compile(source, f"<cell {number}>", "exec"), names)
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(pid, 0)
    shutil.rmtree(folder)
    if status:
        raise NotTheMarks("a cell of the solution failed under plain exec")


def _require_all(points: float, assignment: Assignment) -> None:
    if points != assignment.automatic_points:
        raise NotTheMarks(f"the solution got {points} of {assignment.automatic_points}")


SIDES = {"nbgrader": nbgrader, "ours": ours, "plain": plain}
