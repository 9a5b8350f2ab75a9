"""Executed notebooks for the eyes of staff: as text, pictures and cleaned HTML, whoever wrote them.

What lies in `autograded/` is of our own making, or of nbgrader's; it is shown as if a student had made it.
Markdown is shown as it was typed: making HTML of it takes as long as whoever wrote it wants.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from autograder.course import Course
from autograder.runtime.markup import clean_html
from autograder.runtime.outputs import clean, uncoloured
from autograder.settings import MIB

MAX_BYTES = 30 * MIB
MAX_CELLS, MAX_TEXT, MAX_OUTPUT = 2_000, 100_000, 5_000_000
_PICTURES = ("image/png", "image/jpeg", "image/gif")


@dataclass(frozen=True, slots=True)
class Output:
    """One of them: `kind` is text, error, html or picture (an address that holds it)."""

    kind: str
    content: str


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One cell. `id` and `role` are nbgrader's: answer, test, locked, task, or nothing."""

    id: str
    role: str
    is_code: bool
    source: str
    outputs: tuple[Output, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A notebook, or in `missing` why there is none."""

    name: str
    cells: tuple[ShownCell, ...] = ()
    missing: str = ""

    def cell(self, id: str) -> ShownCell | None:
        return next((cell for cell in self.cells if cell.id == id), None)


def executed(course: Course, assignment: str, student: str, name: str) -> Shown:
    """The notebook in `autograded/`, within bounds."""
    path = course.autograded(student, assignment) / f"{name}.ipynb"
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return Shown(name, missing="There is no executed notebook.")
    except OSError as error:
        return Shown(name, missing=f"The executed notebook cannot be read ({error.strerror}).")
    if len(data) > MAX_BYTES:
        return Shown(name, missing="The executed notebook is too large to be shown here.")
    try:
        cells = json.loads(data)["cells"]
        return Shown(name, tuple(_cell(cell) for cell in cells[:MAX_CELLS]))
    except (ValueError, RecursionError, TypeError, KeyError, AttributeError):
        return Shown(name, missing="The executed notebook is damaged; grade this submission again.")


def _cell(cell: Mapping[str, Any]) -> ShownCell:
    nbgrader = cell.get("metadata", {}).get("nbgrader", {})
    is_code = cell.get("cell_type") == "code"
    outputs = clean(cell.get("outputs", []), MAX_OUTPUT) if is_code else []
    return ShownCell(
        id=_text(nbgrader.get("grade_id", "")),
        role=_role(nbgrader),
        is_code=is_code,
        source=_text(cell.get("source", "")),
        outputs=tuple(_outputs(outputs)),
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


def _outputs(outputs: Iterable[Mapping[str, Any]]) -> Iterable[Output]:
    for output in outputs:
        match output["output_type"]:
            case "stream":
                yield Output("text", _plain(output["text"]))
            case "error":
                lines = "\n".join(output["traceback"]) or f"{output['ename']}: {output['evalue']}"
                yield Output("error", _plain(lines))
            case _:
                if (found := _rich(output["data"])) is not None:
                    yield found


def _rich(data: Mapping[str, Any]) -> Output | None:
    for mime in _PICTURES:
        if mime in data:
            return Output("picture", f"data:{mime};base64,{''.join(data[mime].split())}")
    if "text/html" in data:
        return Output("html", clean_html(data["text/html"]))
    for mime in ("text/markdown", "text/latex", "text/plain"):
        if mime in data:
            return Output("text", _plain(data[mime]))
    return None


def _plain(text: str) -> str:
    return _text(uncoloured(text))
