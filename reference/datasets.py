"""Data sets for hidden tests: two overlapping Gaussian classes, drawn so that given mistakes show.

Every set has a certified unpenalised optimum of moderate logits. Without that bound a solver that stops at
a usual tolerance, as scikit-learn does by default, would be right or wrong by luck.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from reference.data import Array, course_tensors
from reference.logistic import Fit, fit_l2, fit_unpenalised
from reference.mistakes import VISIBLE, Mistake, farthest_apart, mistaken_fit
from reference.newton import NotConverged

MAX_DRAWS = 1000
LARGEST_LOGIT = 8.0


class NoSuchData(ValueError):
    """No draw met the conditions."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """Rows X (n, d), labels y (n,) of 0.0 and 1.0, the strength C, and the optimum of `fit_l2` for it."""

    X: Array
    y: Array
    C: float
    optimum: Fit


@dataclass(frozen=True, slots=True)
class ClassifierData:
    """X (n, d) and y (n,), float32 tensors on the CPU; the least mean cross-entropy there, in nats."""

    X: Tensor
    y: Tensor
    optimum_loss: float


def draw_dataset(
    rng: np.random.Generator,
    *,
    n: int,
    d: int,
    C: float = 1.0,
    share: float = 0.5,
    distance: float = 0.0,
    separation: float = 1.5,
    must_see: Collection[Mistake] = (),
) -> Dataset:
    """Classes of standard deviation 1 whose means lie `separation` apart, in random order.

    `share` of the n rows are of class 1. The middle of the two means lies `distance` from the origin,
    roughly in the direction in which the classes differ. Drawn anew until the classes overlap and each
    mistake in `must_see` moves a probability at some row by 0.05; raises NoSuchData after 1,000 draws.
    """
    for _ in range(MAX_DRAWS):
        y = _labels(rng, n, share)
        apart = _direction(rng, d)
        middle = distance * _unit(rng.choice([-1.0, 1.0]) * apart + 0.5 * _direction(rng, d))
        X = middle + separation * np.outer(y - 0.5, apart) + rng.normal(size=(n, d))
        if not _moderate(X, y):
            continue
        optimum = fit_l2(X, y, C)
        if all(farthest_apart(X, optimum, mistaken_fit(m, X, y, C)) >= VISIBLE for m in must_see):
            return Dataset(X, y, C, optimum)
    raise NoSuchData(f"none of {MAX_DRAWS} data sets with n={n}, d={d}, C={C} shows {sorted(must_see)}")


def draw_unseen(rng: np.random.Generator, d: int) -> Dataset:
    """C = 1, n from 20, unequal classes, moved means; shows no penalty, and the mean for the sum."""
    return draw_dataset(
        rng,
        n=int(rng.integers(20, 21 + 5 * d)),
        d=d,
        share=rng.choice([0.35, 0.65]),
        distance=rng.uniform(1.0, 3.0),
        must_see=("mean_for_sum", "no_penalty"),
    )


def draw_for_strength(rng: np.random.Generator, C: float, d: int = 2) -> Dataset:
    """C from 1e-3 to 1e3: shows the mean for the sum up to C = 1, and 1 / C for C outside (0.2, 5)."""
    # A weak C needs many rows to move the weights at all.
    n = 300 if C < 0.005 else 100 if C < 0.05 else 40
    must_see: list[Mistake] = [] if 0.2 < C < 5 else ["inverse_strength"]
    if C <= 1:
        must_see.append("mean_for_sum")
    return draw_dataset(rng, n=n, d=d, C=C, distance=rng.uniform(0.0, 2.0), must_see=must_see)


def draw_for_intercept(
    rng: np.random.Generator, C: float = 1.0, distance: float = 30.0, d: int = 3
) -> Dataset:
    """A set far from the origin, which shows a penalised intercept; C from 0.1 to 1."""
    must_see: list[Mistake] = ["penalised_intercept"]
    return draw_dataset(rng, n=30, d=d, C=C, distance=distance, must_see=must_see)


def draw_classifier_data(
    rng: np.random.Generator, *, n: int | None = None, d: int = 2, share: float | None = None
) -> ClassifierData:
    """Classes never separable: n from 500 to 1,000, share of class 1 from 0.2 to 0.8, means within [-1, 3].

    The means lie 1 to 3 standard deviations apart. Raises NoSuchData after 1,000 draws.
    """
    rows = int(rng.integers(500, 1001)) if n is None else n
    part = rng.uniform(0.2, 0.8) if share is None else share
    for _ in range(MAX_DRAWS):
        means = rng.uniform(-1.0, 3.0, size=(2, d))
        if not 1.0 <= np.linalg.norm(means[1] - means[0]) <= 3.0:
            continue
        y = _labels(rng, rows, part)
        X = means[y.astype(int)] + rng.normal(size=(rows, d))
        try:
            return _classifier_data(
                torch.tensor(X, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)
            )
        except NotConverged:
            continue
    raise NoSuchData(f"none of {MAX_DRAWS} data sets with n={rows}, d={d} has classes that overlap")


def course_classifier_data() -> ClassifierData:
    """The course's data as tensors, with the least loss."""
    return _classifier_data(*course_tensors())


def _classifier_data(X: Tensor, y: Tensor) -> ClassifierData:
    fit = fit_unpenalised(X.numpy(), y.numpy())
    return ClassifierData(X, y, fit.minimum / len(y))


def _labels(rng: np.random.Generator, n: int, share: float) -> Array:
    ones = min(max(round(n * share), 1), n - 1)
    labels: Array = np.repeat([0.0, 1.0], [n - ones, ones])
    rng.shuffle(labels)
    return labels


def _direction(rng: np.random.Generator, d: int) -> Array:
    return _unit(rng.normal(size=d))


def _unit(vector: Array) -> Array:
    return np.asarray(vector / np.linalg.norm(vector))


def _moderate(X: Array, y: Array) -> bool:
    try:
        fit = fit_unpenalised(X, y)
    except NotConverged:
        return False
    return float(np.abs(X @ fit.w + fit.b).max()) <= LARGEST_LOGIT
