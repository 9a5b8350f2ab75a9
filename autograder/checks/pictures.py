"""Pictures for a student's feedback, of what a test has at hand: the answer, and what was asked.

Nothing is drawn here, and nothing here judges. A picture leaves as whole numbers on a raster, and of what was
asked it holds no more than may be told: that is reduced first, whatever the answer is, so that neither one
picture nor many of them, of answers chosen for it, tell the rest. Where nobody records, as under plain
nbgrader, a call does nothing; nowhere does one raise.

`given` says of every picture whether it shows only data that the student has. The answer may be a function
without arguments that gets it: it is called where somebody records, and what it raises costs the picture
alone.
"""

import math
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FunctionType
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike

from .data import Array, as_float64
from .tensors import is_tensor

WIDTH, HEIGHT, SIDE = 420, 240, 300  # the raster: of a curve, and of the plane
BAND_STEPS = 20  # a boundary that was asked for is known to so many parts of the plane's side
FIELDS, LEVELS = 8, 4  # a map that was asked for, to so many fields a side and levels of probability
FINE_LEVELS = 10  # of the student's own map
NO_NUMBER = 3  # among how far apart fields are: -2 far below, -1 below, 0 alike, 1 above, 2 far above
SLACK = 0.15  # of a level, which an answer may lie beyond it and count as there
MOST_POINTS = 240  # of a curve, and of data
MOST_CELLS = 64  # a side, of the student's own map
MOST_NUMBERS = 200_000  # of an answer
MOST_TEXT = 120  # characters of a title or a label

Recorder = Callable[[dict[str, Any]], None]
Answer = object | Callable[[], object]


class Line(Protocol):
    """w.x + b = 0: two weights and an intercept."""

    @property
    def w(self) -> Array: ...

    @property
    def b(self) -> float: ...


_recorders: list[Recorder] = []


@contextmanager
def recorded(recorder: Recorder) -> Iterator[None]:
    """`recorder` gets the pictures that are made inside, each as plain data."""
    _recorders.append(recorder)
    try:
        yield
    finally:
        _recorders.remove(recorder)


def curve(
    title: str, x: ArrayLike, found: Answer, expected: ArrayLike, *, given: bool, labels: tuple[str, str]
) -> None:
    """Values over `x` (n,), those of the answer over those that were asked; `labels` are of the axes."""
    _record(title, given, lambda: _plot(x, found, expected, labels, log=False))


def history(title: str, found: Answer, expected: ArrayLike, *, given: bool, label: str = "loss") -> None:
    """Positive numbers, one a step, on an axis of powers of ten, over those of a run done right."""
    _record(
        title,
        given,
        lambda: _plot(np.arange(1, np.size(expected) + 1), found, expected, ("step", label), log=True),
    )


def boundary(
    title: str,
    X: Array,
    y: ArrayLike,
    found: Line | Callable[[], Line],
    expected: Line,
    *,
    given: bool,
    labels: tuple[str, str] = ("x1", "x2"),
) -> None:
    """The answer's line over the data X (n, 2), y (n,) of 0 and 1, and the band where the asked one runs."""
    _record(title, given, lambda: _plane(X, y, found, expected, labels))


def probability_map(
    title: str,
    x1: Array,
    x2: Array,
    found: Answer,
    expected: Array,
    *,
    given: bool,
    labels: tuple[str, str] = ("x1", "x2"),
) -> None:
    """Probabilities (m, n) over a grid, columns at `x1` (n,), rows at `x2` (m,).

    The answer, what was asked in a few levels, and where the answer lies above or below those.
    """
    _record(title, given, lambda: _map(x1, x2, found, expected, labels))


def _record(title: str, given: bool, draw: Callable[[], dict[str, Any] | None]) -> None:
    if not _recorders:
        return
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            drawing = draw()
            if drawing is not None:
                picture = {"title": str(title)[:MOST_TEXT], "given": given is True, "drawing": drawing}
                for recorder in _recorders:
                    recorder(picture)
    except Exception:  # a picture is never worth a mark
        return


