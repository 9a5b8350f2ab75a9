import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression

import reference as ref

SEEDS = range(6)


def shares_of_tolerance(data, w, b):
    """How much of each tolerance of the optimum a solver uses up: objective, probabilities, weights."""
    best = data.optimum
    gap = ref.objective(w, b, data.X, data.y, data.C) - best.minimum
    apart = abs(ref.probabilities(data.X, w, b) - ref.probabilities(data.X, best.w, best.b)).max()
    off = np.linalg.norm(w - best.w)
    return max(
        gap / (1e-4 * (1 + best.minimum)),
        apart / 0.01,
        off / (0.05 * np.linalg.norm(best.w) + 1e-6),
    )


def default_solver(data):
    model = LogisticRegression(C=data.C).fit(data.X, data.y)
    return model.coef_[0], model.intercept_[0]


def drawings(seed):
    rng = np.random.default_rng(seed)
    yield from (ref.draw_unseen(rng, d) for d in range(1, 6))
    yield from (ref.draw_for_strength(rng, C) for C in (1e-3, 1e-2, 0.1, 1.0, 10.0, 100.0, 1e3))
    yield from (ref.draw_for_intercept(rng, C, distance) for C in (0.1, 1.0) for distance in (10, 30))


@pytest.mark.parametrize("seed", SEEDS)
def test_scikit_learn_by_default_stays_within_a_fifth_of_the_tolerances(seed):
    assert max(shares_of_tolerance(data, *default_solver(data)) for data in drawings(seed)) < 0.2


@pytest.mark.parametrize("seed", SEEDS)
def test_classes_overlap(seed):
    for data in drawings(seed):
        ref.fit_unpenalised(data.X, data.y)


@pytest.mark.parametrize("seed", SEEDS)
def test_unseen_data_show_the_mean_and_the_missing_penalty(seed):
    data = ref.draw_unseen(np.random.default_rng(seed), d=1 + seed % 5)
    assert ref.sees("mean_for_sum", data.X, data.y)
    assert ref.sees("no_penalty", data.X, data.y)


@pytest.mark.parametrize("C", [1e-3, 0.01, 0.1, 0.2, 5.0, 100.0, 1e3])
def test_data_for_the_strength_show_its_inverse(C):
    data = ref.draw_for_strength(np.random.default_rng(0), C)
    assert ref.sees("inverse_strength", data.X, data.y, C)


@pytest.mark.parametrize("C", [0.1, 0.3, 1.0])
@pytest.mark.parametrize("distance", [10.0, 30.0])
def test_data_for_the_intercept_show_its_penalty(C, distance):
    data = ref.draw_for_intercept(np.random.default_rng(0), C, distance)
    assert ref.sees("penalised_intercept", data.X, data.y, C)
    assert np.linalg.norm(data.X.mean(axis=0)) == pytest.approx(distance, abs=2)


def test_shapes_and_share_are_as_asked():
    data = ref.draw_dataset(np.random.default_rng(0), n=50, d=4, share=0.3)
    assert data.X.shape == (50, 4)
    assert data.y.sum() == 15


def test_the_same_generator_state_gives_the_same_data():
    first, second = (ref.draw_unseen(np.random.default_rng(3), d=2) for _ in range(2))
    assert np.array_equal(first.X, second.X)
    assert np.array_equal(first.y, second.y)


def test_rows_come_in_random_order():
    data = ref.draw_dataset(np.random.default_rng(0), n=50, d=2)
    assert 1 < abs(np.diff(data.y)).sum() < 49


def test_what_cannot_be_seen_is_reported():
    with pytest.raises(ref.NoSuchData, match="inverse_strength"):
        ref.draw_dataset(np.random.default_rng(0), n=30, d=1, C=1.0, must_see=["inverse_strength"])


@pytest.mark.parametrize("seed", SEEDS)
def test_classifier_data_are_as_the_lab_says(seed):
    data = ref.draw_classifier_data(np.random.default_rng(seed))
    assert data.X.dtype == data.y.dtype == torch.float32
    assert data.X.shape == (len(data.y), 2)
    assert 500 <= len(data.y) <= 1000
    assert 0.19 <= data.y.mean().item() <= 0.81
    for label in (0, 1):
        mean = data.X[data.y == label].mean(dim=0)
        assert mean.min().item() > -1.5
        assert mean.max().item() < 3.5


@pytest.mark.parametrize("seed", SEEDS)
def test_a_constant_classifier_is_far_above_the_least_loss(seed):
    data = ref.draw_classifier_data(np.random.default_rng(seed))
    p = torch.full_like(data.y, data.y.mean().item()).numpy()
    assert ref.cross_entropy_of_probabilities(p, data.y.numpy()) > data.optimum_loss + 0.1


def test_course_classifier_data_have_the_known_loss():
    assert ref.course_classifier_data().optimum_loss == pytest.approx(0.174538, abs=2e-6)


def test_classes_that_never_overlap_are_reported():
    with pytest.raises(ref.NoSuchData, match="overlap"):
        ref.draw_classifier_data(np.random.default_rng(0), n=4, d=5, share=0.5)
