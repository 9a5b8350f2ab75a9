import math

import numpy as np
import pytest
import torch

from autograder import checks
from autograder.checks import CheckFailed, Measurement


def measurements(call) -> list[Measurement]:
    found: list[Measurement] = []
    with checks.watched(found.append):
        try:
            call()
        except CheckFailed:
            return [*found, None]  # type: ignore[list-item]
    return found


@pytest.mark.parametrize(
    "answer, distance", [(1.0, 0.0), (1.05, 0.5), (0.9, 1.0), (1.2, 2.0), (math.inf, math.inf)]
)
def test_close_measures_in_units_of_its_tolerance(answer, distance):
    found = measurements(lambda: checks.close([answer], [1.0], "x", atol=0.1))
    assert found[0].distance == pytest.approx(distance)
    assert (found[0].what, found[0].tolerance) == ("x", "0.1")
    assert (found[-1] is None) == (distance > 1 + 1e-9)


def test_the_worst_element_counts_and_relative_tolerance_too():
    found = measurements(lambda: checks.close([1.0, 210.0], [1.0, 200.0], "x", atol=0.0, rtol=0.1))
    assert found[0].distance == pytest.approx(0.5)
    assert found[0].tolerance == "0.1 of the expected value"


def test_what_must_be_equal_is_at_zero_or_at_infinity():
    X = np.arange(4.0)
    assert measurements(lambda: checks.same_array(X, X, "X"))[0].distance == 0
    assert measurements(lambda: checks.same_array(X + 1e-12, X, "X"))[0].distance == math.inf


@pytest.mark.parametrize(
    "value, limit, slack, distance, passes",
    [
        (0.5, 1.0, 0.0, 0.5, True),
        (2.0, 1.0, 0.0, 2.0, False),
        (1.005, 1.0, 0.01, 0.5, True),
        (0.2, 1.0, 0.01, 0.0, True),
        (1.02, 1.0, 0.01, 2.0, False),
        (math.nan, 1.0, 0.0, math.inf, False),
        (math.nan, 1.0, 0.1, math.inf, False),
        (0.0, 0.0, 0.0, 0.0, True),
        (1e-9, 0.0, 0.0, math.inf, False),
    ],
)
def test_at_most_measures_the_excess(value, limit, slack, distance, passes):
    found = measurements(lambda: checks.at_most(value, limit, "too much", slack=slack))
    assert found[0].distance == pytest.approx(distance)
    assert (found[-1] is not None) == passes


def test_an_optimum_is_measured_in_three_ways_and_nan_is_never_near():
    X, y = np.array([[0.0], [1.0], [2.0], [3.0]]), np.array([0.0, 1.0, 0.0, 1.0])
    problem = checks.LogisticProblem(X, y)
    best = checks.LinearFit(np.array([0.5]), -0.75)
    found = measurements(lambda: checks.is_optimum(best, best, problem, "fit"))
    assert [(m.what, m.quantity, m.distance) for m in found] == [
        ("fit", "objective", 0),
        ("fit", "probabilities", 0),
        ("fit", "weights", 0),
    ]
    for wrong in (checks.LinearFit(np.array([math.nan]), 0.0), checks.LinearFit(np.array([1e308]), 1e308)):
        far = measurements(lambda wrong=wrong: checks.is_optimum(wrong, best, problem, "fit"))
        assert far[-1] is None
        assert max(m.distance for m in far[:-1]) > 1


def test_parameters_are_measured_and_other_parameters_are_beyond_measure():
    one, other = torch.nn.Linear(2, 1), torch.nn.Linear(2, 1)
    other.load_state_dict({k: v + 1e-6 for k, v in one.state_dict().items()})
    found = measurements(lambda: checks.same_parameters(other, one, "step", atol=1e-4))
    assert 0 < found[0].distance < 0.1
    found = measurements(lambda: checks.same_parameters(torch.nn.Linear(3, 1), one, "step", atol=1e-4))
    assert (found[0].distance, found[-1]) == (math.inf, None)


def test_nobody_is_told_when_nobody_watches():
    seen: list[Measurement] = []
    with checks.watched(seen.append):
        checks.close(1.0, 1.0, "x", atol=1)
    checks.close(1.0, 1.0, "x", atol=1)
    assert len(seen) == 1
