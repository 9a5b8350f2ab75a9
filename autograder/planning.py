"""What runs where: the steps of a notebook, decided by the assignment's source alone.

Student cells run in the student process, test cells in the examiner. Locked and plain cells of
the instructor's run in both, so that what a test reads of them is the examiner's own; but not
where they only try out the student's answer, such as the visible checks after a question.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from autograder.names import bound_names, python_of, read_names
from autograder.notebook import LaidOver
from autograder.otter.notebook import SETUP, OtterNotebook
from autograder.runtime.session import Step
from autograder.settings import Settings
from autograder.source import Role, SourceCell, SourceNotebook

# the cells of an assignment are asked for again with every submission
_for_every_cell = lru_cache(maxsize=2_000)


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps of one notebook, and the names that belong to the student.

    `seed` is what random numbers start from in every cell, where the assignment says so.
    """

    steps: tuple[Step, ...]
    student_names: frozenset[str]
    seed: int | None = None


def plan(laid: LaidOver, settings: Settings) -> Plan:
    """The steps for `laid`. Cells that are not code have none."""
    if settings.engine == "kernel":
        return Plan(tuple(_in_one_kernel(laid)), frozenset())
    trusted = TrustedCells(laid.notebook)
    steps: list[Step] = []
    for cell in laid.cells:
        if cell.source_cell is not None:
            steps += trusted.plain_before(cell.source_cell)
        if cell.cell_type != "code":
            continue
        if cell.role is not Role.TEST:
            steps.append(Step(cell.index, cell.source, trusted.part_of(cell.source_cell)))
        elif settings.isolation == "shared" or cell.id in settings.shared_cells:
            beside = cell.source_cell.beside if cell.source_cell is not None else None
            steps.append(Step(cell.index, beside or cell.source, test=cell.id))
        else:
            steps.append(Step(cell.index, examiner_source=cell.source, test=cell.id))
    if isinstance(laid.notebook, OtterNotebook):
        return _for_otter(steps, laid.notebook)
    return Plan(tuple(steps), trusted.student_names)


def _for_otter(steps: list[Step], notebook: OtterNotebook) -> Plan:
    """With the stand-in for otter, and its seed: set before every cell, or assigned to a variable there."""
    planned = [Step(-1, SETUP)]
    assignment = f"{notebook.seed_variable} = {notebook.seed}"
    has_variable = notebook.seed is not None and notebook.seed_variable is not None
    for step in steps:
        if has_variable and step.student_source:
            planned.append(Step(-2 - step.index, assignment))
        planned.append(step)
    return Plan(tuple(planned), notebook.student_names, None if has_variable else notebook.seed)


def _in_one_kernel(laid: LaidOver) -> Iterator[Step]:
    for cell in laid.cells:
        if cell.cell_type == "code":
            yield Step(cell.index, cell.source, test=cell.id if cell.role is Role.TEST else None)


class TrustedCells:
    """The instructor's code that the examiner runs besides tests."""

    def __init__(self, notebook: SourceNotebook) -> None:
        self._cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        answers = [cell for cell in self._cells if cell.role.is_answer]
        self._imports = {cell.cell_id: imports_of(cell.source) for cell in answers}
        imported = frozenset().union(*(_bound(text) for text in self._imports.values()))
        otherwise = frozenset().union(*(_bound(without_imports(cell.source)) for cell in answers))
        # a library that a solution imports is the examiner's own: a student's `np` could lie
        self.student_names = notebook.student_names - (imported - otherwise)
        self._needed = self._find_needed()

    def part_of(self, cell: SourceCell | None) -> str | None:
        """What of an anchored cell runs in the examiner too, or None."""
        if cell is None:
            return None
        if cell.role.is_answer:
            return self._imports.get(cell.cell_id) or None
        return python_of(cell.source) if cell.cell_id in self._needed else None

    def plain_before(self, anchor: SourceCell) -> Iterator[Step]:
        """Steps for the plain cells that stand right before `anchor` in the source."""
        run: list[Step] = []
        for number, cell in enumerate(self._cells):
            if cell.cell_id == anchor.cell_id:
                yield from run
                return
            if cell.role is not Role.PLAIN:
                run.clear()
            elif cell.cell_id in self._needed:
                run.append(Step(-1 - number, examiner_source=python_of(cell.source)))

    def _find_needed(self) -> frozenset[str]:
        """Cells whose names a later test may read, or that do not depend on an answer at all."""
        wanted: set[str] = set()
        needed: set[str] = set()
        for cell in reversed(self._cells):
            if cell.role is Role.TEST:
                wanted |= _read(cell.source)
            elif not cell.role.is_answer:
                reads, binds = _read(cell.source), _bound(cell.source)
                if binds & wanted or not reads & self.student_names:
                    needed.add(cell.cell_id)
                    wanted |= reads
        return frozenset(needed)


@_for_every_cell
def imports_of(source: str) -> str:
    """The import statements at the top level of a cell, one a line."""
    return "\n".join(ast.unparse(node) for node in _top_level(source) if _is_import(node))


@_for_every_cell
def without_imports(source: str) -> str:
    return "\n".join(ast.unparse(node) for node in _top_level(source) if not _is_import(node))


def _is_import(node: ast.stmt) -> bool:
    future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
    return isinstance(node, ast.Import | ast.ImportFrom) and not future


def _top_level(source: str) -> list[ast.stmt]:
    try:
        return ast.parse(python_of(source)).body
    except SyntaxError:
        return []


@_for_every_cell
def _bound(source: str) -> frozenset[str]:
    try:
        return bound_names(source)
    except SyntaxError:
        return frozenset()


@_for_every_cell
def _read(source: str) -> frozenset[str]:
    try:
        return read_names(source)
    except SyntaxError:
        return frozenset()
