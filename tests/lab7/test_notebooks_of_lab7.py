"""The points of lab7, and what its cases are."""

from pathlib import Path

import pytest

from autograder.assignment import Assignment
from autograder.verifying.cases import read_cases

ROOT = Path(__file__).parents[2]
ASSIGNMENT = Assignment.from_folder("lab7", ROOT / "source" / "lab7")
POINTS = {
    "softmax_regression": {
        "test_split": 5,
        "test_standardise_values": 3,
        "test_standardise_constant": 2,
        "test_one_hot": 2,
        "test_log_softmax_values": 3,
        "test_log_softmax_extreme": 3,
        "test_loss": 4,
        "test_gradient": 5,
        "test_fit_digits": 3,
        "test_fit_unseen": 4,
        "test_penalty": 5,
        "test_confusion": 4,
        "plot_weights": 3,
        "answer_leak": 4,
    },
    "neural_network": {
        "test_mlp_forward": 3,
        "test_mlp_dropout": 2,
        "test_batches": 5,
        "test_accuracy": 5,
        "test_optimizer": 5,
        "test_epoch_loss": 3,
        "test_epoch_update": 5,
        "test_stopping_ends": 4,
        "test_stopping_restores": 5,
        "test_network_accuracy": 6,
        "test_network_seeded": 3,
        "answer_stopping": 4,
    },
}


@pytest.mark.parametrize("notebook", POINTS)
def test_the_points_are_those_of_the_assignment(notebook):
    cells = ASSIGNMENT.notebook(notebook).cells
    assert {cell.id: cell.points for cell in cells if cell.points} == POINTS[notebook]


def test_the_sum_is_a_hundred():
    assert sum(sum(points.values()) for points in POINTS.values()) == 100


def test_there_are_cases_of_every_kind_for_every_test():
    cases = read_cases(ROOT / "cases" / "lab7", ASSIGNMENT)
    kinds = {
        kind: [case for case in cases if case.name.startswith(kind)] for kind in ("right", "wrong", "attack")
    }
    assert len(kinds["right"]) >= 30 and len(kinds["wrong"]) >= 60 and len(kinds["attack"]) >= 15
    failed = {test for case in kinds["wrong"] for test, verdict in case.expect.items() if verdict == "zero"}
    tests = {test for points in POINTS.values() for test in points if test.startswith("test_")}
    assert failed == tests


def test_half_of_the_wrong_answers_are_near_right_ones():
    wrong = [path.read_text("utf-8") for path in (ROOT / "cases" / "lab7" / "wrong").glob("*.py")]
    assert sum('# kind = "near"' in text for text in wrong) >= len(wrong) / 2
