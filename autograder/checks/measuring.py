"""What checks measure: how far an answer lies from what is expected, in units of what is tolerated."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .failure import require


@dataclass(frozen=True, slots=True)
class Measurement:
    """One comparison. `distance` is 0 for just what is expected, at most 1 for what passes; it may be inf.

    `what` says what was compared, `quantity` which kind of number that is, the same in every draw of the
    data, and `tolerance` in words what a distance of 1 is.
    """

    what: str
    quantity: str
    distance: float
    tolerance: str
    answer: object
    expected: object


_watchers: list[Callable[[Measurement], None]] = []


@contextmanager
def watched(watcher: Callable[[Measurement], None]) -> Iterator[None]:
    """`watcher` gets every measurement that is made inside, those of checks that fail included."""
    _watchers.append(watcher)
    try:
        yield
    finally:
        _watchers.remove(watcher)


def is_watched() -> bool:
    """Whether anybody wants measurements; a check that has to compute one for that alone may ask."""
    return bool(_watchers)


def measured(
    what: str, quantity: str, distance: float, tolerance: str, answer: object, expected: object
) -> None:
    """Tells those who watch; a check calls it before it judges."""
    for watcher in _watchers:
        watcher(Measurement(what, quantity, distance, tolerance, answer, expected))


def at_most(value: float, limit: float, message: str, *, slack: float = 0.0, quantity: str = "bound") -> None:
    """`value` is not above `limit` by more than `slack`; NaN is.

    The distance is the excess over the limit in units of the slack, or, with none, value / limit; `quantity`
    is what to call it among the measurements.
    """
    excess, unit = (value - limit, slack) if slack else (value, limit)
    distance = max(0.0, excess / unit) if unit > 0 else 0.0 if value <= limit else math.inf
    words = f"{slack:g} above {limit:.6g}" if slack else f"{limit:.6g}"
    measured(message, quantity, math.inf if math.isnan(value) else distance, words, value, limit)
    require(value <= limit + slack, message)


def largest_ratio(difference: NDArray[Any], allowed: NDArray[Any]) -> float:
    """max |difference| / allowed, where 0 / 0 is 0; inf for NaN. Shapes alike."""
    size = np.abs(difference)
    with np.errstate(all="ignore"):
        ratio = np.where(size == 0, 0.0, size / allowed)
    return float(np.where(np.isnan(ratio), np.inf, ratio).max(initial=0.0))
