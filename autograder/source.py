"""A notebook of an assignment as its instructor wrote it, with the cells' roles and points."""

from __future__ import annotations

import hashlib
import math
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from autograder.errors import NotGradable, UsageError
from autograder.ipynb import RawCell, read_notebook
from autograder.names import bound_names
from autograder.regions import HIDDEN_TESTS, MARK_SCHEME, UnbalancedRegion, without_region, without_solution
from autograder.settings import MIB

SCHEMA_VERSION = 3
MAX_SOURCE_BYTES = 100 * MIB
GRADE_ID = re.compile(r"[a-zA-Z0-9_\-]+")
FLAGS = ("grade", "solution", "locked", "task")


class BadSource(UsageError):
    """What an instructor has to mend in a notebook, or in its cell of that number, from 1."""

    def __init__(self, notebook: str, number: int | None, what: str) -> None:
        cell = "" if number is None else f", cell {number}"
        super().__init__(f"{notebook}.ipynb{cell}: {what}")
        self.number = number
        self.what, _, self.mend = what.partition("; ")


class Role(StrEnum):
    """What a cell is for, from its nbgrader flags."""

    SOLUTION = "solution"
    TEST = "test"
    MANUAL = "manual"  # an answer that a human marks
    TASK = "task"
    LOCKED = "locked"
    PLAIN = "plain"

    @property
    def is_answer(self) -> bool:
        """Whether the student's text stands in this cell."""
        return self in (Role.SOLUTION, Role.MANUAL)

    @property
    def is_graded(self) -> bool:
        return self in (Role.TEST, Role.MANUAL, Role.TASK)


@dataclass(frozen=True, slots=True)
class SourceCell:
    """A cell of the instructor's notebook.

    `id` is the grade_id, empty for a plain cell. `checksum` is the one that nbgrader keeps in its
    database: over the stub of an answer, over the full text, hidden tests included, of any other. `beside` is
    what runs instead where a test runs in the student's process, if that is another text.
    """

    role: Role
    id: str
    cell_type: str
    source: str
    points: float | None
    metadata: Mapping[str, Any]
    cell_id: str
    checksum: str
    attachments: Mapping[str, Any] = field(default_factory=dict)
    beside: str | None = None


@dataclass(frozen=True, slots=True)
class SourceNotebook:
    """A notebook of the assignment. `student_names` are the names whose owner is the student."""

    name: str
    cells: tuple[SourceCell, ...]
    kernelspec: Mapping[str, Any]
    metadata: Mapping[str, Any]
    student_names: frozenset[str]

    @property
    def anchors(self) -> tuple[SourceCell, ...]:
        """The cells that have an id, in order."""
        return tuple(cell for cell in self.cells if cell.role is not Role.PLAIN)

    @property
    def max_points(self) -> float:
        return sum(cell.points or 0.0 for cell in self.cells)

    @property
    def is_template(self) -> bool:
        """Whether students hand in these cells, known by their ids, under this name."""
        return True

    @property
    def has_solution(self) -> bool:
        return True

    @property
    def rules(self) -> tuple[str, ...]:
        """What its marks depend on besides its cells."""
        return ()

    @classmethod
    def parse(cls, name: str, data: bytes) -> SourceNotebook:
        """Raises BadSource, naming notebook and cell, for the first thing that an instructor has to mend."""
        parsed = read_source(name, data)
        if isinstance(parsed, SourceNotebook):
            return parsed
        raise parsed[0]

    def tests_after(self, answer: SourceCell) -> list[str]:
        """The tests between this answer and the next one."""
        found = []
        for cell in self.cells[self.cells.index(answer) + 1 :]:
            if cell.role.is_answer:
                break
            if cell.role is Role.TEST:
                found.append(cell.id)
        return found


def read_source(name: str, data: bytes) -> SourceNotebook | list[BadSource]:
    """The notebook, or all that has to be mended before it is one."""
    try:
        raw = read_notebook(data, MAX_SOURCE_BYTES)
    except NotGradable as error:
        return [BadSource(name, None, f"{error}; save it again with Jupyter")]
    cells: list[SourceCell] = []
    faults: list[BadSource] = []
    numbers: defaultdict[str, list[int]] = defaultdict(list)
    for number, each in enumerate(raw.cells, 1):
        try:
            cells.append(_source_cell(f"cell-{number}", each))
        except UsageError as error:
            faults.append(BadSource(name, number, str(error)))
        else:
            numbers[cells[-1].id].append(number)
    for id, (first, *others) in numbers.items():
        if id:
            faults += (
                BadSource(name, number, f"cell {first} has the id {id!r} too; give each cell its own")
                for number in others
            )
    if faults:
        return sorted(faults, key=lambda fault: fault.number or 0)
    answers = [cell for cell in cells if cell.role.is_answer and cell.cell_type == "code"]
    kernelspec = raw.metadata.get("kernelspec")
    return SourceNotebook(
        name=name,
        cells=tuple(cells),
        kernelspec=kernelspec if isinstance(kernelspec, dict) else {},
        metadata=raw.metadata,
        student_names=frozenset().union(*(_bound(cell.source) for cell in answers)),
    )


