"""Is a sampler of rows fair? Bounds so wide that a fair one is refused less than once in 10^9 runs.

Both sampling with and without replacement are fair, so every bound holds for the wider of the two.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .data import pair, tensor
from .failure import require
from .measuring import at_most

if TYPE_CHECKING:
    import torch

Rows = NDArray[np.int64]

FALSE_ALARM = 1e-10


def sampled_rows(value: object, X: torch.Tensor, y: torch.Tensor, size: int, name: str) -> Rows:
    """The row numbers of a sampled pair (rows of X, their labels), each row of X (n, d) being unique.

    Both must be tensors of `size` rows and of the dtypes of X and y, the labels of shape (size,), and belong
    together.
    """
    rows, labels = pair(value, name, "(rows of X, labels)")
    rows = tensor(rows, f"{name}: the rows", shape=(size, X.shape[1]), dtype=X.dtype, device=X.device)
    labels = tensor(labels, f"{name}: the labels", shape=(size,), dtype=y.dtype, device=y.device)
    equal = (rows[:, None, :] == X[None, :, :]).all(dim=2)
    require(bool(equal.any(dim=1).all()), f"{name}: some of the rows are no rows of X.")
    numbers = equal.byte().argmax(dim=1)
    require(bool((labels == y[numbers]).all()), f"{name}: some labels are not those of their rows.")
    return np.asarray(numbers.cpu().numpy(), dtype=np.int64)


def fair_sampling(batches: Sequence[Rows], n: int, name: str) -> None:
    """Every row equally likely, any two can come together, and every batch is drawn afresh.

    `batches` are the row numbers of many calls in order. Wants 40 batches of n / 4 rows or fewer, and about
    27 draws of every row in all: with n = 40, 40 batches of 10 rows and 34 of 20 or more. ValueError if
    there are too few.
    """
    small = [batch for batch in batches if len(batch) <= n / 4]
    if len(small) < 40:
        raise ValueError("too few small batches to judge company and freshness")
    _every_row_comes(batches, n, name)
    _equally_often(batches, n, name)
    _drawn_afresh(small, name)
    _in_any_company(small, n, name)


def fair_ends(batches: Sequence[Rows], n: int, name: str) -> None:
    """The first and the last row together come as often as two rows should, where rounding shows first.

    About 350 draws of the two in fair batches tell half a share from a whole one.
    """
    rows = np.concatenate(batches)
    share, fair = float(np.isin(rows, (0, n - 1)).mean()), 2 / n
    # Hoeffding (1963): P(share this far off) <= exp(-draws KL(share, fair)), without replacement too.
    surprise = len(rows) * _divergence(share, fair)
    often = "too seldom" if share < fair else "too often"
    message = f"{name}: the first and the last row come {often}."
    at_most(surprise, -math.log(FALSE_ALARM), message, quantity="share of the ends")


def fair_company(batches: Sequence[Rows], n: int, name: str) -> None:
    """Any two rows can come together: no more than five pairs of rows never did.

    Wants batches of n / 2 rows or fewer, so many that a fair sampler leaves a hundredth of a pair on average:
    80 batches of n / 2 rows leave 0.0014 with n = 42. A sampler that takes one row of each pair of neighbours
    leaves n / 2 pairs, which `fair_sampling` with its few small batches cannot see.
    """
    pairs = n * (n - 1) / 2
    sizes = [len(batch) for batch in batches]
    if max(sizes) > n / 2 or pairs * math.prod(1 - _meeting(size, n) for size in sizes) > 0.01:
        raise ValueError("too few batches of half of the rows or fewer to expect every pair")
    strangers = int((~_met(batches, n)).sum()) // 2
    at_most(
        strangers,
        5,
        f"{name}: some pairs of rows never come in one batch; any two rows should be able to come together.",
        quantity="pairs that never met",
    )


def different_rows(first: Rows, second: Rows, message: str) -> None:
    """Two draws that are not the same rows in the same order."""
    require(not np.array_equal(first, second), message)


def same_rows(first: Rows, second: Rows, message: str) -> None:
    """Two draws that are the same rows in the same order."""
    require(np.array_equal(first, second), message)


def _every_row_comes(batches: Sequence[Rows], n: int, name: str) -> None:
    draws = sum(map(len, batches))
    if n * (1 - 1 / n) ** draws > FALSE_ALARM:
        raise ValueError("too few draws to expect every row")
    missing = n - len(np.unique(np.concatenate(batches)))
    require(missing == 0, f"{name}: {missing} of {n} rows never came in {len(batches)} batches.")


def _equally_often(batches: Sequence[Rows], n: int, name: str) -> None:
    counts = np.bincount(np.concatenate(batches), minlength=n)
    expected = counts.sum() / n
    chi_square = float(((counts - expected) ** 2).sum() / expected)
    # Laurent & Massart (2000), lemma 1: P(chi2_k >= k + 2 sqrt(k t) + 2 t) <= exp(-t).
    t = -math.log(FALSE_ALARM)
    bound = n - 1 + 2 * math.sqrt((n - 1) * t) + 2 * t
    message = f"{name}: some rows come far more often than others."
    at_most(chi_square, bound, message, quantity="counts of rows")


def _drawn_afresh(batches: Sequence[Rows], name: str) -> None:
    neighbours = list(itertools.pairwise(batches))
    repeated = sum(np.array_equal(a, b) for a, b in neighbours)
    require(
        repeated == 0,
        f"{name}: two calls gave the same rows in the same order; each call should draw afresh.",
    )
    # Two fair batches of n / 4 rows are disjoint with probability below 0.1; in one epoch, all are.
    disjoint = sum(np.intersect1d(a, b).size == 0 for a, b in neighbours)
    at_most(
        disjoint,
        0.6 * len(neighbours),
        f"{name}: a batch avoids the rows of the one before; each call should draw afresh.",
        quantity="disjoint neighbours",
    )


def _in_any_company(batches: Sequence[Rows], n: int, name: str) -> None:
    size = len(batches[0])
    met_in_one = (1 - (1 - 1 / n) ** size) ** 2
    expected = (1 - met_in_one) ** len(batches)
    # The pairs that never met: with n = 40 about 0.13 of all, 0.54 where batches are blocks of rows.
    strangers = float((~_met(batches, n)).sum()) / (n * (n - 1))
    at_most(
        strangers,
        1.5 * expected + 0.1,
        f"{name}: many pairs of rows never come in one batch; any two rows should be able to come together.",
        quantity="share of pairs that never met",
    )


def _met(batches: Sequence[Rows], n: int) -> NDArray[np.bool_]:
    """Which rows (n, n) came in one batch; a row with itself always."""
    together = np.eye(n, dtype=bool)
    for batch in batches:
        together[np.ix_(batch, batch)] = True
    return together


def _meeting(size: int, n: int) -> float:
    """The chance that one batch has two given rows, drawn with replacement; without, it is higher."""
    return 1 - 2 * (1 - 1 / n) ** size + (1 - 2 / n) ** size


def _divergence(p: float, q: float) -> float:
    """Kullback-Leibler divergence of two coins, in nats, with 0 log 0 = 0."""
    return sum(a * math.log(a / b) for a, b in ((p, q), (1 - p, 1 - q)) if a > 0)
