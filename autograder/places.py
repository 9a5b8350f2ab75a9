"""Where in an assignment's notebooks something stands: file, cell and line, in words."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.source import SourceNotebook

MAX_TEXT = 160


@dataclass(frozen=True, slots=True)
class Place:
    """A notebook, or a cell of it by number, or a line of that cell with its text; numbers from 1."""

    file: str
    number: int | None = None
    id: str = ""
    line: int | None = None
    text: str = ""

    def __str__(self) -> str:
        cell = "" if self.number is None else f", cell {self.number}"
        name = f" ({self.id})" if self.id else ""
        return f"{self.file}{cell}{name}{'' if self.line is None else f', line {self.line}'}"

    @property
    def in_full(self) -> str:
        """Such as "source/lab6/nb.ipynb, cell 14 (test_sigmoid), line 7: assert sigmoid(0) == 0.5"."""
        return f"{self}: {self.text}" if self.text else str(self)


def place_in(assignment: str, notebook: SourceNotebook, cell: str | int, line: int | None = None) -> Place:
    """The place of a cell in `source/`, by its id or its number, and of a line of it, if there is one."""
    number, found = next((n, c) for n, c in enumerate(notebook.cells, 1) if cell in (n, c.id))
    lines = found.source.splitlines()
    if line is not None and not 0 < line <= len(lines):
        line = None
    text = "" if line is None else lines[line - 1].strip()[:MAX_TEXT]
    return Place(f"source/{assignment}/{notebook.name}.ipynb", number, found.id, line, text)
