"""The global generators of random, numpy and torch (CPU) as plain data. Runs on both sides."""

from __future__ import annotations

import random
import sys
from typing import Any

from .mirrored_torch import is_generator_state

_KEY_LENGTH = 624  # words of the Mersenne twister


def set_random_state(seed: int) -> None:
    """The global random state before a cell; the same in every life of the process."""
    random.seed(seed)
    if (numpy := sys.modules.get("numpy")) is not None:
        numpy.random.seed(seed % 2**32)
    if (torch := sys.modules.get("torch")) is not None:
        torch.manual_seed(seed)


def get_state(name: str) -> Any:
    """The state of the generator called random, numpy or torch."""
    if name == "random":
        return random.getstate()
    if name == "numpy":
        state = sys.modules["numpy"].random.get_state(legacy=False)
        inner = state["state"]
        return (inner["key"].tobytes(), int(inner["pos"]), int(state["has_gauss"]), float(state["gauss"]))
    return sys.modules["torch"].get_rng_state().numpy().tobytes()


def set_state(name: str, state: Any) -> None:
    """Takes over what `get_state` gave; raises ValueError, TypeError or RuntimeError for anything else."""
    if name == "random":
        _check(type(state) is tuple and len(state) == 3 and type(state[2]) in (float, type(None)))
        random.setstate(state)
    elif name == "numpy":
        numpy = sys.modules["numpy"]
        key, position, has_gauss, gauss = state
        _check(type(key) is bytes and len(key) == 4 * _KEY_LENGTH and type(position) is int)
        _check(0 <= position <= _KEY_LENGTH)  # numpy would read what stands in memory beyond the key
        key = numpy.frombuffer(key, numpy.uint32).copy()
        numpy.random.set_state(("MT19937", key, position, has_gauss, gauss))
    else:
        torch = sys.modules["torch"]
        _check(type(state) is bytes and is_generator_state(state))
        torch.set_rng_state(torch.frombuffer(bytearray(state), dtype=torch.uint8).clone())


def _check(holds: bool) -> None:
    if not holds:
        raise ValueError("no state of a random generator")
