import numpy as np
import pytest

from reference.newton import Expansion, NoOptimum, NotConverged, minimise


def in_one_dimension(value, slope, curvature):
    def expand(point):
        x = point[0]
        return Expansion(value(x), np.array([slope(x)]), np.array([[curvature(x)]]))

    return expand


def test_a_quadratic_takes_one_step():
    found = minimise(
        in_one_dimension(lambda x: (x - 3) ** 2, lambda x: 2 * (x - 3), lambda x: 2.0), np.zeros(1)
    )
    assert found.point[0] == 3
    assert found.steps == 1


def test_halving_saves_a_start_from_which_full_steps_diverge():
    def root(x):
        return np.sqrt(1 + x * x)

    found = minimise(in_one_dimension(root, lambda x: x / root(x), lambda x: root(x) ** -3), np.array([5.0]))
    assert found.point[0] == pytest.approx(0, abs=1e-8)


def test_a_slope_without_end_does_not_converge():
    with pytest.raises(NotConverged, match="after 200 Newton steps"):
        minimise(in_one_dimension(lambda x: x, lambda x: 1.0, lambda x: 1.0), np.zeros(1))


def test_a_function_without_a_value_does_not_converge():
    with pytest.raises(NotConverged, match="no step"):
        minimise(in_one_dimension(lambda x: np.nan, lambda x: 1.0, lambda x: 1.0), np.zeros(1))


def test_a_singular_hessian_is_no_optimum():
    with pytest.raises(NoOptimum, match="singular"):
        minimise(in_one_dimension(lambda x: x, lambda x: 1.0, lambda x: 0.0), np.zeros(1))
