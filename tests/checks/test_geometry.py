import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder import checks
from autograder.checks import CheckFailed, LinearFit

WINDOW = checks.Window(np.array([-3.0, -2.0]), np.array([3.0, 4.0]))


def line(w1: float, w2: float, b: float) -> LinearFit:
    return LinearFit(np.array([w1, w2]), b)


def same(found: LinearFit, wanted: LinearFit, atol: float = 0.05, **options) -> None:
    checks.same_boundary(found, wanted, "the boundary", window=WINDOW, atol=atol, **options)


angles = st.floats(0, 2 * math.pi)
offsets = st.floats(-1.5, 1.5)
scales = st.floats(1e-300, 1e300)


@given(angles, offsets, scales, st.sampled_from([-1, 1]))
def test_the_scale_and_sign_of_an_equation_do_not_matter(angle, offset, scale, sign):
    w1, w2 = math.cos(angle), math.sin(angle)
    factor = sign * scale
    same(line(factor * w1, factor * w2, factor * offset), line(w1, w2, offset), atol=1e-6)


@given(angles, offsets)
def test_a_line_beside_it_is_as_far_as_it_lies(angle, offset):
    w1, w2 = math.cos(angle), math.sin(angle)
    same(line(w1, w2, offset + 0.04), line(w1, w2, offset))
    with pytest.raises(CheckFailed, match=r"it lies up to 0\.06 away"):
        same(line(w1, w2, offset + 0.06), line(w1, w2, offset))


def test_vertical_and_horizontal_lines_are_lines():
    same(line(2.0, 0.0, -1.0), line(-4.0, 0.0, 2.0))
    same(line(0.0, 1.0, -1.0), line(0.0, 3.0, -3.0))
    same(line(1.0, 1e-4, -0.5), line(1.0, 0.0, -0.5))
    for wrong in (line(1.0, 0.1, -0.5), line(0.0, 1.0, -0.5), line(1.0, 0.0, 0.5)):
        with pytest.raises(CheckFailed):
            same(wrong, line(1.0, 0.0, -0.5))


def test_a_turned_line_that_meets_it_in_the_middle_is_another():
    with pytest.raises(CheckFailed):
        same(line(1.0, 1.05, -1.0), line(1.0, 1.0, -1.0))


def test_what_happens_outside_the_window_does_not_count():
    # the two cross the window side by side and part far beyond it
    same(line(1.0, 1e-3, 0.0), line(1.0, 0.0, 0.0))


def test_a_likely_mistake_is_named():
    mistakes = {"the sign of b": lambda: line(1.0, 1.0, -1.0), "far away": lambda: line(1.0, 0.0, 99.0)}
    with pytest.raises(CheckFailed, match="Likely cause: the sign of b"):
        same(line(2.0, 2.0, -2.0), line(1.0, 1.0, 1.0), mistakes=mistakes)


@pytest.mark.parametrize(
    "wrong", [(0.0, 0.0, 1.0), (math.nan, 1.0, 0.0), (1.0, math.inf, 0.0), (1.0, 1.0, math.nan)]
)
def test_what_is_no_line_is_refused(wrong):
    with pytest.raises(CheckFailed, match="is no line"):
        same(line(*wrong), line(1.0, 1.0, 0.0))


def test_a_wanted_line_outside_the_window_is_a_fault_of_the_test():
    with pytest.raises(ValueError, match="does not cross"):
        same(line(1.0, 0.0, 0.0), line(1.0, 0.0, 9.0))


def test_a_window_around_data():
    window = checks.Window.around(np.array([[0.0, 5.0], [2.0, -1.0]]))
    assert (window.lower.tolist(), window.upper.tolist()) == ([0.0, -1.0], [2.0, 5.0])
