"""Models that give probabilities of a class."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .data import Array, array
from .describing import describe
from .failure import CheckFailed, require
from .measuring import at_most
from .optimum import LinearFit
from .tensors import is_tensor

# float32 cannot tell a probability from 1 below this distance.
ROUNDING = 1e-7
LINEAR_GAP = 0.02


def is_module(value: object, name: str) -> None:
    """A `torch.nn.Module`, here or on the student's side."""
    import torch

    require(
        isinstance(value, torch.nn.Module),
        f"{name} should be a torch.nn.Module, but it is {describe(value)}.",
    )


def probabilities(value: object, name: str, rows: int) -> Array:
    """Probabilities as an array (rows,), from a float tensor (rows,) or (rows, 1) with values in [0, 1]."""
    if not is_tensor(value):
        raise CheckFailed(f"{name} should be a torch tensor, but it is {describe(value)}.")
    found = array(value, name)
    require(value.is_floating_point(), f"{name} should be floating-point, but it is {describe(value)}.")
    if found.shape not in ((rows,), (rows, 1)):
        raise CheckFailed(
            f"{name} should have one probability for each of the {rows} row(s), "
            f"shape ({rows},) or ({rows}, 1), but it is {describe(value)}."
        )
    require(
        bool(((found >= 0) & (found <= 1)).all()),
        f"{name} should be between 0 and 1. Are these log-odds? The sigmoid turns them into probabilities.",
    )
    return found.reshape(rows)


def mean_cross_entropy(p: Array, y: NDArray[np.floating]) -> float:
    """Mean of -log P(the class it was), in nats; p (n,) in [0, 1] and y (n,) of 0 and 1."""
    p = np.clip(p, ROUNDING, 1 - ROUNDING)
    return float(-np.mean(np.where(y == 1, np.log(p), np.log1p(-p))))


def linear_log_odds(
    predict: Callable[[Array], Array], around: Array, rng: np.random.Generator, name: str, points: int = 40
) -> LinearFit:
    """log(p / (1 - p)) is an affine function of x near the rows of `around` (n, d): that function.

    Looks at new points between and beside the rows, and leaves out those whose float32 probability is too
    near 0 or 1 to have log-odds. What the function makes of the rows is to be judged as well: a model that
    knows the rows by heart answers otherwise there.
    """
    spread = around.std(axis=0) + 1e-9
    x = around[rng.integers(len(around), size=points)] + rng.normal(size=(points, around.shape[1])) * spread
    x = x.astype(np.float32).astype(np.float64)
    p = predict(x)
    inside = (p > 1e-3) & (p < 1 - 1e-3)
    design = np.c_[x, np.ones(points)][inside]
    require(
        len(design) >= 2 * (around.shape[1] + 1),
        f"{name}: nearly all probabilities are 0 or 1, or all are the same.",
    )
    log_odds = np.log(p[inside]) - np.log1p(-p[inside])
    best, *_ = np.linalg.lstsq(design, log_odds, rcond=None)
    worst = float(np.abs(design @ best - log_odds).max())
    message = f"{name}: the log-odds are not linear in x."
    at_most(worst, LINEAR_GAP, message, quantity="linearity")
    return LinearFit(best[:-1], float(best[-1]))
