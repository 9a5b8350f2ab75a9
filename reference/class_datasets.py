"""Data sets of several classes for hidden tests, drawn so that given mistakes show."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from reference.classification import Numbers
from reference.data import Array
from reference.datasets import MAX_DRAWS, NoSuchData
from reference.mistakes import VISIBLE
from reference.softmax import SoftmaxFit, cross_entropy, fit_softmax, objective, probabilities


@dataclass(frozen=True, slots=True)
class Classes:
    """Rows X (n, d), class numbers y (n,) from 0 to k - 1, the penalty's factor, and the optimum for it."""

    X: Array
    y: Numbers
    lam: float
    optimum: SoftmaxFit


@dataclass(frozen=True, slots=True)
class PenaltyChoice:
    """Training and validation data, factors in no order, and the one that validation chooses."""

    X_train: Array
    y_train: Numbers
    X_val: Array
    y_val: Numbers
    lams: tuple[float, ...]
    best: float
    by_mistake: Mapping[str, float]


SoftmaxMistake = Literal["intercept_penalised", "penalty_not_halved", "sum_for_mean", "hardly_penalised"]
SOFTMAX_MISTAKES: tuple[SoftmaxMistake, ...] = get_args(SoftmaxMistake)
IN_WORDS: Mapping[SoftmaxMistake, str] = MappingProxyType(
    {
        "intercept_penalised": "b is penalised too",
        "penalty_not_halved": "the penalty is not halved",
        "sum_for_mean": "the sum of the losses is taken, not their mean",
        "hardly_penalised": "there is hardly any penalty",
    }
)
_FITS: Mapping[SoftmaxMistake, Callable[[Array, Numbers, int, float], SoftmaxFit]] = MappingProxyType(
    {
        "intercept_penalised": lambda X, y, k, lam: fit_softmax(X, y, k, lam, intercept_penalised=True),
        "penalty_not_halved": lambda X, y, k, lam: fit_softmax(X, y, k, 2 * lam),
        "sum_for_mean": lambda X, y, k, lam: fit_softmax(X, y, k, lam / len(y)),
        "hardly_penalised": lambda X, y, k, lam: fit_softmax(X, y, k, lam / 100),
    }
)


def mistaken_fit(mistake: SoftmaxMistake, X: Array, y: Numbers, classes: int, lam: float) -> SoftmaxFit:
    """The fit that a student gets who makes the mistake; arguments and errors as of `fit_softmax`."""
    return _FITS[mistake](X, y, classes, lam)


def farthest_apart(X: ArrayLike, first: SoftmaxFit, second: SoftmaxFit) -> float:
    """The largest difference in a probability between two fits at the rows X."""
    return float(np.abs(probabilities(X, first.W, first.b) - probabilities(X, second.W, second.b)).max())


def draw_classes(rng: np.random.Generator, *, n: int, d: int, classes: int, lam: float) -> Classes:
    """Gaussian classes of unequal sizes whose means lie away from the origin.

    Drawn anew until each of the mistakes moves a probability at some row by 0.05; raises NoSuchData after
    1,000 draws.
    """
    for _ in range(MAX_DRAWS):
        X, y = _clouds(rng, _means(rng, d, classes), n)
        optimum = fit_softmax(X, y, classes, lam)
        fits = (mistaken_fit(mistake, X, y, classes, lam) for mistake in SOFTMAX_MISTAKES)
        if all(farthest_apart(X, optimum, fit) >= VISIBLE for fit in fits):
            return Classes(X, y, lam, optimum)
    raise NoSuchData(
        f"none of {MAX_DRAWS} data sets with n={n}, d={d}, {classes} classes shows every mistake"
    )


LAMS = (0.15, 0.006, 0.75, 0.03)
CLEARLY = 1.04  # the second best validation loss, in units of the best


def draw_penalty_choice(rng: np.random.Generator, *, n: int, d: int, classes: int) -> PenaltyChoice:
    """n rows for training and twice as many for validation, whose best factor no mistaken rule finds.

    Raises NoSuchData after 1,000 draws.
    """
    for _ in range(MAX_DRAWS):
        means = _means(rng, d, classes)
        X, y = _clouds(rng, means, n)
        X_val, y_val = _clouds(rng, means, 2 * n)
        fits = {lam: fit_softmax(X, y, classes, lam) for lam in LAMS}
        losses = {lam: cross_entropy(X_val, y_val, fit.W, fit.b) for lam, fit in fits.items()}
        best, second = sorted(LAMS, key=losses.__getitem__)[:2]
        if losses[second] < CLEARLY * losses[best]:
            continue
        by_mistake = _other_choices(fits, X, y, X_val, y_val, classes)
        if best not in by_mistake.values():
            return PenaltyChoice(X, y, X_val, y_val, LAMS, best, by_mistake)
    raise NoSuchData(
        f"none of {MAX_DRAWS} data sets with n={n}, d={d}, {classes} classes tells the rules apart"
    )


def _other_choices(
    fits: Mapping[float, SoftmaxFit], X: Array, y: Numbers, X_val: Array, y_val: Numbers, classes: int
) -> dict[str, float]:
    rows, labels = np.r_[X, X_val], np.r_[y, y_val]
    on_all = {lam: fit_softmax(rows, labels, classes, lam) for lam in fits}

    def least(measure: Callable[[float], float]) -> float:
        return min(fits, key=measure)

    return {
        "the loss on the training data is compared": least(
            lambda lam: cross_entropy(X, y, fits[lam].W, fits[lam].b)
        ),
        "the penalty counts in the comparison": least(
            lambda lam: objective(X_val, y_val, fits[lam].W, fits[lam].b, lam)
        ),
        "the fits have seen the validation data": least(
            lambda lam: cross_entropy(X_val, y_val, on_all[lam].W, on_all[lam].b)
        ),
        "the errors are counted": least(
            lambda lam: float((probabilities(X_val, fits[lam].W, fits[lam].b).argmax(axis=1) != y_val).mean())
        ),
        "the largest loss is taken": max(
            fits, key=lambda lam: cross_entropy(X_val, y_val, fits[lam].W, fits[lam].b)
        ),
    }


def _means(rng: np.random.Generator, d: int, classes: int) -> Array:
    return np.asarray(rng.normal(size=d) + 1.2 * rng.normal(size=(classes, d)))


def _clouds(rng: np.random.Generator, means: Array, n: int) -> tuple[Array, Numbers]:
    """n rows around the means, in random order; class 0 is likeliest, and every class comes three times."""
    classes = len(means)
    share = np.arange(classes, 0, -1) / np.arange(1, classes + 1).sum()
    y = np.r_[np.repeat(np.arange(classes), 3), rng.choice(classes, size=n - 3 * classes, p=share)]
    rng.shuffle(y)
    return means[y] + rng.normal(size=(n, means.shape[1])), y
