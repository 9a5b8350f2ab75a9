"""The course's data set: two Gaussian classes in the plane, drawn from one seed."""

from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Array = NDArray[np.float64]

COURSE_SEED = 2020
ROWS_PER_CLASS = 500
GRID_POINTS = 51
GRID_LIMIT = 6.0


@cache
def _drawn() -> tuple[Array, Array]:
    # The legacy RandomState is the one whose stream NumPy promises never to change.
    state = np.random.RandomState(COURSE_SEED)
    X = np.r_[state.randn(ROWS_PER_CLASS, 2), state.randn(ROWS_PER_CLASS, 2) + 2]
    y = np.r_[np.zeros(ROWS_PER_CLASS), np.ones(ROWS_PER_CLASS)]
    return X, y


def course_data() -> tuple[Array, Array]:
    """Rows X (1000, 2) and labels y (1000,) of 0.0 and 1.0, class 0 first; a fresh copy each time."""
    X, y = _drawn()
    return X.copy(), y.copy()


def course_tensors() -> tuple[Tensor, Tensor]:
    """The course's data as float32 tensors on the CPU, X (1000, 2) and y (1000,)."""
    X, y = _drawn()
    return torch.tensor(X, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)


def course_grid() -> tuple[Array, Array]:
    """Coordinates x1 and x2, each (51, 51), over [-6, 6] squared: x1 runs along columns, x2 along rows."""
    axis = np.linspace(-GRID_LIMIT, GRID_LIMIT, GRID_POINTS)
    gridx1, gridx2 = np.meshgrid(axis, axis)
    return gridx1, gridx2
