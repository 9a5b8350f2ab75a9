"""Logistic regression with and without an L2 penalty, fitted by Newton's method in float64.

The objective is scikit-learn's:  1/2 |w|^2 + C sum_i log(1 + exp(-s_i (w.x_i + b))),  s_i = 2 y_i - 1,
with the intercept b free.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from reference.data import Array, course_data, course_grid
from reference.newton import DEGENERATE, Expansion, NoOptimum, minimise
from reference.sigmoid import sigmoid


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted model: weights w (d,), intercept b, and the objective's value there.

    `gradient_norm` is measured with the intercept taken at the mean row. Far from the origin the gradient
    in b itself is lost in rounding: b is then a large number of which only 16 digits are kept.
    """

    w: Array
    b: float
    minimum: float
    gradient_norm: float
    steps: int


def fit_l2(X: ArrayLike, y: ArrayLike, C: float = 1.0) -> Fit:
    """The minimiser of the penalised objective for rows X (n, d), labels y (n,) of 0 and 1.

    Raises ValueError for wrong shapes, labels or C, or a single class; NotConverged (never seen).
    """
    rows, labels = _checked(X, y, C)
    return _fit(rows, labels, C, np.diag([1.0] * rows.shape[1] + [0.0]))


def fit_l2_intercept_penalised(X: ArrayLike, y: ArrayLike, C: float = 1.0) -> Fit:
    """As `fit_l2`, with 1/2 b^2 added to the objective: a common mistake."""
    rows, labels = _checked(X, y, C)
    return _fit(rows, labels, C, np.eye(rows.shape[1] + 1))


def fit_unpenalised(X: ArrayLike, y: ArrayLike) -> Fit:
    """The maximum-likelihood fit: the minimiser of the sum of log-losses, without penalty.

    Raises NoOptimum, or NotConverged on the way to infinity, unless the optimum is certified: its success
    proves that no plane separates the classes. Raises ValueError as `fit_l2` does.
    """
    rows, labels = _checked(X, y, 1.0)
    return _fit(rows, labels, 1.0, np.zeros((rows.shape[1] + 1, rows.shape[1] + 1)))


def objective(w: ArrayLike, b: ArrayLike, X: ArrayLike, y: ArrayLike, C: float = 1.0) -> float:
    """The penalised objective at weights w (d,) or (1, d) and intercept b (a number or one element)."""
    weights, margins = _margins(w, b, X, y)
    return float(weights @ weights / 2 + C * np.logaddexp(0.0, -margins).sum())


def gradient(w: ArrayLike, b: ArrayLike, X: ArrayLike, y: ArrayLike, C: float = 1.0) -> Array:
    """The objective's gradient (d + 1,) in (w, b), intercept last."""
    weights, margins = _margins(w, b, X, y)
    pull = C * sigmoid(-margins) * _signs(y)
    return np.append(weights - pull @ np.asarray(X, dtype=np.float64), -pull.sum())


def probabilities(X: ArrayLike, w: ArrayLike, b: ArrayLike) -> Array:
    """P(class 1), shape (n,), at the rows X (n, d)."""
    return sigmoid(_logits(np.asarray(X, dtype=np.float64), w, b))


def probability_grid(w: ArrayLike, b: ArrayLike, gridx1: Array, gridx2: Array) -> Array:
    """P(class 1) of a model of two features at every point of a grid, in the shape of the grid."""
    points = np.column_stack([gridx1.ravel(), gridx2.ravel()])
    return probabilities(points, w, b).reshape(gridx1.shape)


def mean_cross_entropy(X: ArrayLike, y: ArrayLike, w: ArrayLike, b: ArrayLike) -> float:
    """The model's mean cross-entropy on the rows, in nats, from the logits: finite for finite weights."""
    _, margins = _margins(w, b, X, y)
    return float(np.logaddexp(0.0, -margins).mean())


def cross_entropy_of_probabilities(p: ArrayLike, y: ArrayLike) -> float:
    """The mean cross-entropy in nats of probabilities p (n,) or (n, 1); inf where one is certain and wrong.

    Raises ValueError if p and y differ in length, or a probability lies outside [0, 1] or is NaN.
    """
    likely = np.asarray(p, dtype=np.float64)
    labels = np.asarray(y, dtype=np.float64)
    if likely.shape not in (labels.shape, (*labels.shape, 1)):
        raise ValueError(f"probabilities {likely.shape} do not fit labels {labels.shape}")
    likely = likely.reshape(labels.shape)
    if not np.all((likely >= 0) & (likely <= 1)):
        raise ValueError("probabilities must lie in [0, 1]")
    with np.errstate(divide="ignore"):
        return float(-np.log(np.where(labels == 1, likely, 1 - likely)).mean())


