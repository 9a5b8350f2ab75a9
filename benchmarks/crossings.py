"""`python -m benchmarks.crossings`: what one crossing of the wall costs, in many calls of one test cell."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from autograder.assignment import Assignment
from autograder.marking import mark, servers_for
from autograder.result import Outcome
from autograder.settings import Settings
from autograder.source import SourceNotebook
from autograder.submission import Submission
from autograder.verifying.cases import submitted_notebooks
from benchmarks.building import cell, notebook, test_cell

COUNT = 2_000

_SAME = "def same(x):\n    return x"
_TAKE = "def take(get, n):\n    for _ in range(n):\n        get()"
# what is asked, by what crosses
CALLS: Mapping[str, tuple[str, str]] = {
    "a number": (_SAME, f"for _ in range({COUNT}):\n    same(1.0)"),
    "an array of 1,000": (
        _SAME,
        f"import numpy\nx = numpy.zeros(1000)\nfor _ in range({COUNT}):\n    same(x)",
    ),
    "a call back": (_TAKE, f"take(lambda: 1.0, {COUNT})"),
    "a call back for a batch": (_TAKE, f"import torch\ntake(lambda: torch.zeros(32, 4), {COUNT})"),
}


def microseconds() -> dict[str, float]:
    """Wall time of one call, there and back, by what crosses."""
    assignment = Assignment("crossings", tuple(_notebook(name, *code) for name, code in CALLS.items()))
    settings = Settings(preload=("numpy", "torch"))
    with tempfile.TemporaryDirectory() as folder:
        handed_in = submitted_notebooks(assignment.notebooks, {})
        submission = Submission("student", assignment.name, Path(folder), handed_in)
        with servers_for([assignment], settings, ()) as servers:
            result = mark(assignment, submission, settings, servers, Path(folder)).result
    found = {}
    for part in result.notebooks:
        (test,) = part.tests
        if test.outcome is not Outcome.PASSED:
            raise RuntimeError(f"{part.name}: {test.message}")
        found[part.name] = test.seconds / COUNT * 1e6
    return found


def _notebook(name: str, answer: str, test: str) -> SourceNotebook:
    cells = (cell(answer, "answer", solution=True), test_cell(test, "test", 1))
    return SourceNotebook.parse(name, notebook(*cells))


if __name__ == "__main__":
    for what, cost in microseconds().items():
        print(f"{what}: {cost:.0f} microseconds")
