"""Large classes as grading leaves them, without grading them: results and a gradebook that agree."""

from __future__ import annotations

import random
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.gradebook import Projection
from autograder.result import CellResult, NotebookResult, Outcome, Result, Status, TestResult
from autograder.source import Role, SourceNotebook
from benchmarks.course import ASSIGNMENT, ROOT

_SAID = (
    "{0}: largest difference {1:.3g}, allowed 1e-06",
    "{0} has shape ({2}, 1), and should have shape ({2},)",
    "{0}: {1:.3g} is not within 1% of {3:.3g}",
    "",
)
_RAISED = ("NameError: name 'w{2}' is not defined", "ValueError: shapes ({2},3) and (2,) not aligned")


def make_class(root: Path, students: Sequence[str]) -> Course:
    """A course with lab6's source, and a result and marks for everyone.

    Students differ in what they can, tests in what they ask, so that both can be told from the results.
    """
    (root / "source").mkdir(parents=True)
    (root / "source" / ASSIGNMENT).symlink_to(ROOT / "source" / ASSIGNMENT)
    (root / "autograder.toml").write_text("")
    course = Course.open(root)
    assignment = Assignment.load(course, ASSIGNMENT)
    first: Result | None = None
    points = {}
    for result in results_of_class(assignment, students):
        path = course.result_path(ASSIGNMENT, result.student)
        path.parent.mkdir(parents=True)
        path.write_text(result.to_json())
        points[result.student] = {t.id: t.points for part in result.notebooks for t in part.tests}
        first = first or result
    assert first is not None
    with Projection(course.db_url) as projection:
        projection.register(assignment)
        projection.project(first, assignment, None)
    with closing(sqlite3.connect(course.gradebook)) as book, book:
        _copy_marks(book, students[0], students[1:], points)
    return course


def results_of_class(assignment: Assignment, students: Sequence[str]) -> Iterator[Result]:
    """A result for everyone, the same ones each time."""
    chance = random.Random(0)
    tests = [cell.id for notebook in assignment.notebooks for cell in notebook.anchors]
    asked = {test: chance.gauss(-1, 1) for test in tests}
    inputs = {test: f"{chance.getrandbits(128):032x}" for test in tests}
    for student in students:
        maker = _Maker(chance, chance.gauss(0, 1), asked)
        yield Result(
            schema=1,
            assignment=ASSIGNMENT,
            student=student,
            status=Status.GRADED,
            key=f"{chance.getrandbits(128):032x}",
            tier=3,
            isolation="wall",
            seeds={"student": 0, "hidden": 0},
            versions={},
            notebooks=tuple(maker.notebook(notebook) for notebook in assignment.notebooks),
            tampering=("a hidden test was changed; the original ran",) if chance.random() < 0.01 else (),
            inputs={**inputs, "submission": f"{chance.getrandbits(128):032x}"},
        )


@dataclass(frozen=True, slots=True)
class _Maker:
    """One student: passes a test with the chance that the difference of can and asked gives."""

    chance: random.Random
    can: float
    asked: Mapping[str, float]

    def notebook(self, notebook: SourceNotebook) -> NotebookResult:
        tests = tuple(
            self._test(cell.id, cell.points or 0.0) for cell in notebook.anchors if cell.role is Role.TEST
        )
        cells = tuple(
            CellResult(place, cell.id, str(cell.role), True, Outcome.PASSED, "", self._seconds(0.01))
            for place, cell in enumerate(notebook.anchors)
            if cell.role is not Role.TEST
        )
        return NotebookResult(notebook.name, tests=tests, cells=cells)

    def _test(self, name: str, most: float) -> TestResult:
        seconds = self._seconds(0.02)
        if self.can + self.chance.gauss(0, 0.8) > self.asked[name]:
            return TestResult(name, most, most, Outcome.PASSED, "", seconds)
        outcome = self.chance.choice((Outcome.FAILED, Outcome.FAILED, Outcome.FAILED, Outcome.ERROR))
        said = self.chance.choice(_SAID if outcome is Outcome.FAILED else _RAISED)
        words = name, self.chance.random(), self.chance.randrange(2, 9), self.chance.random()
        return TestResult(name, 0.0, most, outcome, said.format(*words), seconds)

    def _seconds(self, usual: float) -> float:
        return round(usual * self.chance.lognormvariate(0, 0.7), 6)


def _copy_marks(
    book: sqlite3.Connection, of: str, to: Sequence[str], points: Mapping[str, Mapping[str, float]]
) -> None:
    """The rows of the only submission once more for others; ids get the student's own behind them."""
    names = dict(book.execute("SELECT id, name FROM base_cell"))
    book.executemany("INSERT INTO student (id, email) VALUES (?, ?)", [(who, f"{who}@x.org") for who in to])
    book.execute("UPDATE student SET email = ? WHERE id = ?", (f"{of}@x.org", of))
    for table, own_ids in {
        "submitted_assignment": ("id",),
        "submitted_notebook": ("id", "assignment_id"),
        "grade": ("id", "notebook_id"),
        "comment": ("id", "notebook_id"),
    }.items():
        cursor = book.execute(f"SELECT * FROM {table}")
        columns = [column[0] for column in cursor.description]
        rows = [dict(zip(columns, row, strict=True)) for row in cursor]
        marks = ", ".join("?" * len(columns))
        book.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})",
            (
                [
                    f"{row[c]}{who}"
                    if c in own_ids
                    else who
                    if row[c] == of
                    else points[who].get(names[row["cell_id"]], row[c])
                    if c == "auto_score"
                    else row[c]
                    for c in columns
                ]
                for who in to
                for row in rows
            ),
        )


def mark_by_hand(course: Course) -> None:
    """Points of humans for all answers but those of every tenth student."""
    with closing(sqlite3.connect(course.gradebook)) as book, book:
        book.execute(
            "UPDATE grade SET manual_score = abs(random()) % 5, needs_manual_grade = 0 "
            "WHERE auto_score IS NULL AND abs(random()) % 10 > 0"
        )


def cost_of(root: Path, *arguments: str) -> str:
    """Wall time and processor time of a whole command."""
    started, used = time.perf_counter(), _processor_seconds()
    command = [sys.executable, "-c", "from autograder.cli import main; main()", *arguments]
    subprocess.run(command, cwd=root, check=True, stdout=subprocess.DEVNULL)
    return f"{time.perf_counter() - started:.1f} s, {_processor_seconds() - used:.1f} s of a processor"


def _processor_seconds() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime
