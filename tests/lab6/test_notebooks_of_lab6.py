"""The points of lab6, as its assignment fixes them."""

from pathlib import Path

import pytest

from autograder.assignment import Assignment

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


@pytest.mark.parametrize("notebook", POINTS)
def test_the_points_are_those_of_the_assignment(notebook):
    cells = Assignment.from_folder("lab6", SOURCE).notebook(notebook).cells
    assert {cell.id: cell.points for cell in cells if cell.points} == POINTS[notebook]


def test_the_sum_is_a_hundred():
    assert sum(sum(points.values()) for points in POINTS.values()) == 100
