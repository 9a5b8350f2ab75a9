"""A toy course with students, graded for real: what the tests of the verbs have in common."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from autograder.assignment import Assignment
from autograder.context import Context
from autograder.course import Course
from autograder.grading import Graded, grade_class
from autograder.result import Result
from autograder.runtime.servers import Servers
from autograder.verifying.cases import submitted_notebook
from tests.building import Cell, hidden_test, locked, manual, notebook, solution

REPOSITORY = Path(__file__).parents[1]
SETTINGS = 'preload = ["numpy"]\n'
QUICK = "[limits]\ncell_seconds = 1\ntest_seconds = 1\n"

DOUBLE = "def double(x):\n    return 2 * x"
HALF = "def half(x):\n    return x / 2"


def _solved(text: str) -> str:
    return f"### BEGIN SOLUTION\n{text}\n### END SOLUTION"


NUMBERS = (
    locked("import numpy as np", "setup"),
    solution(_solved(DOUBLE), "double"),
    hidden_test("assert double(2) == 4, 'two times two is four'", "test_double", 2),
    solution(_solved(HALF), "half"),
    hidden_test("assert half(3) == 1.5", "test_half", 3),
    manual("Because.", "why", 4),
)


class Classroom:
    """A course with the assignment `toy` (one notebook `nb`, 5 automatic points and 4 by hand)."""

    def __init__(self, root: Path, servers: Servers | None = None, *cells: Cell) -> None:
        self.root = root
        self.servers = servers
        self.write("source/toy/nb.ipynb", notebook(*(cells or NUMBERS)))
        self.settings(SETTINGS)

    def write(self, path: str | Path, data: bytes | str) -> Path:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data.encode() if isinstance(data, str) else data)
        return target

    def settings(self, text: str) -> None:
        self.write("autograder.toml", text)

    def hand_in(self, student: str, **answers: str) -> Path:
        """A submission of the solution with some answers replaced; its folder."""
        source = Assignment.from_folder("toy", self.root / "source" / "toy").notebook("nb")
        data = submitted_notebook(source, {"why": "Since two.", **answers})
        return self.write(f"submitted/{student}/toy/nb.ipynb", data).parent

    @property
    def course(self) -> Course:
        return Course.open(self.root)

    def context(self) -> Context:
        return Context.of(self.course, "toy")

    def grade(self, *students: str, **options: Any) -> dict[str, Graded]:
        """Grades in this process, with warm servers; by student."""
        options = {"servers": self.servers, "unverified": True, "jobs": 2, **options}
        graded = grade_class(self.context(), students, **options)
        return {one.result.student: one for one in graded}

    def points(self, *students: str, **options: Any) -> dict[str, float]:
        return {name: one.result.points for name, one in self.grade(*students, **options).items()}

    def result(self, student: str) -> Result:
        found = Result.read(self.course.result_path("toy", student))
        assert found is not None
        return found

    def submitted(self, student: str) -> Path:
        return self.root / "submitted" / student / "toy"

    def autograded(self, student: str) -> Path:
        return self.root / "autograded" / student / "toy"

    def shown(self, student: str, name: str = "nb") -> str:
        """The executed notebook."""
        return (self.autograded(student) / f"{name}.ipynb").read_text()

    def sql(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.root / "gradebook.db")) as connection, connection:
            return connection.execute(query).fetchall()

    def marks(self) -> dict[tuple[str, str], tuple[float | None, int]]:
        """(student, cell) -> automatic score and whether a human has to look, as the database has it."""
        rows = self.sql(
            "SELECT a.student_id, c.name, g.auto_score, g.needs_manual_grade FROM grade g "
            "JOIN base_cell c ON c.id = g.cell_id JOIN submitted_notebook n ON n.id = g.notebook_id "
            "JOIN submitted_assignment a ON a.id = n.assignment_id"
        )
        return {(student, cell): (score, needs) for student, cell, score, needs in rows}

    def marks_of(self, student: str) -> dict[str, tuple[float | None, int]]:
        return {cell: mark for (name, cell), mark in self.marks().items() if name == student}

    # the command line, in a process of its own ------------------------------------------------

    def start(self, *arguments: str, prepare: Callable[[], None] | None = None) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", "from autograder.cli import main; main()", *arguments],
            cwd=self.root,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=prepare,
        )

    def environment(self) -> dict[str, str]:
        self.temporary.mkdir(exist_ok=True)
        return {
            **os.environ,
            "PYTHONPATH": str(REPOSITORY),
            "TMPDIR": str(self.temporary),
            "OMP_NUM_THREADS": "1",
        }

    @property
    def temporary(self) -> Path:
        """The temporary folder of the commands."""
        return self.root.with_name(self.root.name + ".tmp")

    def run(self, *arguments: str, prepare: Callable[[], None] | None = None) -> "Ran":
        process = self.start(*arguments, prepare=prepare)
        out, err = process.communicate(timeout=120)
        return Ran(process.returncode, out, err)

    def facts(self) -> dict[str, Any]:
        """All that grading leaves, but for times: results, notebooks and marks."""
        results = {}
        for path in sorted((self.root / ".autograder" / "results").rglob("result.json")):
            results[str(path.relative_to(self.root))] = _without_seconds(json.loads(path.read_text()))
        notebooks = {
            str(path.relative_to(self.root)): path.read_bytes()
            for path in sorted((self.root / "autograded").rglob("*"))
            if path.is_file()
        }
        return {"results": results, "notebooks": notebooks, "marks": self.marks()}


class Ran:
    """How a command ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.out = out
        self.err = err

    @property
    def line(self) -> str:
        """The one line that a failed command prints."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        return lines[0]


def _without_seconds(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_seconds(item) for key, item in value.items() if key != "seconds"}
    if isinstance(value, list):
        return [_without_seconds(item) for item in value]
    return value
