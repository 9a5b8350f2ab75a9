"""Several classes: data split and scaled, class numbers as rows of ones, and who is taken for whom."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reference.data import Array

Numbers = NDArray[np.int64]


def part_sizes(n: int) -> tuple[int, int, int]:
    """Of n rows, how many are for training (60 %, rounded down), validation (20 %, likewise) and test."""
    train, validation = 3 * n // 5, n // 5
    return train, validation, n - train - validation


def standardise(X_train: ArrayLike, X_other: ArrayLike) -> tuple[Array, Array]:
    """Both (n, d) and (m, d) by the means and the deviations (divisor n) of X_train's columns.

    A column that is constant in X_train is centred alone.
    """
    train, other = np.asarray(X_train, dtype=np.float64), np.asarray(X_other, dtype=np.float64)
    centre = train.mean(axis=0)
    scale = np.where(np.ptp(train, axis=0) == 0, 1.0, np.sqrt(((train - centre) ** 2).mean(axis=0)))
    return (train - centre) / scale, (other - centre) / scale


def one_hot(y: ArrayLike, classes: int) -> Array:
    """Class numbers y (n,) as rows (n, classes) of zeros and a single one."""
    return np.asarray(np.asarray(y)[:, None] == np.arange(classes), dtype=np.float64)


def confusion_matrix(y_true: ArrayLike, y_pred: ArrayLike, classes: int) -> Numbers:
    """(classes, classes): how often class i, by the row, was taken for class j, by the column."""
    return np.asarray(one_hot(y_true, classes).T @ one_hot(y_pred, classes), dtype=np.int64)