def course_fit(C: float = 1.0) -> Fit:
    """The penalised fit of the course's data."""
    return fit_l2(*course_data(), C)


def course_unpenalised() -> Fit:
    """The maximum-likelihood fit of the course's data; its `minimum` is a sum over 1,000 rows."""
    return fit_unpenalised(*course_data())


def course_probability_map() -> Array:
    """P(class 1) by the course's fit with C = 1, shape (51, 51), on the course's grid."""
    fit = course_fit()
    return probability_grid(fit.w, fit.b, *course_grid())


def _fit(X: Array, y: Array, C: float, penalty: Array) -> Fit:
    # Centred rows keep the Hessian well conditioned however far the data lie from the origin.
    n, d = X.shape
    centre = X.mean(axis=0)
    signed = np.column_stack([X - centre, np.ones(n)]) * _signs(y)[:, None]
    uncentre = np.eye(d + 1)
    uncentre[d, :d] = -centre
    centred_penalty = uncentre.T @ penalty @ uncentre

    unpenalised = not penalty.any()

    def expand(theta: Array) -> Expansion:
        if unpenalised and (signed @ theta).min() > 0:
            raise NoOptimum("a plane separates the classes")
        return _expansion(signed, theta, C, centred_penalty)

    found = minimise(expand, np.zeros(d + 1))
    if unpenalised:
        _certify(found.there, float(np.sqrt((signed**2).sum(axis=1).max())))
    theta = uncentre @ found.point
    return Fit(theta[:d], float(theta[d]), found.there.value, found.there.gradient_norm, found.steps)


def _expansion(signed: Array, theta: Array, C: float, penalty: Array) -> Expansion:
    margins = signed @ theta
    decay = np.exp(-np.abs(margins))
    losses = np.log1p(decay) - np.minimum(margins, 0.0)
    wrong = np.where(margins >= 0, decay, 1.0) / (1.0 + decay)
    curvature = decay / (1.0 + decay) ** 2
    slope = penalty @ theta
    return Expansion(
        value=float(theta @ slope / 2 + C * losses.sum()),
        gradient=slope - C * (wrong @ signed),
        hessian=penalty + C * ((signed.T * curvature) @ signed),
    )


def _certify(there: Expansion, longest_row: float) -> None:
    """Raise NoOptimum unless a finite minimum is proved to exist near by.

    On separable data the gradient fades away on the road to infinity, so that its norm alone proves nothing.
    Source: Bach, "Self-concordant analysis for logistic regression", EJS 4 (2010), Proposition 2:
    decrement <= sqrt(least eigenvalue) / (2 longest row) is enough.
    """
    decrement = np.sqrt(max(0.0, -float(there.gradient @ there.newton_direction())))
    spectrum = np.linalg.eigvalsh(there.hessian)
    least = float(spectrum[0])
    if least <= DEGENERATE * spectrum[-1] or 2 * longest_row * decrement > np.sqrt(least):
        raise NoOptimum("a plane separates the classes, or columns depend on each other")


def _checked(X: ArrayLike, y: ArrayLike, C: float) -> tuple[Array, Array]:
    rows, labels = np.asarray(X, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if rows.ndim != 2 or labels.shape != rows.shape[:1]:
        raise ValueError(f"X must be (n, d) and y (n,), not {rows.shape} and {labels.shape}")
    if set(np.unique(labels)) != {0.0, 1.0}:
        raise ValueError("y must hold both classes, 0 and 1, and nothing else")
    if not np.isfinite(rows).all():
        raise ValueError("X must be finite")
    if not (np.isfinite(C) and C > 0):
        raise ValueError(f"C must be a positive number, not {C}")
    return rows, labels


def _signs(y: ArrayLike) -> Array:
    return 2 * np.asarray(y, dtype=np.float64) - 1


def _logits(X: Array, w: ArrayLike, b: ArrayLike) -> Array:
    intercept = np.asarray(b, dtype=np.float64)
    if intercept.size != 1:
        raise ValueError(f"b must be one number, not {intercept.size}")
    weights = np.asarray(w, dtype=np.float64).reshape(X.shape[1])
    return X @ weights + intercept.reshape(())


def _margins(w: ArrayLike, b: ArrayLike, X: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    logits = _logits(np.asarray(X, dtype=np.float64), w, b)
    return np.asarray(w, dtype=np.float64).ravel(), _signs(y) * logits
