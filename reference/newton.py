"""Newton's method with step halving, for smooth convex functions of a few variables."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from reference.data import Array

GRADIENT_TOLERANCE = 1e-8
MAX_STEPS = 200
MAX_HALVINGS = 60
SUFFICIENT_DECREASE = 1e-4
ROUNDING = 1e-13
DEGENERATE = 1e-12


class NotConverged(ArithmeticError):
    """Newton's method did not bring the gradient below the tolerance."""


class NoOptimum(NotConverged):
    """No finite and unique optimum: a plane separates the classes, or columns depend on each other."""


@dataclass(frozen=True, slots=True)
class Expansion:
    """Value, gradient (k,) and Hessian (k, k) of a function at one point."""

    value: float
    gradient: Array
    hessian: Array

    @property
    def gradient_norm(self) -> float:
        return float(np.sqrt(self.gradient @ self.gradient))

    def newton_direction(self) -> Array:
        try:
            return np.asarray(-np.linalg.solve(self.hessian, self.gradient), dtype=np.float64)
        except np.linalg.LinAlgError:
            raise NoOptimum("the Hessian is singular") from None


@dataclass(frozen=True, slots=True)
class Minimum:
    """Where the gradient vanishes: the point (k,), what the function is there, and the steps taken."""

    point: Array
    there: Expansion
    steps: int


def minimise(expand: Callable[[Array], Expansion], start: Array) -> Minimum:
    """The minimum of the convex function that `expand` describes, sought from `start` (k,).

    Raises NotConverged if the gradient norm stays above 1e-8, NoOptimum if a Hessian is singular.
    """
    point, here = start, expand(start)
    for steps in range(MAX_STEPS):
        if here.gradient_norm < GRADIENT_TOLERANCE:
            return _polished(expand, Minimum(point, here, steps))
        point, here = _descend(expand, point, here)
    raise NotConverged(f"gradient norm {here.gradient_norm:.1e} after {MAX_STEPS} Newton steps")


def _descend(expand: Callable[[Array], Expansion], point: Array, here: Expansion) -> tuple[Array, Expansion]:
    direction = here.newton_direction()
    slope = float(here.gradient @ direction)
    slack = ROUNDING * (1.0 + abs(here.value))
    size = 1.0
    for _ in range(MAX_HALVINGS):
        candidate = point + size * direction
        there = expand(candidate)
        if there.value <= here.value + SUFFICIENT_DECREASE * size * slope + slack:
            return candidate, there
        size /= 2
    raise NotConverged("no step along the Newton direction lowers the objective")


def _polished(expand: Callable[[Array], Expansion], found: Minimum) -> Minimum:
    """One more full step where it helps: convergence is quadratic, so this reaches rounding error."""
    point = found.point + found.there.newton_direction()
    there = expand(point)
    if there.gradient_norm < found.there.gradient_norm:
        return Minimum(point, there, found.steps + 1)
    return found