# Axes -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Axis:
    """From `low` to `high`, both round numbers, on `size` steps of the raster; `log` in powers of ten."""

    low: float
    high: float
    step: float
    size: int
    label: str
    log: bool = False

    @classmethod
    def over(cls, values: Array, size: int, label: str, log: bool = False) -> "_Axis":
        """The smallest one of round ends that holds the values, which are finite."""
        low, high = float(values.min()), float(values.max())
        if not high > low:
            low, high = low - 0.5, high + 0.5
        step = max(1.0, round((high - low) / 6)) if log else _round_step(high - low)
        return cls(math.floor(low / step) * step, math.ceil(high / step) * step, step, size, label, log)

    def wider(self, values: Array) -> "_Axis":
        """With room for what else there is, up to the axis's own length on either side."""
        length = self.high - self.low
        near = np.clip(values[np.isfinite(values)], self.low - length, self.high + length)
        return _Axis.over(np.r_[near, self.low, self.high], self.size, self.label, self.log)

    def reduced(self, values: Array) -> Array:
        """The values, as exact as the raster is."""
        unit = (self.high - self.low) / self.size
        return self.low + np.round((values - self.low) / unit) * unit

    def placed(self, values: Array) -> Array:
        """On the raster; NaN for what lies beyond it."""
        at = np.round((values - self.low) / (self.high - self.low) * self.size)
        return np.where((at >= 0) & (at <= self.size), at, np.nan)

    def told(self) -> dict[str, Any]:
        count = round((self.high - self.low) / self.step)
        marks = [self.low + number * self.step for number in range(count + 1)]
        places = self.placed(np.array(marks))
        texts = [_power(mark) if self.log else f"{mark + 0.0:.6g}" for mark in marks]
        ticks = [{"at": int(place), "text": text} for place, text in zip(places, texts, strict=True)]
        return {"label": str(self.label)[:MOST_TEXT], "size": self.size, "ticks": ticks}


def _round_step(length: float) -> float:
    """A round number that divides the length into about five."""
    power = 10.0 ** math.floor(math.log10(length / 5))
    return next(power * each for each in (1, 2, 5, 10) if power * each * 6 >= length)


def _power(exponent: float) -> str:
    return f"{10.0**exponent:g}"


# What is drawn ------------------------------------------------------------------------------------


def _numbers(answer: Answer, shape: tuple[int, ...] | None = None) -> Array | None:
    """The numbers of an answer, NaN among them; None where there are too many or the shape is another."""
    value = answer() if type(answer) is FunctionType else answer
    if _size(value) > MOST_NUMBERS:
        return None
    numbers = as_float64(value, "the answer")
    return numbers if shape is None or numbers.shape == shape else None


def _size(value: object) -> int:
    """How many numbers; asks nothing of a value that lives with the student."""
    kind = type(value)
    if issubclass(kind, np.ndarray):
        return value.size  # type: ignore[attr-defined, no-any-return]
    if is_tensor(value):
        return value.numel()
    return sum(map(_size, value)) if issubclass(kind, list | tuple) else 1  # type: ignore[call-overload]


