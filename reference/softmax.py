"""Softmax regression: the mean cross-entropy of several classes with an L2 penalty, by Newton's method.

The objective is  -1/n sum_i log softmax(x_i W + b)_{y_i} + lam/2 |W|^2,  the intercepts b free. Rows X are
(n, d), class numbers y (n,), weights W (d, k), intercepts b (k,).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from reference.classification import one_hot
from reference.data import Array
from reference.newton import Expansion, minimise


@dataclass(frozen=True, slots=True)
class SoftmaxFit:
    """Weights W (d, k), intercepts b (k,) that sum to 0, and the objective there."""

    W: Array
    b: Array
    minimum: float

    @property
    def parameters(self) -> tuple[Array, Array]:
        return self.W, self.b


def log_softmax(scores: ArrayLike) -> Array:
    """Each row of the scores (n, k) less the logarithm of the sum of its exponentials; nothing overflows."""
    z = np.asarray(scores, dtype=np.float64)
    return np.asarray(z - np.logaddexp.reduce(z, axis=1, keepdims=True))


def probabilities(X: ArrayLike, W: ArrayLike, b: ArrayLike) -> Array:
    """P(class j) at row i, (n, k)."""
    return np.asarray(np.exp(log_softmax(_scores(X, W, b))))


def cross_entropy(X: ArrayLike, y: ArrayLike, W: ArrayLike, b: ArrayLike) -> float:
    """The mean of -log P(the class it was), in nats."""
    labels = np.asarray(y)
    return -float(log_softmax(_scores(X, W, b))[np.arange(len(labels)), labels].mean())


def objective(X: ArrayLike, y: ArrayLike, W: ArrayLike, b: ArrayLike, lam: float) -> float:
    """What is minimised."""
    return cross_entropy(X, y, W, b) + lam / 2 * float((np.asarray(W, dtype=np.float64) ** 2).sum())


def gradient(X: ArrayLike, y: ArrayLike, W: ArrayLike, b: ArrayLike, lam: float) -> tuple[Array, Array]:
    """The objective's gradient, by W (d, k) and by b (k,)."""
    rows, weights = np.asarray(X, dtype=np.float64), np.asarray(W, dtype=np.float64)
    error = (probabilities(X, W, b) - one_hot(y, weights.shape[1])) / len(rows)
    return rows.T @ error + lam * weights, error.sum(axis=0)


def fit_softmax(
    X: ArrayLike, y: ArrayLike, classes: int, lam: float, *, intercept_penalised: bool = False
) -> SoftmaxFit:
    """The minimiser of the objective, for lam > 0; with 1/2 lam |b|^2 on top if the intercept is penalised.

    Raises ValueError unless lam > 0 and every class comes, NotConverged (never seen).
    """
    rows, labels = np.asarray(X, dtype=np.float64), np.asarray(y)
    if lam <= 0 or set(np.unique(labels)) != set(range(classes)):
        raise ValueError("lam should be positive, and every class from 0 to classes - 1 should come")
    n, d = rows.shape
    design, targets = np.c_[rows, np.ones(n)], one_hot(labels, classes)
    penalty = np.full((d + 1, classes), lam)
    penalty[d] = lam if intercept_penalised else 0.0

    def expand(theta: Array) -> Expansion:
        parameters = theta.reshape(d + 1, classes)
        log_p = log_softmax(design @ parameters)
        p = np.exp(log_p)
        # A constant added to all intercepts changes no probability. Half the squared sum of the intercepts
        # fixes it, and is zero at the minimum.
        total = parameters[d].sum()
        slope = design.T @ (p - targets) / n + penalty * parameters
        slope[d] += total
        hessian = _curvature(design, p) + np.diag(penalty.ravel())
        hessian[-classes:, -classes:] += 1.0
        value = -(targets * log_p).sum() / n + (penalty * parameters**2).sum() / 2 + total**2 / 2
        return Expansion(float(value), slope.ravel(), hessian)

    found = minimise(expand, np.zeros((d + 1) * classes))
    parameters = found.point.reshape(d + 1, classes)
    return SoftmaxFit(parameters[:d], parameters[d], found.there.value)


def _curvature(design: Array, p: Array) -> Array:
    """The Hessian of the mean cross-entropy, its ((d + 1) k,) parameters in the order of (d + 1, k)."""
    n, size = design.shape
    k = p.shape[1]
    blocks = np.empty((size, k, size, k))
    for i in range(k):
        for j in range(i, k):
            weight = p[:, i] * ((i == j) - p[:, j]) / n
            blocks[:, i, :, j] = blocks[:, j, :, i] = (design.T * weight) @ design
    return blocks.reshape(size * k, size * k)


def _scores(X: ArrayLike, W: ArrayLike, b: ArrayLike) -> Array:
    rows, weights = np.asarray(X, dtype=np.float64), np.asarray(W, dtype=np.float64)
    return np.asarray(rows @ weights + np.asarray(b, dtype=np.float64))
