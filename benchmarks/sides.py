"""The ways to run a class: each starts once and is then handed students in batches."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.assignment import Assignment
from autograder.context import Context
from autograder.course import Course
from autograder.grading import grade_class
from autograder.keys import imported_paths
from autograder.marking import preloaded
from autograder.names import without_magics
from autograder.result import Status
from autograder.runtime.warming import warm_up
from autograder.source import Role, SourceNotebook
from benchmarks.course import ASSIGNMENT, MIXED, ROOT
from benchmarks.otter import points_of, run_arguments, with_checks, write_zip

Run = Callable[[list[str]], None]


class NotTheMarks(Exception):
    """A side did not give the marks that were due, so its time says nothing."""


@contextmanager
def ours(folder: Path, kind: str) -> Iterator[Run]:
    """`autograder grade` on all cores, with results, notebooks and database."""
    context = Context.of(Course.open(folder), ASSIGNMENT)
    with context.servers() as servers:

        def run(students: list[str]) -> None:
            graded = grade_class(context, tuple(students), force=True, unverified=True, servers=servers)
            for one in graded:
                if one.result.status is not Status.GRADED:
                    raise NotTheMarks(f"{one.result.student}: {one.result.status}")
                _require_all(one.result.points, context.assignment, kind)

        yield run


@contextmanager
def nbgrader(folder: Path, kind: str) -> Iterator[Run]:
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
            _require_all(submission.score, assignment, kind)


@contextmanager
def otter(folder: Path, kind: str) -> Iterator[Run]:
    """A loop of `otter run`, one process a notebook: it has no other way to grade on one machine."""
    assignment = Assignment.from_folder(ASSIGNMENT, folder / "source" / ASSIGNMENT)
    for notebook in assignment.notebooks:
        write_zip(folder / f"{notebook.name}.zip", notebook)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}

    def run(students: list[str]) -> None:
        for student in students:
            points = 0.0
            for notebook in assignment.notebooks:
                points += _otter_run(folder, student, notebook, environment)
            _require_all(points, assignment, kind)

    yield run


def _otter_run(folder: Path, student: str, notebook: SourceNotebook, environment: dict[str, str]) -> float:
    place = folder / "otter" / student
    place.mkdir(parents=True, exist_ok=True)
    path = place / f"{notebook.name}.ipynb"
    given = folder / "submitted" / student / ASSIGNMENT / f"{notebook.name}.ipynb"
    path.write_bytes(with_checks(given.read_bytes(), notebook))
    command = [sys.executable, "-m", "otter", *run_arguments(folder / f"{notebook.name}.zip", place, path)]
    done = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True)
    points = points_of(place / "results.json", notebook)
    if not points:
        raise NotTheMarks(f"otter gave no result: {done.stderr[-2_000:]}")
    return sum(points.values())


@contextmanager
def plain(folder: Path, kind: str) -> Iterator[Run]:
    """W: the same cells, tests included, by `exec` in a fork of a process that has everything imported."""
    context = Context.of(Course.open(folder), ASSIGNMENT)
    basics = ("numpy", "torch", "pytest", "autograder.checks")
    imported = imported_paths(context.assignment)
    warm_up([*preloaded(imported, context.settings), *basics, *imported], 1)

    def run(students: list[str]) -> None:
        for student in students:
            for notebook in context.assignment.notebooks:
                path = folder / "submitted" / student / ASSIGNMENT / f"{notebook.name}.ipynb"
                _in_fork(_program(notebook, path.read_bytes()), strict=kind != MIXED)

    yield run


def _program(notebook: SourceNotebook, submitted: bytes) -> list[str]:
    """The code cells without their magics: the submission's answers, the instructor's tests."""
    answers = {
        cell["metadata"].get("nbgrader", {}).get("grade_id"): cell["source"]
        for cell in json.loads(submitted)["cells"]
    }
    return [
        without_magics("".join(answers[cell.id]) if cell.role is Role.SOLUTION else cell.source)
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def _in_fork(program: list[str], strict: bool = True) -> None:
    """Runs the cells; one that fails is an error if `strict`, and else is left, as graders leave it."""
    folder = tempfile.mkdtemp()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            os.chdir(folder)
            names: dict[str, object] = {"__name__": "__main__"}
            for number, source in enumerate(program):
                with contextlib.nullcontext() if strict else contextlib.suppress(Exception):
                    exec(compile(source, f"<cell {number}>", "exec"), names)
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(pid, 0)
    shutil.rmtree(folder)
    if status:
        raise NotTheMarks("a cell failed under plain exec")


def _require_all(points: float, assignment: Assignment, kind: str) -> None:
    if kind != MIXED and points != assignment.automatic_points:
        raise NotTheMarks(f"a right answer got {points} of {assignment.automatic_points}")


SIDES = {"nbgrader": nbgrader, "otter": otter, "ours": ours, "plain": plain}
