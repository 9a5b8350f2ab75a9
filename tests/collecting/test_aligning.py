"""Notebooks that lost their cells' metadata, by Colab or by copy and paste."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.collecting.aligning import Ambiguous, has_lost_ids, match_by_order
from autograder.errors import NotGradable
from autograder.notebook import lay_over
from autograder.settings import Limits
from autograder.verifying.cases import submitted_notebook
from tests.building import Cell, hidden_test, locked, manual, plain, solution, source

CELLS = (
    plain("# Numbers\nRead this.", "markdown"),
    locked("import numpy as np", "setup"),
    solution("def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION", "double"),
    hidden_test("assert double(2) == 4", "test_double"),
    solution("### BEGIN SOLUTION\nhalf = 2\n### END SOLUTION", "half"),
    hidden_test("assert half == 2", "test_half"),
    plain("## Why?", "markdown"),
    manual("Because.", "why"),
)
SOURCE = source(*CELLS)
ANSWERS = {"double": "def double(x):\n    return x + x", "half": "half = 4 / 2", "why": "Since two."}
BIG = 10**7


def lost(
    change: Callable[[list[Cell]], Any] = lambda cells: None, answers: dict[str, str] = ANSWERS
) -> bytes:
    """The notebook with these answers, changed, and without metadata."""
    content = json.loads(submitted_notebook(SOURCE, answers))
    change(content["cells"])
    for cell in content["cells"]:
        cell["metadata"] = {}
    return json.dumps(content).encode()


def answers_in(data: bytes) -> dict[str, str]:
    laid = lay_over(SOURCE, data, Limits())
    return {cell.id: cell.source for cell in laid.cells if cell.changed}


def match(data: bytes) -> dict[str, str]:
    return answers_in(match_by_order(SOURCE, data, BIG)[0])


def test_every_cell_is_found_and_the_confidence_told():
    restored, pairs = match_by_order(SOURCE, lost(), BIG)
    assert answers_in(restored) == ANSWERS
    assert [(pair.grade_id, pair.cell) for pair in pairs] == [
        ("setup", 2),
        ("double", 3),
        ("test_double", 4),
        ("half", 5),
        ("test_half", 6),
        ("why", 8),
    ]
    assert all(pair.confidence == 1 for pair in pairs)


def test_the_result_notes_it_and_that_is_all():
    laid = lay_over(SOURCE, match_by_order(SOURCE, lost(), BIG)[0], Limits())
    assert laid.tampering == (
        "the notebook says that its cells had lost their ids and were matched by their order",
    )


def test_restoring_twice_gives_the_same_bytes():
    assert match_by_order(SOURCE, lost(), BIG)[0] == match_by_order(SOURCE, lost(), BIG)[0]


def insert(place: int, text: str, kind: str = "code") -> Callable[[list[Cell]], Any]:
    return lambda cells: cells.insert(place, plain(text, kind))


@pytest.mark.parametrize(
    "change",
    [
        insert(0, "My name", "markdown"),
        insert(3, "y = 3"),
        insert(2, "!pip install numpy"),
        insert(8, "print('done')"),
        insert(7, "x = 1"),
        lambda cells: cells.pop(0),
        lambda cells: cells.pop(1),
        lambda cells: cells[1].update(source="import numpy as np  # as given"),
    ],
)
def test_cells_of_the_student_s_own_and_deleted_ones_confuse_nothing(change):
    assert match(lost(change)) == ANSWERS


@pytest.mark.parametrize(
    "change, cell",
    [
        (insert(5, "half = 7"), "half"),
        (insert(4, "half = 7"), "half"),
        (insert(8, "Or not.", "markdown"), "why"),
    ],
)
def test_two_cells_where_one_answer_belongs_are_not_guessed_at(change, cell):
    with pytest.raises(Ambiguous, match=f"cell '{cell}' could be more than one"):
        match_by_order(SOURCE, lost(change), BIG)


def test_an_answer_that_was_deleted_stays_without_one():
    assert match(lost(lambda cells: cells.pop(2))) == {k: v for k, v in ANSWERS.items() if k != "double"}


@pytest.mark.parametrize(
    "change",
    [
        lambda cells: cells.clear(),
        lambda cells: cells.__delitem__(slice(3, None)),
        lambda cells: cells.reverse(),
        lambda cells: [cell.update(source="x = 1") for cell in cells],
    ],
)
def test_another_notebook_is_not_taken_for_this_one(change):
    with pytest.raises(Ambiguous):
        match_by_order(SOURCE, lost(change), BIG)


def test_a_test_that_the_student_rewrote_is_no_answer():
    edit = "assert True\nprint('all tests passed, and nothing of the text that was here is left')"
    with pytest.raises(Ambiguous):
        match_by_order(SOURCE, lost(lambda cells: cells[5].update(source=edit)), BIG)


def test_more_cells_than_can_be_compared_are_refused():
    many: Callable[[list[Cell]], Any] = lambda cells: cells.extend(plain("x") for _ in range(600))  # noqa: E731
    with pytest.raises(Ambiguous, match="more than 500 cells"):
        match_by_order(SOURCE, lost(many), BIG)


def test_the_old_format_is_refused():
    content = json.loads(lost())
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": content["cells"]}]}
    with pytest.raises(Ambiguous, match="old format"):
        match_by_order(SOURCE, json.dumps(old).encode(), BIG)


def test_only_a_notebook_without_any_id_of_ours_has_lost_them():
    assert has_lost_ids(SOURCE, lost(), BIG)
    assert not has_lost_ids(SOURCE, submitted_notebook(SOURCE, ANSWERS), BIG)
    assert not has_lost_ids(SOURCE, b"no notebook", BIG)
    foreign = lost().replace(b'"metadata": {}', b'"metadata": {"nbgrader": {"grade_id": "other"}}')
    assert has_lost_ids(SOURCE, foreign, BIG)


def test_a_forged_mark_gives_a_note_and_nothing_else():
    content = json.loads(submitted_notebook(SOURCE, ANSWERS))
    honest = lay_over(SOURCE, json.dumps(content).encode(), Limits())
    content["metadata"]["autograder"] = {"matched_by_order": {"double": 1e9, "x": "<script>"}}
    forged = lay_over(SOURCE, json.dumps(content).encode(), Limits())
    assert forged.cells == honest.cells
    assert len(forged.tampering) == 1 and "script" not in forged.tampering[0]


TEXTS: Sequence[str] = [
    *ANSWERS.values(),
    "# tests",
    "import numpy as np",
    "# Numbers\nRead this.",
    "",
    "x = 1",
]


@given(st.lists(st.tuples(st.sampled_from(TEXTS), st.sampled_from(["code", "markdown"])), max_size=12))
def test_whatever_is_matched_is_in_order_and_each_cell_once(cells):
    content = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [plain(*cell) for cell in cells]}
    try:
        _, pairs = match_by_order(SOURCE, json.dumps(content).encode(), BIG)
    except (Ambiguous, NotGradable):
        return
    places = [pair.cell for pair in pairs]
    assert places == sorted(set(places))
