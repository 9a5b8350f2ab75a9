import time
import warnings

import numpy as np
import pytest
from scipy.optimize import linprog
from sklearn.linear_model import LogisticRegression

import reference as ref

COURSE_L2 = (1.80866, 2.20437, -3.96583)
COURSE_UNPENALISED = (1.88103, 2.30104, -4.13176)


def overlapping(seed, n=80, d=3, distance=0.0):
    data = ref.draw_dataset(np.random.default_rng(seed), n=n, d=d, distance=distance)
    return data.X, data.y


def sklearn_fit(X, y, C):
    model = LogisticRegression(C=C, tol=1e-10, max_iter=10_000, solver="newton-cholesky").fit(X, y)
    return model.coef_[0], model.intercept_[0]


def test_course_fit_has_the_known_digits():
    fit = ref.course_fit()
    assert (*fit.w, fit.b) == pytest.approx(COURSE_L2, abs=5e-6)


def test_course_maximum_likelihood_has_the_known_digits():
    fit = ref.course_unpenalised()
    assert (*fit.w, fit.b) == pytest.approx(COURSE_UNPENALISED, abs=6e-6)
    assert fit.minimum / 1000 == pytest.approx(0.174538, abs=5e-7)


@pytest.mark.parametrize("C", [1e-3, 0.1, 1.0, 10.0, 1e3])
@pytest.mark.parametrize("d", [1, 2, 5])
def test_agrees_with_scikit_learn(C, d):
    X, y = overlapping(d, d=d)
    fit = ref.fit_l2(X, y, C)
    w, b = sklearn_fit(X, y, C)
    assert fit.w == pytest.approx(w, rel=1e-5, abs=1e-9)
    assert fit.b == pytest.approx(b, rel=1e-5, abs=1e-9)


def test_course_fit_agrees_with_scikit_learn_by_default():
    X, y = ref.course_data()
    model = LogisticRegression().fit(X, y)
    fit = ref.course_fit()
    assert fit.w == pytest.approx(model.coef_[0], abs=1e-3)
    assert fit.b == pytest.approx(model.intercept_[0], abs=1e-3)


@pytest.mark.parametrize("C", [1e-3, 1.0, 1e3])
@pytest.mark.parametrize("distance", [0.0, 30.0])
@pytest.mark.parametrize("seed", range(5))
def test_gradient_norm_is_tiny_however_far_the_data_lie(C, distance, seed):
    X, y = overlapping(seed, n=1000, distance=distance)
    assert ref.fit_l2(X, y, C).gradient_norm < 1e-8


@pytest.mark.parametrize("C", [1e-3, 1.0, 1e3])
def test_the_gradient_in_the_data_s_own_coordinates_vanishes(C):
    X, y = overlapping(4)
    fit = ref.fit_l2(X, y, C)
    assert np.linalg.norm(ref.gradient(fit.w, fit.b, X, y, C)) < 1e-8


def test_converges_on_separable_data_when_penalised():
    X = np.array([[-3.0], [-1.0], [1.0], [3.0]])
    fit = ref.fit_l2(X, [0, 0, 1, 1], C=1e3)
    assert fit.gradient_norm < 1e-8
    assert fit.b == pytest.approx(0, abs=1e-9)


def test_converges_with_one_row_in_a_class():
    X, _ = overlapping(1, n=200)
    y = np.zeros(200)
    y[17] = 1
    assert ref.fit_l2(X, y, 1e3).gradient_norm < 1e-8


def test_gradient_matches_finite_differences():
    X, y = overlapping(2)
    theta, C, h = np.array([0.3, -0.2, 0.5, 0.1]), 2.5, 1e-6

    def value(at):
        return ref.objective(at[:3], at[3], X, y, C)

    numeric = [(value(theta + h * e) - value(theta - h * e)) / (2 * h) for e in np.eye(4)]
    assert ref.gradient(theta[:3], theta[3], X, y, C) == pytest.approx(numeric, rel=1e-6)


def test_no_point_near_the_fit_is_lower():
    X, y = overlapping(3)
    fit = ref.fit_l2(X, y, 2.0)
    rng = np.random.default_rng(0)
    for _ in range(50):
        shift = 1e-3 * rng.normal(size=4)
        assert ref.objective(fit.w + shift[:3], fit.b + shift[3], X, y, 2.0) > fit.minimum


def test_the_minimum_is_the_objective_at_the_fit():
    X, y = overlapping(3)
    fit = ref.fit_l2(X, y, 2.0)
    assert ref.objective(fit.w, fit.b, X, y, 2.0) == pytest.approx(fit.minimum, rel=1e-12)


def test_the_intercept_is_free_of_penalty():
    X, y = overlapping(5)
    near, far = ref.fit_l2(X, y, 0.1), ref.fit_l2(X + 20.0, y, 0.1)
    assert far.w == pytest.approx(near.w, abs=1e-9)


def test_penalising_the_intercept_adds_half_its_square():
    X, y = overlapping(6, distance=10.0)
    fit = ref.fit_l2_intercept_penalised(X, y, 0.5)
    gradient = ref.gradient(fit.w, fit.b, X, y, 0.5)
    gradient[-1] += fit.b
    assert np.linalg.norm(gradient) < 1e-7


