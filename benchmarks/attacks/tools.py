"""The graders, each asked for the marks of an attack and for all that came out of its run."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.result import Result
from autograder.runtime.tiers import strongest
from benchmarks.attacks.room import BYSTANDERS, Room
from benchmarks.attacks.supervise import Ended, supervised
from benchmarks.course import ASSIGNMENT
from benchmarks.otter import points_of, run_arguments, with_checks, write_zip

SECONDS = 240.0  # for one notebook: long, because it is wall time on a machine that may be busy


@dataclass
class Run:
    """What a grader made of a submission. `points` by test id; missing where it gave none.

    `printed` is what cells printed, `shown` the outputs of the notebook that it keeps, `said` what the
    tool itself wrote to the terminal, `ended` whether it came to an end by itself.
    """

    points: dict[str, float] = field(default_factory=dict)
    printed: str = ""
    shown: list[dict[str, Any]] = field(default_factory=list)
    said: str = ""
    ended: bool = True
    bystanders: bool = True


class Nbgrader:
    """`nbgrader autograde`, one process for each submission."""

    name = "nbgrader"

    def __init__(self, room: Room, assignment: Assignment) -> None:
        self.room = room
        self.assignment = assignment

    def prepare(self) -> None:
        """Makes the database, and grades those who attack nobody."""
        self._run("generate_assignment", ASSIGNMENT)
        self._run("autograde", ASSIGNMENT)

    def grade(self, student: str, notebooks: Mapping[str, bytes]) -> Run:
        heard = self.room.folder / "heard.txt"
        heard.unlink(missing_ok=True)
        self.room.hand_in(student, notebooks)
        before = self._points(BYSTANDERS)
        ended = self._run("autograde", ASSIGNMENT, "--student", student, heard=heard)
        run = Run(ended=ended.status is not None, said=ended.text)
        run.points = {cell: score for (_, cell), score in self._points((student,)).items()}
        run.printed = heard.read_text("utf-8", "replace") if heard.exists() else ""
        run.shown = _outputs(self.room.course / "autograded" / student / ASSIGNMENT)
        run.bystanders = self._points(BYSTANDERS) == before
        return run

    def _run(self, *arguments: str, heard: Path | None = None) -> Ended:
        command = [sys.executable, "-m", "benchmarks.attacks.witness", str(heard or "/dev/null"), "nbgrader"]
        return supervised([*command, *arguments], self.room.course, self.room.environment, SECONDS)

    def _points(self, students: tuple[str, ...]) -> dict[tuple[str, str], float]:
        """Automatic scores and extra credit, as the gradebook has them."""
        import sqlite3
        from contextlib import closing

        query = (
            "SELECT a.student_id, c.name, g.auto_score + coalesce(g.extra_credit, 0) FROM grade g "
            "JOIN base_cell c ON c.id = g.cell_id JOIN submitted_notebook n ON n.id = g.notebook_id "
            "JOIN submitted_assignment a ON a.id = n.assignment_id"
        )
        with closing(sqlite3.connect(self.room.course / "gradebook.db")) as book:
            rows = book.execute(query).fetchall()
        return {(who, cell): score for who, cell, score in rows if who in students and score is not None}


class Otter:
    """`otter run`, one process for each notebook; the hidden tests as exception-based test files."""

    name = "otter"

    def __init__(self, room: Room, assignment: Assignment) -> None:
        self.room = room
        self.assignment = assignment

    def prepare(self) -> None:
        """Packs the tests of each notebook."""
        for notebook in self.assignment.notebooks:
            write_zip(self.room.folder / f"{notebook.name}.zip", notebook)

    def grade(self, student: str, notebooks: Mapping[str, bytes]) -> Run:
        run = Run()
        for name, data in notebooks.items():
            folder = self.room.folder / "otter" / student
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{name}.ipynb").write_bytes(with_checks(data, self.assignment.notebook(name)))
            heard = self.room.folder / "heard.txt"
            heard.unlink(missing_ok=True)
            archive = self.room.folder / f"{name}.zip"
            command = [sys.executable, "-m", "benchmarks.attacks.witness", str(heard), "otter"]
            command += run_arguments(archive, folder, folder / f"{name}.ipynb")
            ended = supervised(command, folder, self.room.environment, SECONDS)
            run.ended &= ended.status is not None
            run.said += ended.text
            run.printed += heard.read_text("utf-8", "replace") if heard.exists() else ""
            run.points |= points_of(folder / "results.json", self.assignment.notebook(name))
        return run


class Ours:
    """`autograder grade` on the whole class at once: every attack beside every other."""

    name = "autograder"
    options: tuple[str, ...] = ()

    def __init__(self, room: Room, assignment: Assignment) -> None:
        self.room = room
        self.assignment = assignment

    @property
    def tier(self) -> str:
        return str(strongest().tier)

    def grade_all(self, given: Mapping[str, Mapping[str, bytes]], seconds: float) -> dict[str, Run]:
        for student, notebooks in given.items():
            self.room.hand_in(student, notebooks)
        ended = self._grade((), seconds)
        unharmed = self._points(BYSTANDERS) == dict.fromkeys(BYSTANDERS, self.assignment.automatic_points)
        return {student: self._run(student, ended, unharmed) for student in given}

    def _grade(self, students: tuple[str, ...], seconds: float) -> Ended:
        command = [sys.executable, "-c", "from autograder.cli import main; main()", "grade", ASSIGNMENT]
        command += ["--unverified", *self.options, *(f"--student={student}" for student in students)]
        return supervised(command, self.room.course, self.room.environment, seconds)

    def _result(self, student: str) -> Result | None:
        return Result.read(Course.open(self.room.course).result_path(ASSIGNMENT, student))

    def _points(self, students: tuple[str, ...]) -> dict[str, float | None]:
        found = {student: self._result(student) for student in students}
        return {student: result.points if result else None for student, result in found.items()}

    def _run(self, student: str, ended: Ended, unharmed: bool) -> Run:
        run = Run(ended=ended.status is not None, said=ended.text, bystanders=unharmed)
        result = self._result(student)
        if result is not None:
            run.points = {test.id: test.points for notebook in result.notebooks for test in notebook.tests}
            run.printed = "\n".join(result.withheld.values())
        run.shown = _outputs(self.room.course / "autograded" / student / ASSIGNMENT)
        return run


class Unjailed(Ours):
    """This grader without its jail, only the wall: one process for each submission."""

    name = "tier0"
    options = ("--min-tier=0", "--max-tier=0", "--jobs=1")

    def prepare(self) -> None:
        """Grades those who attack nobody."""
        self._grade((), SECONDS)

    def grade(self, student: str, notebooks: Mapping[str, bytes]) -> Run:
        self.room.hand_in(student, notebooks)
        before = self._points(BYSTANDERS)
        ended = self._grade((student,), SECONDS)
        return self._run(student, ended, self._points(BYSTANDERS) == before)


def _outputs(folder: Path) -> list[dict[str, Any]]:
    """The outputs in the notebooks that a tool wrote; none where it broke off in the middle of one."""
    found: list[dict[str, Any]] = []
    for path in sorted(folder.glob("*.ipynb")):
        with contextlib.suppress(ValueError):
            for cell in json.loads(path.read_text("utf-8", "replace"))["cells"]:
                found += cell.get("outputs", [])
    return found
