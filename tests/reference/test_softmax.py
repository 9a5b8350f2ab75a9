import numpy as np
import pytest
import scipy.special
from sklearn.linear_model import LogisticRegression

from reference import class_datasets as data
from reference import softmax as ref


def drawn(seed, n=60, d=3, classes=4):
    rng = np.random.default_rng(seed)
    y = np.r_[np.arange(classes), rng.integers(0, classes, size=n - classes)]
    return (
        rng.normal(size=(n, d)) + y[:, None] / 2,
        y,
        rng.normal(size=(d, classes)),
        rng.normal(size=classes),
    )


@pytest.mark.parametrize("scale", [1.0, 1e4])
def test_log_softmax_is_scipy_s(scale):
    scores = scale * np.random.default_rng(0).normal(size=(6, 5))
    np.testing.assert_allclose(ref.log_softmax(scores), scipy.special.log_softmax(scores, axis=1), rtol=1e-12)


def test_the_gradient_is_that_of_the_objective():
    X, y, W, b = drawn(1)
    by_W, by_b = ref.gradient(X, y, W, b, 0.3)
    step = 1e-6
    for place in np.ndindex(W.shape):
        E = np.zeros_like(W)
        E[place] = step
        slope = (ref.objective(X, y, W + E, b, 0.3) - ref.objective(X, y, W - E, b, 0.3)) / (2 * step)
        assert by_W[place] == pytest.approx(slope, abs=1e-7)
    for place in range(len(b)):
        e = step * np.eye(len(b))[place]
        slope = (ref.objective(X, y, W, b + e, 0.3) - ref.objective(X, y, W, b - e, 0.3)) / (2 * step)
        assert by_b[place] == pytest.approx(slope, abs=1e-7)


@pytest.mark.parametrize("classes", [2, 3, 5])
@pytest.mark.parametrize("lam", [0.005, 0.2])
def test_the_gradient_vanishes_at_the_fit(classes, lam):
    X, y, *_ = drawn(2, classes=classes)
    fit = ref.fit_softmax(X, y, classes, lam)
    assert fit.minimum == pytest.approx(ref.objective(X, y, fit.W, fit.b, lam), abs=1e-12)
    assert all(np.abs(part).max() < 1e-9 for part in ref.gradient(X, y, fit.W, fit.b, lam))
    assert abs(fit.b.sum()) < 1e-9


def test_three_classes_are_fitted_as_by_scikit_learn():
    X, y, *_ = drawn(3, classes=3)
    theirs = LogisticRegression(C=1 / (0.05 * len(y)), tol=1e-10, max_iter=10_000).fit(X, y)
    fit = ref.fit_softmax(X, y, 3, 0.05)
    np.testing.assert_allclose(ref.probabilities(X, fit.W, fit.b), theirs.predict_proba(X), atol=1e-5)


@pytest.mark.parametrize(("labels", "lam"), [([0, 1, 0], 0.0), ([0, 2, 0], 0.1), ([0, 0, 0], 0.1)])
def test_what_has_no_fit_is_refused(labels, lam):
    with pytest.raises(ValueError, match=r"lam should be positive"):
        ref.fit_softmax(np.eye(3), labels, 2, lam)


@pytest.mark.parametrize("seed", range(5))
def test_every_mistake_shows_in_the_data(seed):
    drawn = data.draw_classes(np.random.default_rng(seed), n=60, d=2, classes=3, lam=0.05)
    for mistake in data.SOFTMAX_MISTAKES:
        wrong = data.mistaken_fit(mistake, drawn.X, drawn.y, 3, 0.05)
        assert data.farthest_apart(drawn.X, drawn.optimum, wrong) >= 0.05


@pytest.mark.parametrize("seed", range(5))
def test_validation_alone_finds_the_best_penalty(seed):
    drawn = data.draw_penalty_choice(np.random.default_rng(seed), n=24, d=4, classes=3)
    losses = {}
    for lam in drawn.lams:
        fit = ref.fit_softmax(drawn.X_train, drawn.y_train, 3, lam)
        losses[lam] = ref.cross_entropy(drawn.X_val, drawn.y_val, fit.W, fit.b)
    best, second = sorted(losses, key=losses.__getitem__)[:2]
    assert best == drawn.best
    assert losses[second] >= 1.04 * losses[best]
    assert drawn.best not in drawn.by_mistake.values()


def test_data_that_cannot_be_drawn_are_told():
    with pytest.raises(data.NoSuchData):
        data.draw_classes(np.random.default_rng(0), n=60, d=2, classes=3, lam=1e6)
