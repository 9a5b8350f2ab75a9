"""The logistic function, in one dimension and in several."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from reference.data import Array

CURVES: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"orange": (1.0, 5.0), "green": (5.0, 5.0), "blue": (1.0, 0.0)}
)


def sigmoid(x: ArrayLike, w: float = 1.0, b: float = 0.0) -> Array:
    """1 / (1 + exp(-(w x + b))), in the shape of x; no overflow at either end."""
    z = w * np.asarray(x, dtype=np.float64) + b
    # exp of a negative number never overflows, and both forms are the same function.
    decay = np.exp(-np.abs(z))
    return np.asarray(np.where(z >= 0, 1.0, decay) / (1.0 + decay))


def add_bias_column(X: ArrayLike) -> Array:
    """A new array (n, d + 1): X (n, d) with a last column of ones.

    Raises ValueError unless X has two dimensions.
    """
    rows = np.asarray(X, dtype=np.float64)
    if rows.ndim != 2:
        raise ValueError(f"X must have shape (n, d), not {rows.shape}")
    return np.column_stack([rows, np.ones(len(rows))])


def sigmoid_vector(X1: ArrayLike, theta: ArrayLike) -> Array:
    """The sigmoid of X1 @ theta: X1 (n, d + 1), theta (d + 1,) with the bias last, result (n,)."""
    return sigmoid(np.asarray(X1, dtype=np.float64) @ np.asarray(theta, dtype=np.float64))


def sigmoid_2d(x1: ArrayLike, x2: ArrayLike, w1: float, w2: float, b: float) -> Array:
    """The sigmoid of w1 x1 + w2 x2 + b, element by element, in the broadcast shape of x1 and x2."""
    first, second = np.asarray(x1, dtype=np.float64), np.asarray(x2, dtype=np.float64)
    return sigmoid(w1 * first + w2 * second + b)
