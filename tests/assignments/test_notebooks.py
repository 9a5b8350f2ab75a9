"""What holds of every assignment's notebooks as they are written down: nothing in them tells too much."""

import itertools
import json
import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "source"
NOTEBOOKS = sorted(str(path.relative_to(SOURCE).with_suffix("")) for path in SOURCE.glob("*/*.ipynb"))
HIDDEN = re.compile(r"^### BEGIN HIDDEN TESTS$.*?^### END HIDDEN TESTS$", re.DOTALL | re.MULTILINE)

pytestmark = pytest.mark.parametrize("notebook", NOTEBOOKS)


def cells(notebook):
    return json.loads((SOURCE / f"{notebook}.ipynb").read_text(encoding="utf-8"))["cells"]


def graded(notebook):
    return [
        (cell, cell["metadata"]["nbgrader"]) for cell in cells(notebook) if "nbgrader" in cell["metadata"]
    ]


def text(cell):
    return "".join(cell["source"])


def test_no_cell_has_output(notebook):
    code = [cell for cell in cells(notebook) if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)


def test_nothing_of_ours_is_imported_outside_a_hidden_region(notebook):
    for cell in cells(notebook):
        assert not re.search(r"autograder|\breference\b", HIDDEN.sub("", text(cell)))


def test_a_test_cell_is_one_comment_and_one_hidden_region(notebook):
    for cell, meta in graded(notebook):
        if meta["grade"] and not meta["solution"]:
            assert re.fullmatch(r"# [^\n]+\n", HIDDEN.sub("", text(cell)))


def test_the_comment_of_a_test_says_its_points(notebook):
    for cell, meta in graded(notebook):
        if meta["grade"] and not meta["solution"]:
            assert text(cell).startswith(f"# {meta['points']} point")


def test_a_check_follows_each_answer_before_its_tests(notebook):
    """But for an answer that a person marks."""
    for (cell, meta), (_, following) in itertools.pairwise(graded(notebook)):
        if meta["solution"] and not meta["grade"] and cell["cell_type"] == "code":
            assert following["grade_id"] == "check_" + meta["grade_id"]
            assert following["locked"] and not following["grade"]
