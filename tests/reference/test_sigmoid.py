import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

import reference as ref

moderate = st.floats(-30, 30)


@given(x=moderate, w=st.floats(-3, 3), b=moderate)
def test_agrees_with_the_definition(x, w, b):
    assert float(ref.sigmoid(x, w, b)) == pytest.approx(1 / (1 + math.exp(-(w * x + b))), rel=1e-12)


@given(z=st.floats(allow_nan=False))
def test_stays_in_bounds_and_agrees_with_scipy_everywhere(z):
    assert float(ref.sigmoid(z)) == pytest.approx(float(expit(z)), rel=1e-12, abs=1e-300)


@pytest.mark.parametrize("x", [0, 1.5, [0.0, 1.0], np.zeros((2, 3)), np.arange(4), np.float32(2)])
def test_keeps_the_shape_of_its_argument(x):
    assert np.shape(ref.sigmoid(x, 2, 1)) == np.shape(x)


def test_does_not_change_its_argument():
    x = np.array([1.0, -2.0])
    ref.sigmoid(x, 3, 4)
    assert np.array_equal(x, [1.0, -2.0])


@pytest.mark.parametrize(("colour", "half_height"), [("orange", -5), ("green", -1), ("blue", 0)])
def test_course_curves_cross_half_where_the_picture_shows(colour, half_height):
    w, b = ref.CURVES[colour]
    assert ref.sigmoid(half_height, w, b) == 0.5


def test_bias_column_of_integer_rows():
    X = np.array([[1, 2], [3, 4]])
    X1 = ref.add_bias_column(X)
    assert np.array_equal(X1, [[1, 2, 1], [3, 4, 1]])
    assert np.array_equal(X, [[1, 2], [3, 4]])


def test_bias_column_of_one_row():
    assert np.array_equal(ref.add_bias_column([[5.0]]), [[5.0, 1.0]])


def test_bias_column_wants_two_dimensions():
    with pytest.raises(ValueError, match=r"\(n, d\)"):
        ref.add_bias_column([1.0, 2.0])


def test_vector_form_equals_weights_and_bias_apart():
    rng = np.random.default_rng(0)
    X, w, b = rng.normal(size=(6, 3)), rng.normal(size=3), 0.7
    assert np.allclose(ref.sigmoid_vector(ref.add_bias_column(X), np.r_[w, b]), ref.sigmoid(X @ w + b))


def test_vector_form_of_one_row_has_shape_one():
    assert ref.sigmoid_vector([[0, 1]], [3, 0]).shape == (1,)


def test_two_dimensions_pair_each_weight_with_its_coordinate():
    assert ref.sigmoid_2d(1.0, 0.0, 2.0, 30.0, 1.0) == ref.sigmoid(3.0)
    assert ref.sigmoid_2d(0, 1, 30, 2, 1) == ref.sigmoid(3)


def test_two_dimensions_keep_the_shape_of_the_grid():
    gridx1, gridx2 = ref.course_grid()
    values = ref.sigmoid_2d(gridx1, gridx2, 1, 2, 0)
    assert values.shape == (51, 51)
    assert values[10, 40] == ref.sigmoid(gridx1[10, 40] + 2 * gridx2[10, 40])
