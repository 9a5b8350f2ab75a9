"""Item analysis: how hard each test is, and whether it tells good submissions from bad ones.

Difficulty and corrected item-total correlation as in Crocker and Algina, Introduction to Classical and Modern
Test Theory (1986), chapter 14; alpha as in Cronbach, Coefficient alpha and the internal structure of tests,
Psychometrika 16 (1951), 297-334.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.reporting.figures import FEWEST, Spread

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Analysis:
    """Of students with points from every test. By test where it is a tuple.

    `alone` counts students who have full points in all other tests and not in this one, `failed` all who
    have not full points in it.
    """

    students: int
    discrimination: tuple[float | None, ...]
    alone: tuple[int, ...]
    failed: tuple[int, ...]
    alpha: float | None


def analyse(scores: NDArray[np.float64], most: Sequence[float]) -> Analysis:
    """Of `scores` (students x tests, nan where there is no mark) and the most points of each test."""
    import numpy as np

    whole = scores[~np.isnan(scores).any(axis=1)]
    total = whole.sum(axis=1)
    missing = whole < np.asarray(most)
    alone = missing & (missing.sum(axis=1) == 1)[:, None]
    return Analysis(
        len(whole),
        tuple(correlation(column, total - column) for column in whole.T),
        tuple(int(count) for count in alone.sum(axis=0)),
        tuple(int(count) for count in missing.sum(axis=0)),
        _alpha(whole),
    )


def correlation(one: NDArray[np.float64], other: NDArray[np.float64]) -> float | None:
    """Pearson's; None for fewer than FEWEST students, or where one of the two is the same for all."""
    import numpy as np

    if len(one) < FEWEST or np.ptp(one) == 0 or np.ptp(other) == 0:
        return None
    return float(np.corrcoef(one, other)[0, 1])


def is_below_zero(discrimination: float, students: int) -> bool:
    """Whether more than chance makes it negative: the one-sided 95 % bound of Fisher's z is below 0."""
    if discrimination <= -1:
        return True
    return math.atanh(min(discrimination, 0.999)) + 1.645 / math.sqrt(students - 3) < 0


def _alpha(whole: NDArray[np.float64]) -> float | None:
    """None with fewer than FEWEST students or two tests, or where all have the same sum."""
    students, tests = whole.shape
    if students < FEWEST or tests < 2:
        return None
    variance = float(whole.sum(axis=1).var(ddof=1))
    if not variance:
        return None
    return float(tests / (tests - 1) * (1 - whole.var(axis=0, ddof=1).sum() / variance))


def spread(values: Sequence[float]) -> Spread | None:
    """None of no values."""
    import numpy as np

    if not len(values):
        return None
    data = np.asarray(values, dtype=float)
    quantiles = [float(q) for q in np.quantile(data, (0, 0.25, 0.5, 0.75, 0.95, 1))]
    least, quartile_1, median, quartile_3, p95, most = quantiles
    deviation = float(data.std(ddof=1)) if len(data) > 1 else 0.0
    return Spread(len(data), float(data.mean()), deviation, least, quartile_1, median, quartile_3, p95, most)
