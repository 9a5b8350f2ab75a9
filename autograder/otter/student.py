"""What students of an otter course get: the released notebook, with otter's checks in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Any

from autograder.otter.testfiles import Question, for_students
from autograder.source import Role, SourceNotebook

Cell = dict[str, Any]

BEGIN, END = "<!-- BEGIN QUESTION -->", "<!-- END QUESTION -->"


def student_notebook(
    released: Mapping[str, Any], source: SourceNotebook, questions: Mapping[str, Question]
) -> dict[str, Any]:
    """The notebook for students, made of the released one of `source`; `questions` by grade_id.

    A test with a visible part becomes `grader.check`, and that part goes into the notebook's metadata, where
    otter finds it. Another test keeps its cell, and otter's mark on it, so that it runs there when it is
    graded. What a human marks stands between otter's marks of a question. Cells keep nbgrader's metadata.
    """
    shown = {id: for_students(question) for id, question in questions.items() if question.visible}
    cells = [_start(source.name)]
    in_task = False
    for original, cell in zip(source.cells, released["cells"], strict=True):
        if in_task and original.role is not Role.PLAIN:
            cells.append(_mark(END))
            in_task = False
        if original.id in questions:
            cells.append(_question(cell, questions[original.id]))
        elif original.role is Role.MANUAL:
            cells += [_mark(BEGIN), cell, _mark(END)]
        elif original.role is Role.TASK:  # the student's own cells follow it
            cells += [_mark(BEGIN), cell]
            in_task = True
        else:
            cells.append(cell)
    if in_task:
        cells.append(_mark(END))
    metadata = {**released["metadata"], "otter": {"OK_FORMAT": False, "tests": shown}}
    return {**released, "metadata": metadata, "cells": list(_with_ids(cells))}


def _question(cell: Cell, question: Question) -> Cell:
    if not question.visible:
        return {**cell, "metadata": {**cell["metadata"], "otter": {"tests": [question.name]}}}
    heading = []
    for line in cell["source"].splitlines():
        if not line.startswith("#"):
            break
        heading.append(line)
    return {**cell, "source": "\n".join([*heading, f'grader.check("{question.name}")'])}


def _start(name: str) -> Cell:
    path = json.dumps(f"{name}.ipynb", ensure_ascii=False)
    source = f"# Initialize Otter\nimport otter\n\ngrader = otter.Notebook({path})"
    return _added("code", source) | {"outputs": [], "execution_count": None}


def _mark(text: str) -> Cell:
    return _added("markdown", text)


def _added(cell_type: str, source: str) -> Cell:
    metadata = {"deletable": False, "editable": False}
    return {"cell_type": cell_type, "metadata": metadata, "source": source}


def _with_ids(cells: Iterable[Cell]) -> Iterator[Cell]:
    """The cells that were added get ids that no other cell has."""
    cells = list(cells)
    taken = {cell.get("id") for cell in cells}
    free = (id for id in map("otter-{}".format, count(1)) if id not in taken)
    for cell in cells:
        yield cell if "id" in cell else {**cell, "id": next(free)}
