"""A submission for an otter assignment: its cells, and each question where it is last checked."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterator
from dataclasses import replace

from autograder.ipynb import RawCell, read_notebook
from autograder.names import python_of
from autograder.notebook import LaidCell, LaidOver, own_cell
from autograder.otter.notebook import OtterNotebook
from autograder.settings import Limits
from autograder.source import SourceCell

IGNORED_TAG = "otter_ignore"


def lay_over(source: OtterNotebook, submitted: bytes, limits: Limits) -> LaidOver:
    """The student's cells as they are, and each question behind the last cell that checks it, or at the end.

    Raises NotGradable for a file that is no notebook.
    """
    raw = read_notebook(submitted, limits.submission_bytes)
    own = [cell for cell in raw.cells if not _is_ignored(cell)]
    last = {
        source.checks[check]: number
        for number, cell in enumerate(own)
        for check in _checks_in(cell)
        if check in source.checks
    }
    places: list[RawCell | SourceCell] = []
    for number, cell in enumerate(own):
        places += [cell, *(question for question in source.cells if last.get(question.id) == number)]
    places += [question for question in source.cells if question.id not in last]
    cells = (
        _question(index, place)
        if isinstance(place, SourceCell)
        else replace(own_cell(index, place), cell_id=f"cell-{index}")
        for index, place in enumerate(places)
    )
    return LaidOver(source, tuple(cells), ())


def _is_ignored(cell: RawCell) -> bool:
    tags, otter = cell.metadata.get("tags"), cell.metadata.get("otter")
    return (isinstance(tags, list) and IGNORED_TAG in tags) or (
        isinstance(otter, dict) and bool(otter.get("ignore"))
    )


def _checks_in(cell: RawCell) -> Iterator[str]:
    """What a cell asks `grader.check` for, in order, and what its metadata ask for."""
    if cell.cell_type == "code":
        with contextlib.suppress(SyntaxError, RecursionError, MemoryError):
            yield from list(_calls_in(ast.parse(python_of(cell.source or ""))))
    otter = cell.metadata.get("otter")
    tests = otter.get("tests") if isinstance(otter, dict) else None
    if isinstance(tests, list):
        yield from (test for test in tests if isinstance(test, str))


def _calls_in(tree: ast.AST) -> Iterator[str]:
    """The arguments of `X.check("...")` that run when the cell does, not when something is called later."""
    for child in ast.iter_child_nodes(tree):
        match child:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                continue
            case ast.Call(ast.Attribute(ast.Name(), "check"), [ast.Constant(str(name)), *_]):
                yield name
            case _:
                yield from _calls_in(child)


def _question(index: int, cell: SourceCell) -> LaidCell:
    return LaidCell(
        index=index,
        role=cell.role,
        id=cell.id,
        cell_type=cell.cell_type,
        source=cell.source,
        source_cell=cell,
        from_student=False,
        changed=False,
        cell_id=f"cell-{index}",
    )
