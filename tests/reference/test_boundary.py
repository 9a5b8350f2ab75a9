import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reference as ref

number = st.floats(-10, 10)
away_from_zero = st.one_of(st.floats(1e-3, 10), st.floats(-10, -1e-3))


@given(x1=number, w1=number, w2=away_from_zero, b=number)
def test_lies_on_the_line(x1, w1, w2, b):
    x2 = float(ref.boundary_x2(x1, w1, w2, b))
    assert w1 * x1 + w2 * x2 + b == pytest.approx(0, abs=1e-9)


def test_course_example():
    assert ref.boundary_x2(3, 1, 2, 0) == -1.5


def test_keeps_the_shape_of_an_array():
    assert np.array_equal(ref.boundary_x2(np.array([[0, 2]]), 1, 2, -4), [[2.0, 1.0]])


def test_zero_first_weight_is_a_horizontal_line():
    assert np.array_equal(ref.boundary_x2([0, 5], 0, 2, 4), [-2, -2])


@pytest.mark.parametrize("zero", [0, 0.0, -0.0, np.float64(0)])
@pytest.mark.parametrize("x1", [0, 1.5, np.arange(3)])
def test_vertical_line_is_refused(zero, x1):
    with pytest.raises(ValueError, match="w2 is 0"):
        ref.boundary_x2(x1, 1, zero, 2)
