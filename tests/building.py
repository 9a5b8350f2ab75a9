"""Small notebooks and courses for tests, built in a few words."""

import json
from pathlib import Path
from typing import Any

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.notebook import SourceNotebook

Cell = dict[str, Any]

KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}
STUB = "# YOUR CODE HERE\nraise NotImplementedError()"


def flagged(cell_type: str, source: str, grade_id: str, points: float | None = None, **flags: bool) -> Cell:
    nbgrader: dict[str, Any] = {"grade": False, "solution": False, "locked": False, "schema_version": 3}
    nbgrader |= {"grade_id": grade_id, **flags}
    if points is not None:
        nbgrader["points"] = points
    return plain(source, cell_type) | {"metadata": {"nbgrader": nbgrader}}


def plain(source: str, cell_type: str = "code") -> Cell:
    cell: Cell = {"cell_type": cell_type, "metadata": {}, "source": source}
    return cell | ({"outputs": [], "execution_count": None} if cell_type == "code" else {})


def solution(source: str, grade_id: str) -> Cell:
    return flagged("code", source, grade_id, solution=True)


def hidden_test(source: str, grade_id: str, points: float = 1) -> Cell:
    hidden = f"# tests\n### BEGIN HIDDEN TESTS\n{source}\n### END HIDDEN TESTS"
    return flagged("code", hidden, grade_id, points, grade=True, locked=True)


def locked(source: str, grade_id: str, cell_type: str = "code") -> Cell:
    return flagged(cell_type, source, grade_id, locked=True)


def manual(source: str, grade_id: str, points: float = 1, cell_type: str = "markdown") -> Cell:
    return flagged(cell_type, source, grade_id, points, grade=True, solution=True)


def task(source: str, grade_id: str, points: float = 1) -> Cell:
    return flagged("markdown", source, grade_id, points, locked=True, task=True)


def notebook(*cells: Cell) -> bytes:
    numbered = [{"id": f"c{number}", **cell} for number, cell in enumerate(cells)]
    content = {"cells": numbered, "metadata": {"kernelspec": KERNELSPEC}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(content).encode()


def source(*cells: Cell, name: str = "nb") -> SourceNotebook:
    return SourceNotebook.parse(name, notebook(*cells))


TOY = (
    plain("# Toy", "markdown"),
    locked("import math", "setup"),
    solution("### BEGIN SOLUTION\ndef double(x):\n    return 2 * x\n### END SOLUTION", "double"),
    hidden_test("assert double(2) == 4", "test_double", 2),
    hidden_test("assert double('a') == 'aa'", "test_text", 3),
    manual("Because.", "why", 4),
    manual("### BEGIN SOLUTION\nplot = 1\n### END SOLUTION", "drawing", 2, "code"),
    task("Do it.\n=== BEGIN MARK SCHEME ===\nTwo for trying.\n=== END MARK SCHEME ===", "chore", 5),
)
"""Twelve points beside five automatic ones, with a cell of every kind."""


def toy_course(root: Path, *cells: Cell) -> Course:
    """A course with the assignment `toy`, one notebook `nb` and one data file."""
    folder = root / "source" / "toy"
    folder.mkdir(parents=True)
    (folder / "nb.ipynb").write_bytes(notebook(*(cells or TOY)))
    (folder / "data.csv").write_text("1,2\n")
    return Course.open(root)


def toy_assignment(root: Path) -> Assignment:
    return Assignment.load(toy_course(root), "toy")
