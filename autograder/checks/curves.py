"""Curves and the parameters that make them."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import ArrayLike

from .comparing import Mistakes, close, close_number
from .data import Array, number, pair


def close_parameters(
    value: object,
    expected: Mapping[str, float],
    name: str,
    *,
    atol: float,
    mistakes: Mapping[str, Mapping[str, float]] | None = None,
) -> None:
    """A pair of numbers, each within `atol` of the expected one of that name.

    `mistakes` gives the parameters that a likely mistake leads to.
    """
    labels = list(expected)
    values = pair(value, name[:1].upper() + name[1:], f"({', '.join(labels)})", arrays=True)
    found = {label: number(item, f"{label} of {name}") for label, item in zip(labels, values, strict=True)}
    for label in labels:
        likely: Mistakes = {
            mistake: _constant(wrong[label])
            for mistake, wrong in (mistakes or {}).items()
            if all(abs(found[other] - wrong[other]) <= atol for other in labels)
        }
        close_number(found[label], expected[label], f"{label} of {name}", atol=atol, mistakes=likely)


def same_curve(
    parameters: tuple[float, ...],
    expected: tuple[float, ...],
    curve: Callable[..., ArrayLike],
    x: Array,
    name: str,
    *,
    atol: float,
) -> None:
    """curve(x, *parameters) is curve(x, *expected) within `atol` at every point of `x`."""
    close(np.asarray(curve(x, *parameters)), curve(x, *expected), name, atol=atol)


def _constant(value: float) -> Callable[[], float]:
    return lambda: value
