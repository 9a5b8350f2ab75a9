"""The line on which both classes are equally likely."""

import numpy as np
from numpy.typing import ArrayLike

from reference.data import Array


def boundary_x2(x1: ArrayLike, w1: float, w2: float, b: float) -> Array:
    """The x2 with w1 x1 + w2 x2 + b = 0, in the shape of x1.

    Raises ValueError for w2 = 0: the line is then vertical, or there is none.
    """
    if w2 == 0:
        raise ValueError("w2 is 0: the boundary is no function of x1")
    return np.asarray(-(w1 * np.asarray(x1, dtype=np.float64) + b) / w2)
