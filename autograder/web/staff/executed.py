"""Executed notebooks for the eyes of staff, as text and as pieces in which nothing runs, whoever wrote them.

What lies in `autograded/` is of our own making, or of nbgrader's; it is shown as if a student had made it.
Code and Markdown are shown as they were typed: colours, and HTML, take as long as whoever wrote it wants.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.course import Course
from autograder.pages.showing import Shown, outputs
from autograder.settings import MIB

MAX_BYTES = 30 * MIB
MAX_CELLS, MAX_TEXT, MAX_OUTPUT = 2_000, 100_000, 2_000_000


@dataclass(frozen=True, slots=True)
class ExecutedCell:
    """One cell. `id` and `role` are nbgrader's: answer, test, locked, task, or nothing."""

    id: str
    role: str
    is_code: bool
    source: str
    outputs: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Executed:
    """A notebook, or in `missing` why there is none."""

    name: str
    cells: tuple[ExecutedCell, ...] = ()
    missing: str = ""

    def cell(self, id: str) -> ExecutedCell | None:
        return next((cell for cell in self.cells if cell.id == id), None)


def executed(course: Course, assignment: str, student: str, name: str) -> Executed:
    """The notebook in `autograded/`, within bounds."""
    path = course.autograded(student, assignment) / f"{name}.ipynb"
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return Executed(name, missing="There is no executed notebook.")
    except OSError as error:
        return Executed(name, missing=f"The executed notebook cannot be read ({error.strerror}).")
    if len(data) > MAX_BYTES:
        return Executed(name, missing="The executed notebook is too large to be shown here.")
    try:
        cells = json.loads(data)["cells"]
        return Executed(name, tuple(_cell(cell) for cell in cells[:MAX_CELLS]))
    except (ValueError, RecursionError, TypeError, KeyError, AttributeError):
        return Executed(name, missing="The executed notebook is damaged; grade this submission again.")


def _cell(cell: Mapping[str, Any]) -> ExecutedCell:
    nbgrader = cell.get("metadata", {}).get("nbgrader", {})
    is_code = cell.get("cell_type") == "code"
    return ExecutedCell(
        id=_text(nbgrader.get("grade_id", "")),
        role=_role(nbgrader),
        is_code=is_code,
        source=_text(cell.get("source", "")),
        outputs=tuple(outputs(cell.get("outputs", []), MAX_OUTPUT, as_typed=True)) if is_code else (),
    )


def _role(nbgrader: Mapping[str, Any]) -> str:
    if nbgrader.get("solution"):
        return "answer"
    if nbgrader.get("grade"):
        return "test"
    if nbgrader.get("task"):
        return "task"
    return "locked" if nbgrader.get("locked") else ""


def _text(value: Any) -> str:
    text = "".join(value) if isinstance(value, list) else str(value)
    return text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + "\n[cut here: too long to be shown]"
