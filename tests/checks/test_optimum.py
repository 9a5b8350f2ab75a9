import numpy as np
import pytest

import reference
from autograder import checks


@pytest.fixture(scope="module")
def data():
    return reference.draw_unseen(np.random.default_rng(3), 2)


@pytest.fixture
def judge(data):
    def judge(w, b, mistakes=None):
        found = checks.linear_fit((np.asarray(w), b), "the fit", 2)
        problem = checks.LogisticProblem(data.X, data.y, data.C)
        checks.is_optimum(found, data.optimum, problem, "the fit", mistakes=mistakes)

    return judge


def test_the_optimum_passes(data, judge):
    judge(data.optimum.w, data.optimum.b)
    judge(data.optimum.w[None, :], np.array([data.optimum.b]))


def test_the_objective_is_the_one_of_the_reference(data):
    problem = checks.LogisticProblem(data.X, data.y, 0.7)
    at = checks.LinearFit(np.array([0.3, -2.0]), 0.5)
    assert problem.objective(at) == pytest.approx(reference.objective(at.w, at.b, data.X, data.y, 0.7))
    assert problem.probabilities(at) == pytest.approx(reference.probabilities(data.X, at.w, at.b))


@pytest.mark.parametrize("factor", [0.0, -1.0, 0.9, 1.1, 1e6])
def test_scaled_weights_are_refused(data, judge, factor):
    with pytest.raises(checks.CheckFailed):
        judge(factor * data.optimum.w, data.optimum.b)


@pytest.mark.parametrize("b", [np.inf, 1e300])
def test_an_absurd_intercept_is_refused(data, judge, b):
    with pytest.raises(checks.CheckFailed):
        judge(data.optimum.w, b)


def test_a_mistake_is_named(data, judge):
    wrong = reference.mistaken_fit("mean_for_sum", data.X, data.y, data.C)
    with pytest.raises(checks.CheckFailed, match="Likely cause: mean for sum"):
        judge(wrong.w, wrong.b, {"mean for sum": lambda: wrong})


@pytest.mark.parametrize("w", [[1.0, 2.0], np.zeros((2, 1)), np.zeros(3), None, np.array([True, False])])
def test_weights_of_another_kind_or_shape_are_refused(w):
    with pytest.raises(checks.CheckFailed):
        checks.linear_fit((w, 0.0), "the fit", 2)


def test_the_smaller_norm_is_told():
    small, large = checks.LinearFit(np.ones(2), 0.0), checks.LinearFit(2 * np.ones(2), 0.0)
    checks.smaller_norm(small, large, "no")
    with pytest.raises(checks.CheckFailed, match="no"):
        checks.smaller_norm(large, small, "no")
