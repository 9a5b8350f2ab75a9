"""What is wrong with an assignment before a student sees it: leaks, and tests that the wall refuses."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import Assignment
from autograder.errors import NotGradable
from autograder.ipynb import RawCell, RawNotebook, read_notebook
from autograder.names import python_of
from autograder.regions import HIDDEN_TESTS, KINDS, MARK_SCHEME, SOLUTION, has_region, region_text
from autograder.settings import MIB, Engine
from autograder.source import Role, SourceCell, SourceNotebook, stub_of
from autograder.testlint import Finding, findings

MAX_RELEASE_BYTES = 100 * MIB
SHORTEST_LEAK = 30  # characters, without blanks, that do not stand in a release by chance

_REGION_OF = {
    SOLUTION: (Role.SOLUTION, Role.MANUAL),
    HIDDEN_TESTS: (Role.TEST, Role.MANUAL),
    MARK_SCHEME: (Role.TASK,),
}
AUTOTEST = re.compile(r"^\s*#+\s*(HASHED )?AUTOTEST\b", re.MULTILINE)
_IMPORTS_US = re.compile(r"^\s*(import|from)\s+autograder\b", re.MULTILINE)
_ATTACHMENT = re.compile(r"attachment:([^)\s\"'>]+)")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. `line` counts from 1 within the cell; a problem that is no error is only noted."""

    notebook: str
    cell: str
    message: str
    mend: str
    line: int | None = None
    is_error: bool = True

    def __str__(self) -> str:
        line = "" if self.line is None else f", line {self.line}"
        return f"{self.notebook}.ipynb, cell {self.cell}{line}: {self.message}; {self.mend}"


def lint_source(
    assignment: Assignment, shared_cells: Collection[str] = (), engine: Engine = "fork"
) -> list[Problem]:
    """Problems of the instructor's notebooks, in their order.

    Tests named in `shared_cells` run beside the student's code, where the wall's rules do not hold; with
    the engine "kernel" all do, and nothing needs to be Python.
    """
    return [
        problem
        for notebook in assignment.notebooks
        if notebook.is_template  # else its cells are ours
        for problem in _lint_notebook(notebook, frozenset(shared_cells), engine)
    ]


def _lint_notebook(
    notebook: SourceNotebook, shared_cells: frozenset[str], engine: Engine
) -> Iterator[Problem]:
    for number, cell in enumerate(notebook.cells, 1):
        name = cell.id or str(number)
        yield from _lint_regions(notebook.name, name, cell)
        if cell.cell_type != "code" or engine == "kernel":
            continue
        try:
            python_of(cell.source)
        except SyntaxError as error:
            if cell.role is not Role.PLAIN:
                yield Problem(notebook.name, name, f"is not Python ({error.msg})", "correct it", error.lineno)
            continue
        if cell.role is Role.TEST and cell.id not in shared_cells:
            yield from _lint_test(notebook, cell)


def _lint_regions(notebook: str, name: str, cell: SourceCell) -> Iterator[Problem]:
    for kind, roles in _REGION_OF.items():
        if has_region(cell.source, kind) and cell.role not in roles:
            yield Problem(
                notebook,
                name,
                f"has a region BEGIN {kind}, which only a {' or '.join(roles)} cell may have",
                "give the cell that role or take the region out",
            )
    if cell.role is Role.TEST and not has_region(cell.source, HIDDEN_TESTS):
        yield Problem(
            notebook,
            name,
            "is a test that students can read",
            "put it between ### BEGIN HIDDEN TESTS and ### END HIDDEN TESTS if that is not intended",
            is_error=False,
        )
    if AUTOTEST.search(cell.source):
        yield Problem(
            notebook, name, "has an AUTOTEST line, which is not run here", "write the assert itself"
        )
    if cell.cell_type == "code" and _IMPORTS_US.search(stub_of(cell)):
        yield Problem(
            notebook, name, "imports autograder where students see it", "move the import into a hidden region"
        )