def stub_of(cell: SourceCell) -> str:
    """The text of the cell in the release."""
    match cell.role:
        case Role.SOLUTION | Role.MANUAL:
            return without_region(without_solution(cell.source, cell.cell_type), HIDDEN_TESTS)
        case Role.TEST:
            return without_region(cell.source, HIDDEN_TESTS)
        case Role.TASK:
            return without_region(cell.source, MARK_SCHEME)
    return cell.source


def database_text(cell: SourceCell) -> str:
    """The text that nbgrader keeps in its database and restores locked cells from."""
    return without_solution(cell.source, cell.cell_type) if cell.role.is_answer else cell.source


def compute_checksum(role: Role, grade_id: str, cell_type: str, source: str, points: float | None) -> str:
    """What nbgrader.utils.compute_checksum gives for such a cell."""
    is_grade = role in (Role.TEST, Role.MANUAL)
    is_locked = not role.is_answer
    parts = [source, cell_type, str(is_grade), str(role.is_answer), str(is_locked), grade_id]
    if is_grade:
        parts.append(str(float(points or 0)))
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()


def release_checksum(cell: SourceCell) -> str:
    """The checksum in the released notebook's metadata: over the text without its hidden part."""
    return compute_checksum(cell.role, cell.id, cell.cell_type, stub_of(cell), cell.points)


def _source_cell(default_id: str, raw: RawCell) -> SourceCell:
    if raw.source is None:
        raise UsageError("its source is no text; type it again")
    role = _role(raw)
    cell = SourceCell(
        role=role,
        id="" if role is Role.PLAIN else raw.grade_id or "",
        cell_type=raw.cell_type,
        source=raw.source,
        points=_points(raw.nbgrader.get("points")) if role.is_graded else None,
        metadata=raw.metadata,
        cell_id=raw.cell_id or default_id,
        checksum="",
        attachments=raw.attachments,
    )
    try:
        stub_of(cell)
        text = database_text(cell)
    except UnbalancedRegion as error:
        raise UsageError(f"{error}; correct the line that opens or closes it") from None
    return replace(cell, checksum=compute_checksum(role, cell.id, cell.cell_type, text, cell.points))


def _role(raw: RawCell) -> Role:
    flags = {flag: raw.nbgrader.get(flag, False) for flag in FLAGS}
    for flag, value in flags.items():
        if not isinstance(value, bool):
            raise UsageError(f"nbgrader's {flag!r} must be true or false; correct the cell's metadata")
    if not any(flags.values()):
        return Role.PLAIN
    if raw.nbgrader.get("schema_version") != SCHEMA_VERSION:
        raise UsageError("nbgrader metadata of another version than 3; run `nbgrader update` on it")
    if not GRADE_ID.fullmatch(raw.grade_id or ""):
        raise UsageError("its grade_id must be letters, digits, '_' and '-'; rename it")
    role = _ROLES.get((flags["grade"], flags["solution"], flags["task"]))
    if role is None:
        raise UsageError("a task cell cannot be graded or a solution as well; clear one of its flags")
    _require_type(role, raw.cell_type)
    return role


_ROLES = {
    (True, True, False): Role.MANUAL,
    (True, False, False): Role.TEST,
    (False, True, False): Role.SOLUTION,
    (False, False, True): Role.TASK,
    (False, False, False): Role.LOCKED,
}
_TYPES = {
    Role.SOLUTION: ("code",),
    Role.TEST: ("code",),
    Role.MANUAL: ("code", "markdown"),
    Role.TASK: ("markdown",),
    Role.LOCKED: ("code", "markdown"),
}


def _require_type(role: Role, cell_type: str) -> None:
    if cell_type not in _TYPES[role]:
        allowed = " or ".join(_TYPES[role])
        raise UsageError(f"a {role} cell must be a {allowed} cell, not {cell_type}; change its type")


def _points(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        raise UsageError("a graded cell needs points, a number that is not negative; set them")
    return float(value)


def _bound(source: str) -> frozenset[str]:
    """Names of an instructor's cell; a cell that is no Python binds none, and `linting` reports it."""
    try:
        return bound_names(source)
    except SyntaxError:
        return frozenset()
