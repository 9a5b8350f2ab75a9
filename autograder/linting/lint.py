"""What is wrong with an assignment before a student sees it: leaks, and tests that the wall refuses.

Only text is read; no cell is run.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import Assignment, support_files_of
from autograder.course import Course
from autograder.errors import NotGradable, UsageError
from autograder.ipynb import RawCell, RawNotebook, read_notebook
from autograder.linting.leaking import found_in, private_of, secrets_of
from autograder.linting.testlint import findings
from autograder.names import python_of
from autograder.otter.notebook import is_otter
from autograder.places import Place, place_in
from autograder.regions import HIDDEN_TESTS, KINDS, MARK_SCHEME, SOLUTION, has_region, region_text
from autograder.settings import MIB, Engine
from autograder.source import BadSource, Role, SourceCell, SourceNotebook, read_source, stub_of

MAX_RELEASE_BYTES = 100 * MIB
MAX_SEARCHED_BYTES = MIB  # of a file beside the notebooks: no solution is longer

_REGION_OF = {
    SOLUTION: (Role.SOLUTION, Role.MANUAL),
    HIDDEN_TESTS: (Role.TEST, Role.MANUAL),
    MARK_SCHEME: (Role.TASK,),
}
AUTOTEST = re.compile(r"^[^\S\n]*#+\s*(HASHED )?AUTOTEST\b", re.MULTILINE)
_IMPORTS_US = re.compile(r"^[^\S\n]*(import|from)\s+autograder\b", re.MULTILINE)
_ATTACHMENT = re.compile(r"attachment:([^)\s\"'>]+)")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend, in a cell by id or number; a problem that is no error is only noted."""

    notebook: str
    cell: str
    message: str
    mend: str
    place: Place
    is_error: bool = True

    def __str__(self) -> str:
        return f"{self.place}: {self.message}; {self.mend}"


def lint(course: Course, name: str) -> list[Problem]:
    """All problems that can be told from the text of `source/NAME`, and of `release/NAME` if it is there.

    Raises UsageError where there is no such assignment.
    """
    folder = course.source(course.require_assignment(name))
    if is_otter(folder):
        raise UsageError(f"{name} is an assignment of otter's, whose notebooks otter checks")
    problems: list[Problem] = []
    notebooks = []
    for path in sorted(folder.glob("*.ipynb")):
        parsed = read_source(path.stem, path.read_bytes())
        if isinstance(parsed, SourceNotebook):
            notebooks.append(parsed)
        else:
            problems += (_unreadable(name, path.stem, fault) for fault in parsed)
    assignment = Assignment(name, tuple(notebooks), support_files_of(folder))
    settings = course.settings.for_assignment(name)
    problems += lint_source(assignment, settings.shared_cells, settings.engine)
    problems += _lint_what_is_given(assignment)
    # what stands in the source is told once
    told = {(problem.notebook, problem.cell, problem.message) for problem in problems}
    released = lint_release(course.release(name), assignment)
    return problems + [p for p in released if (p.notebook, p.cell, p.message) not in told]


def _unreadable(assignment: str, notebook: str, fault: BadSource) -> Problem:
    place = Place(f"source/{assignment}/{notebook}.ipynb", fault.number)
    return Problem(notebook, str(fault.number or "-"), fault.what, fault.mend, place)


def lint_source(
    assignment: Assignment, shared_cells: Collection[str] = (), engine: Engine = "fork"
) -> list[Problem]:
    """Problems of the instructor's notebooks that verdicts depend on, in their order.

    Tests named in `shared_cells` run beside the student's code, where the wall's rules do not hold; with
    the engine "kernel" all do, and nothing needs to be Python.
    """
    return [
        problem
        for notebook in assignment.notebooks
        if notebook.is_template  # else its cells are ours
        for problem in _Source(assignment.name, notebook, frozenset(shared_cells), engine).problems()
    ]