@pytest.mark.parametrize("wrap", [np.asarray, lambda w: np.asarray(w)[None]])
@pytest.mark.parametrize("intercept", [float, np.array, lambda b: np.array([b])])
def test_objective_takes_every_allowed_form_of_a_model(wrap, intercept):
    X, y = overlapping(3)
    fit = ref.fit_l2(X, y)
    assert ref.objective(wrap(fit.w), intercept(fit.b), X, y) == pytest.approx(fit.minimum)


def test_objective_refuses_several_intercepts():
    X, y = overlapping(3)
    with pytest.raises(ValueError, match="one number"):
        ref.objective(np.zeros(3), np.zeros(2), X, y)


def test_objective_of_a_single_row():
    assert ref.objective([2.0], 1.0, [[3.0]], [1.0], C=2.0) == pytest.approx(2 + 2 * np.log1p(np.exp(-7)))


def test_integer_and_boolean_input_is_as_good_as_float():
    X = np.array([[0], [1], [2], [3]])
    y = np.array([False, True, False, True])
    whole, real = ref.fit_l2(X, y), ref.fit_l2(X.astype(float), y.astype(float))
    assert np.array_equal(whole.w, real.w)
    assert whole.b == real.b


@pytest.mark.parametrize("X", [[[-2.0], [-1.0], [1.0], [2.0]], [[-2.0], [0.0], [0.0], [2.0]]])
def test_separable_data_have_no_unpenalised_optimum(X):
    with pytest.raises(ref.NoOptimum):
        ref.fit_unpenalised(X, [0, 0, 1, 1])


@pytest.mark.parametrize("seed", range(20))
def test_certificate_agrees_with_linear_programming(seed):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(14, 4)), rng.integers(0, 2, 14)
    y[:2] = 0, 1
    signed = (2 * y - 1)[:, None] * np.column_stack([X, np.ones(14)])
    found = linprog(np.zeros(5), A_ub=-signed, b_ub=-np.ones(14), bounds=(None, None))
    try:
        ref.fit_unpenalised(X, y)
        overlaps = True
    except ref.NoOptimum:
        overlaps = False
    assert overlaps == (not found.success)


def test_dependent_columns_have_no_unique_unpenalised_optimum():
    X, y = overlapping(1, d=2)
    with pytest.raises(ref.NoOptimum):
        ref.fit_unpenalised(np.column_stack([X, X[:, 0]]), y)


@pytest.mark.parametrize(
    ("X", "y", "C"),
    [
        ([1.0, 2.0], [0, 1], 1.0),
        ([[1.0], [2.0]], [0, 1, 1], 1.0),
        ([[1.0], [2.0]], [1, 1], 1.0),
        ([[1.0], [2.0]], [-1, 1], 1.0),
        ([[1.0], [np.nan]], [0, 1], 1.0),
        ([[1.0], [2.0]], [0, 1], 0.0),
        ([[1.0], [2.0]], [0, 1], np.inf),
    ],
)
def test_nonsense_is_refused(X, y, C):
    with pytest.raises(ValueError, match="must"):
        ref.fit_l2(X, y, C)


def test_cross_entropy_from_logits_and_from_probabilities_agree():
    X, y = overlapping(7)
    fit = ref.fit_unpenalised(X, y)
    p = ref.probabilities(X, fit.w, fit.b)
    from_logits = ref.mean_cross_entropy(X, y, fit.w, fit.b)
    assert from_logits == pytest.approx(fit.minimum / len(y))
    assert ref.cross_entropy_of_probabilities(p, y) == pytest.approx(from_logits)
    assert ref.cross_entropy_of_probabilities(p[:, None], y) == pytest.approx(from_logits)


def test_cross_entropy_of_a_confident_mistake_is_finite_from_logits_alone():
    assert ref.mean_cross_entropy([[1.0]], [0.0], [1000.0], 0.0) == 1000.0
    assert ref.cross_entropy_of_probabilities([1.0], [0.0]) == np.inf


@pytest.mark.parametrize("p", [[0.5, np.nan], [0.5, 1.1], [-0.1, 0.5], [0.5], [[0.5, 0.5]]])
def test_what_is_no_probability_is_refused(p):
    with pytest.raises(ValueError, match="probabilities"):
        ref.cross_entropy_of_probabilities(p, [0, 1])


def test_probability_map_is_not_transposed():
    fit, (gridx1, gridx2) = ref.course_fit(), ref.course_grid()
    prob = ref.course_probability_map()
    assert prob.shape == (51, 51)
    assert prob[5, 40] == pytest.approx(
        float(ref.sigmoid_2d(gridx1[5, 40], gridx2[5, 40], fit.w[0], fit.w[1], fit.b))
    )
    assert abs(prob - prob.T).max() > 0.05


def test_the_course_fit_takes_about_a_millisecond():
    X, y = ref.course_data()
    ref.fit_l2(X, y)
    seconds = []
    for _ in range(20):
        start = time.perf_counter()
        ref.fit_l2(X, y)
        seconds.append(time.perf_counter() - start)
    assert min(seconds) < 5e-3


def test_extreme_data_raise_no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ref.fit_l2([[-1e3], [1e3], [2e3]], [0, 1, 1], C=1e3)
