"""The notebooks of lab6 as they are written down: ids, points, roles, and nothing that tells too much."""

import itertools
import json
import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "source" / "lab6"
POINTS = {
    "logistic_regression": {
        "test_sigmoid_values": 3,
        "test_sigmoid_extreme": 2,
        "test_curve_orange": 2,
        "test_curve_green": 2,
        "test_curve_blue": 2,
        "test_bias_column": 2,
        "test_sigmoid_vector": 2,
        "answer_vector_form": 3,
        "test_sigmoid_2d": 4,
        "test_boundary_line": 4,
        "test_boundary_vertical": 2,
        "answer_zero_weight": 3,
        "test_fit_course_data": 4,
        "test_fit_unseen_data": 5,
        "test_fit_strength": 3,
        "test_fit_intercept": 3,
        "test_probability_map": 5,
        "answer_l2": 3,
    },
    "pytorch_regression": {
        "test_features": 4,
        "test_describe": 3,
        "test_step_loss": 2,
        "test_step_update": 4,
        "test_step_zero_grad": 3,
        "test_train_stops": 3,
        "test_train_follows_reference": 4,
        "test_train_recovers_target": 3,
        "test_sampler": 5,
        "test_classifier_loss": 6,
        "test_classifier_unseen": 4,
        "test_classifier_seeded": 2,
        "answer_training": 3,
    },
}
HIDDEN = re.compile(r"^### BEGIN HIDDEN TESTS$.*?^### END HIDDEN TESTS$", re.DOTALL | re.MULTILINE)


def cells(notebook):
    return json.loads((SOURCE / f"{notebook}.ipynb").read_text(encoding="utf-8"))["cells"]


def graded(notebook):
    return [
        (cell, cell["metadata"]["nbgrader"]) for cell in cells(notebook) if "nbgrader" in cell["metadata"]
    ]


def text(cell):
    return "".join(cell["source"])


@pytest.mark.parametrize("notebook", POINTS)
def test_the_points_are_those_of_the_assignment(notebook):
    assert {meta["grade_id"]: meta["points"] for _, meta in graded(notebook) if meta["grade"]} == POINTS[
        notebook
    ]


def test_the_sum_is_a_hundred():
    assert sum(sum(points.values()) for points in POINTS.values()) == 100


@pytest.mark.parametrize("notebook", POINTS)
def test_no_cell_has_output(notebook):
    code = [cell for cell in cells(notebook) if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)


@pytest.mark.parametrize("notebook", POINTS)
def test_nothing_of_ours_is_imported_outside_a_hidden_region(notebook):
    for cell in cells(notebook):
        assert not re.search(r"autograder|\breference\b", HIDDEN.sub("", text(cell)))


@pytest.mark.parametrize("notebook", POINTS)
def test_a_test_cell_is_one_comment_and_one_hidden_region(notebook):
    for cell, meta in graded(notebook):
        if meta["grade"] and not meta["solution"]:
            assert re.fullmatch(r"# [^\n]+\n", HIDDEN.sub("", text(cell)))


@pytest.mark.parametrize("notebook", POINTS)
def test_a_check_follows_each_solution_before_its_tests(notebook):
    roles = graded(notebook)
    for (cell, meta), (_, following) in itertools.pairwise(roles):
        if meta["solution"] and cell["cell_type"] == "code":
            assert following["grade_id"] == "check_" + meta["grade_id"]
            assert following["locked"] and not following["grade"]
