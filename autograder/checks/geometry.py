"""Boundaries as geometry: a line is the same line however its equation is scaled, vertical ones included."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from .data import Array
from .failure import CheckFailed, require
from .measuring import measured
from .optimum import Linear


@dataclass(frozen=True, slots=True)
class Window:
    """The part of the plane that is looked at: lower left and upper right corner, each (2,)."""

    lower: Array
    upper: Array

    @classmethod
    def around(cls, X: Array) -> "Window":
        """The smallest one that holds every row of X (n, 2)."""
        return cls(X.min(axis=0), X.max(axis=0))


def same_boundary(
    found: Linear,
    wanted: Linear,
    name: str,
    *,
    window: Window,
    atol: float,
    mistakes: Mapping[str, Callable[[], Linear]] | None = None,
) -> None:
    """The line w.x + b = 0 of `found` is that of `wanted`, within `atol` in units of the data.

    The distance is the largest that a point of either line inside the window has to the other line: scale
    and sign of an equation do not matter. `wanted` has to cross the window (ValueError otherwise).
    """
    if not len(_ends(wanted, window)):
        raise ValueError("the wanted boundary does not cross the window")
    distance = _distance(found, wanted, window)
    measured(name, "distance of lines", distance / atol, f"{atol:g}", found, wanted)
    if distance <= atol:
        return
    for mistake, its_line in (mistakes or {}).items():
        if _distance(found, its_line(), window) <= atol:
            raise CheckFailed(f"{name} is not where it should be. Likely cause: {mistake}.")
    require(math.isfinite(distance), f"{name} is no line: its weights are 0 or not finite.")
    raise CheckFailed(f"{name} is not where it should be: it lies up to {distance:.2g} away.")


def _distance(found: Linear, wanted: Linear, window: Window) -> float:
    if not (np.isfinite(found.w).all() and math.isfinite(found.b) and np.any(found.w)):
        return math.inf
    here, there = _ends(wanted, window), _ends(found, window)
    return max(_farthest(here, found), _farthest(there, wanted)) if len(here) else math.inf


def _farthest(points: Array, line: Linear) -> float:
    """The largest distance of points (k, 2) from the line; 0 of none."""
    w, b = _unit(line)
    return float(np.abs(points @ w + b).max(initial=0.0))


def _unit(line: Linear) -> tuple[Array, float]:
    """The equation with |w| = 1, scaled first so that no square of a tiny or a huge weight is lost."""
    largest = np.abs(line.w).max()
    w, b = line.w / largest, line.b / largest
    norm = float(np.hypot(*w))
    return w / norm, float(b) / norm


def _ends(line: Linear, window: Window) -> Array:
    """Where the line meets the sides of the window, (k, 2): none if it passes by."""
    w, b = _unit(line)
    slack = 1e-9 * (1 + float(np.abs(np.r_[window.lower, window.upper]).max()))
    found = []
    for axis, other in ((0, 1), (1, 0)):
        if w[other] == 0:
            continue
        for side in (window.lower[axis], window.upper[axis]):
            with np.errstate(over="ignore"):  # nearly parallel to this side: far outside
                at = -(w[axis] * side + b) / w[other]
            if window.lower[other] - slack <= at <= window.upper[other] + slack:
                point = np.empty(2)
                point[axis], point[other] = side, at
                found.append(point)
    return np.array(found).reshape(-1, 2)
