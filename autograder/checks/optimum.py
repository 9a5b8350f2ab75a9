"""Is this the optimum of L2-regularised logistic regression? Asked of objective, predictions and weights."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .data import Array, numpy_array, pair, single_number
from .describing import describe
from .failure import CheckFailed, require
from .measuring import measured

OBJECTIVE_GAP = 1e-4
PROBABILITY_GAP = 0.01
WEIGHT_GAP = 0.05

# What is compared, what is tolerated, and what to say beyond that, in the order in which it is said.
_FINITE, _OBJECTIVE, _PROBABILITIES, _WEIGHTS = "finite", "objective", "probabilities", "weights"
_ASPECTS = {
    _FINITE: ("none", "the parameters are not finite."),
    _OBJECTIVE: (f"{OBJECTIVE_GAP:g} (1 + minimum)", "the objective is not at its minimum."),
    _PROBABILITIES: (
        f"{PROBABILITY_GAP:g}",
        "the predicted probabilities are not those of the optimum.",
    ),
    _WEIGHTS: (f"{WEIGHT_GAP:g} |w*| + 1e-6", "the weights are not those of the optimum."),
}


class Linear(Protocol):
    """A linear model: weights (d,) and an intercept."""

    @property
    def w(self) -> Array: ...

    @property
    def b(self) -> float: ...


@dataclass(frozen=True, slots=True)
class LinearFit:
    """The weights w (d,) and the intercept b that a student's code found."""

    w: Array
    b: float


def linear_fit(value: object, name: str, features: int) -> LinearFit:
    """A student's (w, b): a tuple or list of two, w of shape (d,) or (1, d), b one number."""
    w, b = pair(value, name, "(w, b)")
    weights = numpy_array(w, f"w in {name}")
    if weights.shape not in ((features,), (1, features)):
        raise CheckFailed(
            f"w in {name} should have one weight for each of the {features} feature(s), "
            f"shape ({features},), but it is {describe(w)}."
        )
    return LinearFit(weights.reshape(features), single_number(b, f"b in {name}"))


@dataclass(frozen=True, slots=True)
class LogisticProblem:
    """Minimise 1/2 |w|^2 + C sum_i log(1 + exp(-s_i (w.x_i + b))), where s_i = 2 y_i - 1.

    X is (n, d), y is (n,) of 0 and 1.
    scikit-learn's objective (User Guide, "Logistic regression"): the intercept is free.
    """

    X: Array
    y: NDArray[np.floating]
    C: float = 1.0

    def objective(self, model: Linear) -> float:
        """What is minimised."""
        margins = (2 * self.y - 1) * (self.X @ model.w + model.b)
        return float(model.w @ model.w / 2 + self.C * np.logaddexp(0, -margins).sum())

    def probabilities(self, model: Linear) -> Array:
        """P(class 1) at the training rows, (n,)."""
        return np.exp(-np.logaddexp(0, -(self.X @ model.w + model.b)))


def is_optimum(
    found: LinearFit,
    best: Linear,
    problem: LogisticProblem,
    name: str,
    *,
    mistakes: Mapping[str, Callable[[], Linear]] | None = None,
) -> None:
    """`found` is as good as `best`, the true minimiser.

    The objective exceeds its minimum by at most 1e-4 (1 + minimum), no predicted probability differs by more
    than 0.01, and |w - w*| <= 0.05 |w*| + 1e-6. `mistakes` gives the optimum of a wrong objective.
    """
    distances = _distances(found, best, problem)
    for aspect, distance in distances.items():
        measured(name, aspect, distance, _ASPECTS[aspect][0], found, best)
    complaint = next((_ASPECTS[aspect][1] for aspect, d in distances.items() if not d <= 1), None)
    if complaint is None:
        return
    for mistake, its_optimum in (mistakes or {}).items():
        other = _distances(found, its_optimum(), problem)
        if max(other[_PROBABILITIES], other[_WEIGHTS]) <= 1:
            raise CheckFailed(f"{name}: {complaint} Likely cause: {mistake}.")
    raise CheckFailed(f"{name}: {complaint}")


def smaller_norm(first: Linear, second: Linear, message: str) -> None:
    """|w| of the first model is below |w| of the second."""
    require(bool(np.linalg.norm(first.w) < np.linalg.norm(second.w)), message)


def _distances(found: LinearFit, best: Linear, problem: LogisticProblem) -> dict[str, float]:
    """How far `found` lies from `best` in each aspect, in units of what is tolerated; inf for NaN."""
    if not (np.isfinite(found.w).all() and np.isfinite(found.b)):
        return dict.fromkeys((_FINITE, _PROBABILITIES, _WEIGHTS), float("inf"))
    minimum = problem.objective(best)
    with np.errstate(over="ignore", invalid="ignore"):
        excess = (problem.objective(found) - minimum) / (OBJECTIVE_GAP * (1 + minimum))
        probability = np.abs(problem.probabilities(found) - problem.probabilities(best)).max()
        weight = np.linalg.norm(found.w - best.w) / (WEIGHT_GAP * np.linalg.norm(best.w) + 1e-6)
    distances = {_OBJECTIVE: excess, _PROBABILITIES: probability / PROBABILITY_GAP, _WEIGHTS: weight}
    return {aspect: _not_nan(value) for aspect, value in distances.items()}


def _not_nan(distance: float) -> float:
    return float("inf") if np.isnan(distance) else max(0.0, float(distance))
