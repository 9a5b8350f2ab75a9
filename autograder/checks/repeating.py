"""Does the same seed give the same answer, whatever drew random numbers before?"""

import random
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from .failure import require
from .measuring import at_most, largest_ratio
from .tensors import is_tensor

T = TypeVar("T")


@contextmanager
def global_random_state(seed: int) -> Iterator[None]:
    """The global generators of `random`, numpy and, where it is loaded, torch (CPU), seeded; what they were
    comes back.
    """
    torch = sys.modules.get("torch")
    before = random.getstate(), np.random.get_state(), torch and torch.get_rng_state()
    random.seed(seed)
    np.random.seed(seed)
    if torch is not None:
        torch.manual_seed(seed)
    try:
        yield
    finally:
        random.setstate(before[0])
        np.random.set_state(before[1])
        if torch is not None:
            torch.set_rng_state(before[2])


def same_again(run: Callable[[], T], message: str, *, atol: float = 0.0, rtol: float = 0.0) -> T:
    """What `run()` returns, which must be the same under two global random states.

    It returns numbers, arrays or tensors, alone or in lists, tuples and dicts; they may differ by
    atol + rtol |value|. `message` is for the student. Raises TypeError for anything else in the result.
    """
    with global_random_state(1):
        first = run()
    with global_random_state(2):
        again = run()
    before, after = _numbers(first), _numbers(again)
    require({k: v.shape for k, v in before.items()} == {k: v.shape for k, v in after.items()}, message)
    ratios = [
        largest_ratio(before[place] - after[place], atol + rtol * np.abs(before[place])) for place in before
    ]
    at_most(max(ratios, default=0.0), 1.0, message, quantity="run again")
    return first


def _numbers(value: Any, place: str = "") -> dict[str, NDArray[np.float64]]:
    """Every number in `value` by its place in it, as float64."""
    if isinstance(value, Mapping):
        parts = value.items()
    elif isinstance(value, list | tuple):
        parts = enumerate(value)  # type: ignore[assignment]
    elif is_tensor(value):
        return {place: value.detach().cpu().double().numpy()}
    elif isinstance(value, int | float | np.generic | np.ndarray):
        return {place: np.asarray(value, dtype=np.float64)}
    else:
        raise TypeError(f"a {type(value).__name__} is no number, array or tensor")
    found: dict[str, NDArray[np.float64]] = {}
    for key, part in parts:
        found |= _numbers(part, f"{place}/{key}")
    return found
