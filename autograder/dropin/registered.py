"""The assignment as nbgrader's gradebook knows it: `source/`, with what `generate_assignment` made of it."""

from __future__ import annotations

import builtins
import contextlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.assignment import Assignment
from autograder.errors import UsageError, some_of
from autograder.names import bound_names, read_names
from autograder.source import Role, SourceCell, SourceNotebook

_AGAIN = "run `nbgrader generate_assignment` again"


def registered_assignment(
    folder: Path, row: Any, header: Path | None, footer: Path | None, without: Collection[str] = ()
) -> Assignment:
    """The assignment in `folder`, with the texts and points of its `row` (nbgrader.api.Assignment).

    nbgrader grades by its database: tests that it instantiated (AUTOTEST) stand there alone, and what was
    edited since is not in force before they are generated again. The cells of the notebooks `header` and
    `footer` stand around those of each notebook. Files in `without` are not the instructor's to give.
    Raises UsageError where source and database have other cells.
    """
    source = Assignment.from_folder(row.name, folder)
    notebooks = []
    for each in sorted(row.notebooks, key=lambda notebook: notebook.name):
        path = folder / f"{each.name}.ipynb"
        if not path.is_file():
            raise UsageError(
                f"{path}: missing, but the gradebook has that notebook; put it back, or {_AGAIN}"
            )
        notebook = source.notebook(each.name)
        if header is not None or footer is not None:
            notebook = SourceNotebook.parse(each.name, _surrounded(path, header, footer))
        notebooks.append(_as_in_database(notebook, each))
    files = {name: path for name, path in source.support_files.items() if name not in without}
    return replace(source, notebooks=tuple(notebooks), support_files=files)


def _surrounded(path: Path, header: Path | None, footer: Path | None) -> bytes:
    """The notebook with nbgrader's IncludeHeaderFooter applied."""
    try:
        notebook = json.loads(path.read_bytes())
        before, behind = (json.loads(p.read_bytes())["cells"] if p else [] for p in (header, footer))
        return json.dumps({**notebook, "cells": [*before, *notebook["cells"], *behind]}).encode()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path}: no header or footer can be put around it ({error!r})") from None


def _as_in_database(notebook: SourceNotebook, row: Any) -> SourceNotebook:
    known = {cell.name: cell for cell in row.source_cells}
    points = {cell.name: cell.max_score for cell in (*row.grade_cells, *row.task_cells)}
    other = known.keys() ^ {cell.id for cell in notebook.anchors}
    if other:
        names = some_of(sorted(other))
        raise UsageError(f"{notebook.name}.ipynb: source and gradebook differ in cells ({names}); {_AGAIN}")
    cells = tuple(_cell(cell, known, points) if cell.id else cell for cell in notebook.cells)
    owned = notebook.student_names | _bound_by_nobody(cells)
    return replace(notebook, cells=cells, student_names=owned, kernelspec=json.loads(row.kernelspec or "{}"))


def _bound_by_nobody(cells: Sequence[SourceCell]) -> frozenset[str]:
    """Names in tests that no cell of the instructor's binds: a solution that was never written out would."""
    read, bound = set[str](), set[str]()
    for cell in cells:
        if cell.cell_type == "code":
            with contextlib.suppress(SyntaxError):
                bound |= bound_names(cell.source)
                if cell.role is Role.TEST:
                    read |= read_names(cell.source)
    return frozenset(read - bound - set(dir(builtins)))


def _cell(cell: SourceCell, known: Mapping[str, Any], points: Mapping[str, float]) -> SourceCell:
    row = known[cell.id]
    return replace(
        cell,
        source=cell.source if cell.role.is_answer else row.source,
        points=points.get(cell.id),
        checksum=row.checksum,
    )