@dataclass(frozen=True, slots=True)
class _Source:
    """One notebook of the instructor's."""

    assignment: str
    notebook: SourceNotebook
    shared_cells: frozenset[str]
    engine: Engine

    def problems(self) -> Iterator[Problem]:
        for number, cell in enumerate(self.notebook.cells, 1):
            yield from self._in_regions(number, cell)
            if cell.cell_type != "code" or self.engine == "kernel":
                continue
            if cell.role is Role.SOLUTION and is_unsolved(cell):
                yield self._unsolved(number, cell)
            try:
                python_of(cell.source)
            except SyntaxError as error:
                if cell.role is not Role.PLAIN:
                    what = f"is not Python ({error.msg})"
                    yield self._problem(number, cell, what, "correct it", error.lineno)
                continue
            if cell.role is Role.TEST and cell.id not in self.shared_cells:
                yield from self._in_test(number, cell)

    def _problem(
        self,
        number: int,
        cell: SourceCell,
        message: str,
        mend: str,
        line: int | None = None,
        is_error: bool = True,
    ) -> Problem:
        place = place_in(self.assignment, self.notebook, number, line)
        return Problem(self.notebook.name, cell.id or str(number), message, mend, place, is_error)

    def _in_regions(self, number: int, cell: SourceCell) -> Iterator[Problem]:
        for kind, roles in _REGION_OF.items():
            if has_region(cell.source, kind) and cell.role not in roles:
                what = f"has a region BEGIN {kind}, which only a {' or '.join(roles)} cell may have"
                mend = "give the cell that role or take the region out"
                yield self._problem(number, cell, what, mend, _line_with(cell, f"BEGIN {kind}"))
        if cell.role is Role.TEST and not has_region(cell.source, HIDDEN_TESTS):
            what = "is a test that students can read"
            mend = "put it between ### BEGIN HIDDEN TESTS and ### END HIDDEN TESTS if that is not intended"
            yield self._problem(number, cell, what, mend, is_error=False)
        if found := AUTOTEST.search(cell.source):
            what = "has an AUTOTEST line, which is not run here"
            line = cell.source.count("\n", 0, found.end()) + 1
            yield self._problem(number, cell, what, "write the assert itself", line)
        if cell.cell_type == "code" and _IMPORTS_US.search(stub_of(cell)):
            what = "imports autograder where students see it"
            yield self._problem(number, cell, what, "move the import into a hidden region")

    def _unsolved(self, number: int, cell: SourceCell) -> Problem:
        tests = self.notebook.tests_after(cell)
        mend = "write the answer between ### BEGIN SOLUTION and ### END SOLUTION"
        why = f", so {tests[0]!r} has nothing right to pass with" if tests else ""
        return self._problem(number, cell, f"holds no solution{why}", mend, is_error=bool(tests))

    def _in_test(self, number: int, cell: SourceCell) -> Iterator[Problem]:
        given = [other.source for other in self.notebook.cells if other.cell_type == "code"]
        for finding in findings(cell.source, self.notebook.student_names, given):
            yield self._problem(number, cell, finding.message, finding.mend, finding.line)


def _line_with(cell: SourceCell, text: str) -> int:
    return next(number for number, line in enumerate(cell.source.split("\n"), 1) if text in line)


def is_unsolved(cell: SourceCell) -> bool:
    """Whether the place for the answer holds nothing but what a release has there."""
    text = region_text(cell.source, SOLUTION) if has_region(cell.source, SOLUTION) else cell.source
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return "".join(lines) in ("", "pass", "...", "raise NotImplementedError()", "raise NotImplementedError")


# What students get ------------------------------------------------------------------------------


def lint_release(folder: Path, assignment: Assignment | None = None) -> list[Problem]:
    """Problems of the notebooks in a release folder: whatever tells students an answer or a hidden test.

    With the assignment given, the release is also searched for its hidden parts.
    """
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.ipynb")):
        file = f"release/{folder.name}/{path.name}"
        try:
            raw = read_notebook(path.read_bytes(), MAX_RELEASE_BYTES)
        except NotGradable as error:
            problems.append(Problem(path.stem, "-", str(error), _AGAIN, Place(file)))
            continue
        sources = [] if assignment is None else [nb for nb in assignment.notebooks if nb.name == path.stem]
        problems += _Given(path.stem, file, raw, sources).problems()
    return problems


def _lint_what_is_given(assignment: Assignment) -> Iterator[Problem]:
    """Problems of the release that these sources will give, and of the files beside them."""
    for notebook in assignment.notebooks:
        file = f"source/{assignment.name}/{notebook.name}.ipynb"
        yield from _Given(notebook.name, file, _to_be_given(notebook), [notebook]).problems()
        secrets = list(secrets_of(notebook))
        for name, path in assignment.support_files.items():
            if path.stat().st_size <= MAX_SEARCHED_BYTES:
                text = path.read_text("utf-8", "replace")
                for owner in found_in(text, secrets):
                    place = Place(f"source/{assignment.name}/{name}")
                    yield Problem(
                        notebook.name, name, f"shows the hidden part of cell {owner!r}", _OUT, place
                    )