def _plot(
    x: ArrayLike, found: Answer, expected: ArrayLike, labels: tuple[str, str], *, log: bool
) -> dict[str, Any] | None:
    across, asked = np.asarray(x, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    yours = _numbers(found)
    if yours is None or yours.ndim != 1 or across.shape != asked.shape or not len(asked):
        return None
    if log:
        yours = yours[: 3 * len(asked)]
        asked, yours = np.log10(asked), np.where(yours > 0, np.log10(yours), np.nan)
        across_all = np.arange(1, max(len(yours), len(across)) + 1.0)
        across, across_yours = across_all[: len(asked)], across_all[: len(yours)]
    elif len(yours) != len(across):
        return None
    else:
        across_all = across_yours = across
    horizontal = _Axis.over(across_all, WIDTH, labels[0])
    narrow = _Axis.over(asked, HEIGHT, labels[1], log)
    asked = narrow.reduced(asked)
    upright = narrow.wider(yours)
    return {
        "x": horizontal.told(),
        "y": upright.told(),
        "asked": _path(horizontal, upright, across, asked),
        "yours": _path(horizontal, upright, across_yours, yours),
        "band": [],
        "points": [],
    }


def _path(horizontal: _Axis, upright: _Axis, x: Array, y: Array) -> list[list[list[int]]]:
    """Places on the raster, in order, in unbroken pieces."""
    chosen = _evenly(len(x), MOST_POINTS)
    pieces: list[list[list[int]]] = [[]]
    for across, up in zip(horizontal.placed(x[chosen]), upright.placed(y[chosen]), strict=True):
        if math.isfinite(across) and math.isfinite(up):
            pieces[-1].append([int(across), int(up)])
        elif pieces[-1]:
            pieces.append([])
    return [piece for piece in pieces if piece]


def _evenly(count: int, most: int) -> Sequence[int]:
    """At most so many places, the first and the last among them."""
    return [int(place) for place in np.linspace(0, count - 1, min(count, most)).round()]


def _plane(
    X: Array, y: ArrayLike, found: Line | Callable[[], Line], expected: Line, labels: tuple[str, str]
) -> dict[str, Any]:
    data, classes = np.asarray(X, dtype=np.float64), np.asarray(y)
    axes = [_Axis.over(data[:, axis], SIDE, labels[axis]) for axis in (0, 1)]
    line: Line = found() if isinstance(found, FunctionType) else found  # type: ignore[assignment]
    chosen = _evenly(len(data), MOST_POINTS)
    across, up = (axis.placed(column[chosen]) for axis, column in zip(axes, data.T, strict=True))
    return {
        "x": axes[0].told(),
        "y": axes[1].told(),
        "asked": [],
        "yours": [segment] if (segment := _segment(_on_raster(line, axes))) else [],
        "band": _band(_on_raster(expected, axes)),
        "points": [
            [int(a), int(b), int(c > 0.5)] for a, b, c in zip(across, up, classes[chosen], strict=True)
        ],
    }


def _on_raster(line: Line, axes: list[_Axis]) -> tuple[float, float, float]:
    """The line's equation in steps of the raster."""
    units = [(axis.high - axis.low) / axis.size for axis in axes]
    w = [float(weight) for weight in line.w]
    b = float(line.b) + sum(weight * axis.low for weight, axis in zip(w, axes, strict=True))
    return w[0] * units[0], w[1] * units[1], b


def _crossings(equation: tuple[float, float, float]) -> tuple[bool, list[float]] | None:
    """Whether the line is rather level, and where it meets the sides: left and right, or low and high."""
    w1, w2, b = equation
    if not all(map(math.isfinite, equation)) or w1 == w2 == 0:
        return None
    level = abs(w2) >= abs(w1)
    own, other = (w1, w2) if level else (w2, w1)
    return level, [-(b + own * side) / other for side in (0.0, float(SIDE))]


def _segment(equation: tuple[float, float, float]) -> list[list[int]]:
    crossed = _crossings(equation)
    if crossed is None:
        return []
    level, ends = crossed
    along = np.linspace(0.0, SIDE, 61)
    across = ends[0] + (ends[1] - ends[0]) * along / SIDE
    inside = (across >= 0) & (across <= SIDE)
    places = [[round(float(a)), round(float(c))] for a, c in zip(along[inside], across[inside], strict=True)]
    ordered = places if level else [[c, a] for a, c in places]
    return [ordered[0], ordered[-1]] if len(ordered) > 1 else []


def _band(equation: tuple[float, float, float]) -> list[list[int]]:
    """Corners, in order, of a band that holds the line, in whole steps that are far from fine."""
    crossed = _crossings(equation)
    if crossed is None:
        return []
    level, ends = crossed
    if max(ends) < 0 or min(ends) > SIDE:
        return []
    step = SIDE / BAND_STEPS
    (left, right), half = [round(end / step) * step for end in ends], step / 2
    corners = [(0, left - half), (SIDE, right - half), (SIDE, right + half), (0, left + half)]
    return [[a, round(c)] if level else [round(c), a] for a, c in corners]


def _map(
    x1: Array, x2: Array, found: Answer, expected: Array, labels: tuple[str, str]
) -> dict[str, Any] | None:
    wanted = np.asarray(expected, dtype=np.float64)
    yours = _numbers(found, wanted.shape)
    if yours is None or wanted.ndim != 2:
        return None
    asked = _levels(_in_fields(wanted), LEVELS)
    mean = _in_fields(yours) * LEVELS
    apart = mean - np.clip(mean, asked - SLACK, asked + 1 + SLACK)
    sides = np.where(np.isnan(apart), NO_NUMBER, np.sign(apart) * np.where(np.abs(apart) > 1, 2, 1))
    rows, columns = (_evenly(size, MOST_CELLS) for size in wanted.shape)
    return {
        "x": _Axis.over(np.asarray(x1, dtype=np.float64), SIDE, labels[0]).told(),
        "y": _Axis.over(np.asarray(x2, dtype=np.float64), SIDE, labels[1]).told(),
        "asked": asked.astype(int).tolist(),
        "yours": _levels(yours[np.ix_(rows, columns)], FINE_LEVELS).astype(int).tolist(),
        "apart": sides.astype(int).tolist(),
    }


def _in_fields(values: Array) -> Array:
    """Means over at most FIELDS by FIELDS fields."""
    for axis in (0, 1):
        parts = np.array_split(values, min(FIELDS, values.shape[axis]), axis=axis)
        values = np.stack([part.mean(axis=axis) for part in parts], axis=axis)
    return values


def _levels(probabilities: Array, levels: int) -> Array:
    """0 to levels - 1; -1 for what is no probability."""
    inside = (probabilities >= 0) & (probabilities <= 1)
    return np.where(inside, np.minimum(np.floor(probabilities * levels), levels - 1), -1)