def _lint_test(notebook: SourceNotebook, cell: SourceCell) -> Iterator[Problem]:
    given = [other.source for other in notebook.cells if other.cell_type == "code"]
    found: Iterator[Finding] = findings(cell.source, notebook.student_names, given)
    for finding in found:
        yield Problem(notebook.name, cell.id, finding.message, finding.mend, finding.line)


def lint_release(folder: Path, assignment: Assignment | None = None) -> list[Problem]:
    """Problems of the notebooks in a release folder: whatever tells students an answer or a hidden test.

    With the assignment given, the release is also searched for the text of its hidden parts.
    """
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.ipynb")):
        try:
            raw = read_notebook(path.read_bytes(), MAX_RELEASE_BYTES)
        except NotGradable as error:
            problems.append(Problem(path.stem, "-", str(error), "generate the release again"))
            continue
        problems += _lint_released(path.stem, raw)
        sources = [] if assignment is None else [nb for nb in assignment.notebooks if nb.name == path.stem]
        for source in sources:
            problems += _lint_copies(source, raw)
    return problems


def _lint_released(notebook: str, raw: RawNotebook) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, cell in enumerate(raw.cells, 1):
        name = cell.grade_id or str(number)
        source = cell.source or ""
        for kind in KINDS:
            if f"BEGIN {kind}" in source or f"END {kind}" in source:
                yield Problem(notebook, name, f"still has a marker of {kind}", "generate the release again")
        if cell.has_outputs:
            yield Problem(notebook, name, "holds outputs", "generate the release again; it clears them")
        if cell.cell_type == "code" and _IMPORTS_US.search(source):
            yield Problem(notebook, name, "imports autograder", "move the import into a hidden region")
        if cell.grade_id in seen:
            yield Problem(notebook, name, "bears an id that another cell has", "give each cell its own id")
        seen |= {cell.grade_id} if cell.grade_id else set()
        for attachment in cell.attachments.keys() - set(_ATTACHMENT.findall(source)):
            yield Problem(
                notebook,
                name,
                f"carries the file {attachment!r}, which its text no longer shows",
                "remove it",
            )
        yield from _lint_metadata(notebook, name, cell)


_PLAIN_METADATA = {
    "nbgrader",
    "deletable",
    "editable",
    "tags",
    "jupyter",
    "slideshow",
    "collapsed",
    "scrolled",
}


def _lint_metadata(notebook: str, name: str, cell: RawCell) -> Iterator[Problem]:
    unknown = cell.metadata.keys() - _PLAIN_METADATA
    if unknown:
        yield Problem(
            notebook,
            name,
            f"has metadata {', '.join(sorted(unknown))}",
            "remove them: they may tell an answer",
        )


def _lint_copies(source: SourceNotebook, raw: RawNotebook) -> Iterator[Problem]:
    released: Mapping[str, str] = {
        cell.grade_id or str(number): _squeezed(cell.source or "") for number, cell in enumerate(raw.cells, 1)
    }
    for cell in source.anchors:
        for secret in _secrets(cell):
            for name, text in released.items():
                if secret in text:
                    yield Problem(
                        source.name, name, f"shows the hidden part of cell {cell.id!r}", "take the copy out"
                    )


def _secrets(cell: SourceCell) -> Iterator[str]:
    if cell.role.is_answer:
        whole = cell.source if not has_region(cell.source, SOLUTION) else region_text(cell.source, SOLUTION)
        parts = [whole if cell.source != stub_of(cell) else ""]
    else:
        parts = [region_text(cell.source, HIDDEN_TESTS), region_text(cell.source, MARK_SCHEME)]
    for part in map(_squeezed, parts):
        if len(part) >= SHORTEST_LEAK:
            yield part


def _squeezed(text: str) -> str:
    return "".join(text.split())


def errors_of(problems: list[Problem]) -> list[Problem]:
    """Only those that stand in the way."""
    return [problem for problem in problems if problem.is_error]
