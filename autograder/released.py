"""What a student's own copy of a notebook tells of its assignment: questions, visible tests, points.

It may have been tampered with, which deceives nobody but its owner.
"""

from __future__ import annotations

import ast
import builtins
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.course import valid_name
from autograder.errors import NotGradable, UsageError, did_you_mean, some_of
from autograder.ipynb import RawNotebook, read_notebook
from autograder.names import bound_names, python_of, read_names
from autograder.planning import imports_of
from autograder.source import Role, SourceCell, SourceNotebook

Group = tuple[SourceCell, ...]


@dataclass(frozen=True, slots=True)
class Released:
    """A notebook as if it were its own source, the text of its file, and what was odd about it.

    Each group is a question: the cell to fill, and the tests that stand between it and the next.
    """

    notebook: SourceNotebook
    data: bytes
    groups: tuple[Group, ...]
    notes: tuple[str, ...]

    @classmethod
    def read(cls, path: Path, max_bytes: int) -> Released:
        """Raises UsageError for what is no notebook, or has no question in it."""
        raw = _read(path, max_bytes)
        data = _tidied(raw)
        notebook = _as_source(SourceNotebook.parse(path.stem, data))
        groups = tuple(_grouped(notebook))
        if not groups:
            raise UsageError(
                f"{path}: has no cell that is known as a question or a test; it is another notebook, or a "
                "program dropped the cells' ids: download it again, and copy your answers into it"
            )
        return cls(notebook, data, groups, tuple(_notes_on_copies(raw)))

    def chosen(self, wanted: Sequence[str]) -> tuple[Group, ...]:
        """The questions that go by one of these ids, or have a test that does; all if none is wanted."""
        known = {cell.id for group in self.groups for cell in group}
        for name in wanted:
            if name not in known:
                questions = some_of([group[0].id for group in self.groups])
                mend = did_you_mean(name, known) or f"; there are {questions}"
                raise UsageError(f"no question {name!r} in this notebook{mend}")
        if not wanted:
            return self.groups
        return tuple(group for group in self.groups if any(cell.id in wanted for cell in group))


def is_check(cell: SourceCell) -> bool:
    """Whether a cell that students cannot change only tries out an answer: a test of no points."""
    return cell.role is Role.LOCKED and any(map(_asserts, _nodes(cell)))


def shows_something(test: SourceCell) -> bool:
    """Whether a test cell has code where its hidden part was taken out."""
    return len(_nodes(test)) > 1


def _read(path: Path, max_bytes: int) -> RawNotebook:
    if not path.is_file():  # opening a pipe would wait for its writer
        what = "is no file" if path.exists() else "no such file"
        raise UsageError(f"{path}: {what}; name the notebook (*.ipynb) that you work in")
    if path.suffix != ".ipynb" or not valid_name(path.stem):
        raise UsageError(
            f"{path.name!r}: is no name of a notebook; it should be printable, and end in .ipynb"
        )
    try:
        with path.open("rb") as file:
            return read_notebook(file.read(max_bytes + 1), max_bytes)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); see whose file it is") from None
    except NotGradable as error:
        raise UsageError(f"{path}: {error}; download it again, and copy your answers into it") from None


def _notes_on_copies(raw: RawNotebook) -> Iterator[str]:
    ids = [cell.grade_id for cell in raw.cells if cell.grade_id is not None]
    for grade_id in dict.fromkeys(ids):
        if ids.count(grade_id) > 1:
            yield f"cell {grade_id!r} is there {ids.count(grade_id)} times; the last one counts"


def _tidied(raw: RawNotebook) -> bytes:
    """The notebook in today's format; of a cell that is there twice the last one counts, as in grading."""
    last = {cell.grade_id: number for number, cell in enumerate(raw.cells)}
    cells = [
        {
            "cell_type": cell.cell_type,
            "id": f"cell-{number}",
            "metadata": {"nbgrader": dict(cell.nbgrader)} if last[cell.grade_id] == number else {},
            "source": cell.source or "",
        }
        for number, cell in enumerate(raw.cells)
    ]
    metadata = {"kernelspec": raw.metadata.get("kernelspec")}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}).encode()


def _as_source(notebook: SourceNotebook) -> SourceNotebook:
    """The notebook with as much trust in its cells as grading has in an instructor's.

    Whose a plain cell is nobody can tell: the libraries that it imports are there for tests. All else that
    tests read and no locked cell makes is the student's.
    """
    cells = tuple(
        replace(cell, source=imports_of(cell.source))
        if cell.role is Role.PLAIN and cell.cell_type == "code"
        else cell
        for cell in notebook.cells
    )
    tests = [cell for cell in cells if cell.role is Role.TEST]
    read = {name for cell in tests for name in _names(read_names, cell)}
    given = {name for cell in cells if not cell.role.is_answer for name in _names(bound_names, cell)}
    theirs = read - given - set(dir(builtins))
    return replace(notebook, cells=cells, student_names=notebook.student_names | theirs)


def _grouped(notebook: SourceNotebook) -> Iterator[Group]:
    group: list[SourceCell] = []
    for cell in notebook.cells:
        if cell.role.is_answer or cell.role is Role.TASK:
            if group:
                yield tuple(group)
            group = [cell]
        elif cell.role is Role.TEST or is_check(cell):
            group.append(cell)
    if group:
        yield tuple(group)


def _asserts(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return ast.unparse(node.func).rpartition(".")[2].startswith("assert")
    return isinstance(node, ast.Assert)


def _nodes(cell: SourceCell) -> list[ast.AST]:
    """The syntax of a code cell, its module first; none of what is not Python."""
    try:
        return list(ast.walk(ast.parse(python_of(cell.source)))) if cell.cell_type == "code" else []
    except (SyntaxError, RecursionError):
        return []


def _names(function: Callable[[str], frozenset[str]], cell: SourceCell) -> frozenset[str]:
    try:
        return function(cell.source) if cell.cell_type == "code" else frozenset()
    except SyntaxError:
        return frozenset()
