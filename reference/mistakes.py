"""Well-known wrong ways to fit, and how far each of them would show in a data set."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from reference.logistic import Fit, fit_l2, fit_l2_intercept_penalised, fit_unpenalised, probabilities

Mistake = Literal["penalised_intercept", "inverse_strength", "mean_for_sum", "no_penalty"]
MISTAKES: tuple[Mistake, ...] = get_args(Mistake)
IN_WORDS: Mapping[Mistake, str] = MappingProxyType(
    {
        "penalised_intercept": "the intercept is penalised too",
        "inverse_strength": "1/C stands where C should",
        "mean_for_sum": "the mean of the losses is taken, not their sum",
        "no_penalty": "there is no penalty",
    }
)
VISIBLE = 0.05

_FITS: Mapping[Mistake, Callable[[ArrayLike, ArrayLike, float], Fit]] = MappingProxyType(
    {
        "penalised_intercept": fit_l2_intercept_penalised,
        "inverse_strength": lambda X, y, C: fit_l2(X, y, 1 / C),
        "mean_for_sum": lambda X, y, C: fit_l2(X, y, C / len(np.asarray(y))),
        "no_penalty": lambda X, y, C: fit_unpenalised(X, y),
    }
)


def mistaken_fit(mistake: Mistake, X: ArrayLike, y: ArrayLike, C: float = 1.0) -> Fit:
    """The fit of X (n, d), y (n,) that a student gets who makes the mistake; errors as `logistic`'s."""
    return _FITS[mistake](X, y, C)


def visibility(mistake: Mistake, X: ArrayLike, y: ArrayLike, C: float = 1.0) -> float:
    """The largest difference in P(class 1) that the mistake makes at a row of X: 0 (unseen) to 1."""
    return farthest_apart(X, fit_l2(X, y, C), mistaken_fit(mistake, X, y, C))


def sees(mistake: Mistake, X: ArrayLike, y: ArrayLike, C: float = 1.0, at_least: float = VISIBLE) -> bool:
    """Whether the mistake moves P(class 1) by `at_least` at some row."""
    return visibility(mistake, X, y, C) >= at_least


def farthest_apart(X: ArrayLike, first: Fit, second: Fit) -> float:
    """The largest difference in P(class 1) between two fits at the rows X (n, d)."""
    return float(np.abs(probabilities(X, first.w, first.b) - probabilities(X, second.w, second.b)).max())
