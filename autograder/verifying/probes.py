"""What no test may take: answers without any knowledge, to every solution cell, and those of another student.

Without knowledge are a constant, None, and an answer that always raises.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterator

from autograder.assignment import Assignment
from autograder.context import Context
from autograder.names import python_of
from autograder.source import SourceCell
from autograder.verifying.cases import answers_of
from autograder.verifying.trials import ANOTHER, Trial, every_test, notebook_names

_KNOW_NOTHING = {
    "constant": ("return 0.5", "0.5"),
    "none": ("return None", "None"),
    "raising": ('raise ValueError("no answer")', None),
}


def probes_of(context: Context) -> Iterator[Trial]:
    """Such submissions, each with the tests that must not pass."""
    yield from _without_knowledge(context.assignment)
    if context.personal is not None:
        yield _of_another(context.assignment, context.personal.tests)


def _of_another(assignment: Assignment, personal: Collection[str]) -> Trial:
    """The solution's answers to one student's data, handed in by another."""
    expect = {
        (notebook, test): "zero" if test in personal else None
        for notebook, test in every_test(assignment, None)
    }
    return Trial(ANOTHER, notebook_names(assignment), {}, expect, owner=1, holder=0)


def _without_knowledge(assignment: Assignment) -> Iterator[Trial]:
    """For every code cell that students fill, with the tests that follow the cell."""
    ids = Counter(cell.id for notebook in assignment.notebooks for cell in answers_of(notebook))
    for notebook in assignment.notebooks:
        for cell in answers_of(notebook):
            name = cell.id if ids[cell.id] == 1 else f"{notebook.name}:{cell.id}"
            tests = notebook.tests_after(cell)
            if cell.cell_type != "code" or not tests:
                continue
            for kind, (function, value) in _KNOW_NOTHING.items():
                answer = _answer(cell, function, value)
                expect: dict[tuple[str, str], str | None] = {(notebook.name, test): "zero" for test in tests}
                yield Trial(f"@{kind}/{name}", (notebook.name,), {(notebook.name, cell.id): answer}, expect)


def _answer(cell: SourceCell, function: str, value: str | None) -> str:
    """The cell with every function's body replaced and every other name bound to `value`, or unbound."""
    lines = []
    for node in ast.parse(python_of(cell.source)).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            lines.append(f"def {node.name}(*args, **kwargs):\n    {function}")
        elif value is not None:
            names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
            lines += [f"{name} = {value}" for name in sorted(names)]
    return "\n".join(lines)
