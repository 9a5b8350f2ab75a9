import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.regions import (
    CODE_STUB,
    HIDDEN_TESTS,
    SOLUTION,
    TEXT_STUB,
    UnbalancedRegion,
    region_text,
    without_marks,
    without_region,
    without_solution,
)

LINES = st.sampled_from(
    [
        "### BEGIN SOLUTION",
        "### END SOLUTION",
        "    # BEGIN SOLUTION here",
        "    x = 1",
        "y",
        "",
        "\tEND SOLUTION",
    ]
)


def nbgrader_clears(source: str, cell_type: str) -> str | None:
    """What nbgrader itself makes of the cell; None where it refuses."""
    from nbgrader.preprocessors import ClearSolutions

    cell = (new_code_cell if cell_type == "code" else new_markdown_cell)(source)
    cell.metadata["nbgrader"] = {"solution": True, "grade": True, "grade_id": "x"}
    clear = ClearSolutions()
    clear.log.disabled = True
    try:
        notebook, _ = clear.preprocess(new_notebook(cells=[cell]), {})
    except RuntimeError:
        return None
    return notebook.cells[0].source


@given(st.lists(LINES, max_size=8).map("\n".join), st.sampled_from(["code", "markdown"]))
def test_solutions_are_cleared_as_nbgrader_clears_them(source, cell_type):
    try:
        ours = without_solution(source, cell_type)
    except UnbalancedRegion:
        ours = None
    assert ours == nbgrader_clears(source, cell_type)


def test_a_cell_without_a_region_is_a_solution_as_a_whole():
    assert without_solution("x = 1", "code") == CODE_STUB
    assert without_solution("Because.", "markdown") == TEXT_STUB


def test_the_stub_is_indented_like_the_region():
    source = "def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION"
    assert (
        without_solution(source, "code") == "def f():\n    # YOUR CODE HERE\n    raise NotImplementedError()"
    )


def test_only_the_region_is_cut():
    source = "before\n### BEGIN HIDDEN TESTS\nsecret\n### END HIDDEN TESTS\nafter"
    assert without_region(source, HIDDEN_TESTS) == "before\nafter"
    assert region_text(source, HIDDEN_TESTS) == "secret"


def test_without_its_marks_a_region_stays_what_it_is():
    source = "def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n# SOLUTION"
    assert without_marks(source, SOLUTION) == "def f():\n    return 1\n# SOLUTION"


@pytest.mark.parametrize("source", ["BEGIN SOLUTION", "BEGIN SOLUTION\nBEGIN SOLUTION\nEND SOLUTION"])
def test_an_unbalanced_region_is_told(source):
    with pytest.raises(UnbalancedRegion):
        without_region(source, SOLUTION)