def _to_be_given(notebook: SourceNotebook) -> RawNotebook:
    cells = (
        RawCell(
            cell_type=cell.cell_type,
            source=stub_of(cell),
            metadata={name: value for name, value in cell.metadata.items() if name != "execution"},
            cell_id=cell.cell_id,
            attachments=cell.attachments,
        )
        for cell in notebook.cells
    )
    return RawNotebook(tuple(cells), {})


_AGAIN = "generate the release again"
_OUT = "take the copy out"
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


@dataclass(frozen=True, slots=True)
class _Given:
    """One notebook as students get it, and its source, if that is known."""

    name: str
    file: str
    raw: RawNotebook
    sources: list[SourceNotebook]

    def problems(self) -> Iterator[Problem]:
        secrets = [secret for source in self.sources for secret in secrets_of(source)]
        private = [secret for source in self.sources for secret in private_of(source)]
        seen: dict[str, int] = {}
        for number, cell in enumerate(self.raw.cells, 1):
            yield from self._in_cell(number, cell)
            if cell.grade_id in seen:
                what = f"bears the id of cell {seen[cell.grade_id]}"
                yield self._problem(number, cell, what, "give each cell its own id")
            elif cell.grade_id:
                seen[cell.grade_id] = number
            for owner in found_in(cell.source or "", secrets):
                yield self._problem(number, cell, f"shows the hidden part of cell {owner!r}", _OUT)
            for where, text in _beside(cell):
                for owner in found_in(text, [*secrets, *private]):
                    what = f"shows in {where} what cell {owner!r} hides"
                    yield self._problem(number, cell, what, "remove it")
        for owner in found_in(_texts_in(self.raw.metadata), [*secrets, *private]):
            place = Place(self.file)
            what = f"shows in the notebook's metadata what cell {owner!r} hides"
            yield Problem(self.name, "-", what, "remove it", place)

    def _problem(self, number: int, cell: RawCell, message: str, mend: str) -> Problem:
        place = Place(self.file, number, cell.grade_id or "")
        return Problem(self.name, cell.grade_id or str(number), message, mend, place)

    def _in_cell(self, number: int, cell: RawCell) -> Iterator[Problem]:
        source = cell.source or ""
        for kind in KINDS:
            if f"BEGIN {kind}" in source or f"END {kind}" in source:
                yield self._problem(number, cell, f"still has a marker of {kind}", _AGAIN)
        if cell.has_outputs:
            yield self._problem(number, cell, "holds outputs", f"{_AGAIN}; it clears them")
        if cell.cell_type == "code" and _IMPORTS_US.search(source):
            what = "imports autograder where students see it"
            yield self._problem(number, cell, what, "move the import into a hidden region")
        for attachment in cell.attachments.keys() - set(_ATTACHMENT.findall(source)):
            what = f"carries the file {attachment!r}, which its text no longer shows"
            yield self._problem(number, cell, what, "remove it")
        if unknown := cell.metadata.keys() - _PLAIN_METADATA:
            what = f"has metadata {', '.join(sorted(unknown))}"
            yield self._problem(number, cell, what, "remove them: they may tell an answer")


def _beside(cell: RawCell) -> Iterator[tuple[str, str]]:
    """The texts in what a cell holds besides its source."""
    yield "its metadata", _texts_in({k: v for k, v in cell.metadata.items() if k != "nbgrader"})
    for name, bundle in cell.attachments.items():
        contents = bundle.values() if isinstance(bundle, dict) else ()
        texts = [decoded for data in contents if isinstance(data, str) for decoded in (data, _decoded(data))]
        yield f"the attachment {name!r}", "\n".join([name, *texts])


def _texts_in(value: object) -> str:
    """Every text in a value of JSON, keys too."""
    match value:
        case str():
            return value
        case dict():
            return "\n".join(f"{name}\n{_texts_in(each)}" for name, each in value.items())
        case list():
            return "\n".join(map(_texts_in, value))
    return ""


def _decoded(data: str) -> str:
    try:
        return base64.b64decode(data, validate=True).decode("utf-8", "replace")
    except ValueError:
        return ""


def errors_of(problems: list[Problem]) -> list[Problem]:
    """Only those that stand in the way."""
    return [problem for problem in problems if problem.is_error]
