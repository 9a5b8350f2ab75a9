"""The global generators of random, numpy and torch (CPU) as plain data. Runs on both sides."""

from __future__ import annotations

import random
import sys
from typing import Any


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
        random.setstate(state)
    elif name == "numpy":
        numpy = sys.modules["numpy"]
        key, *rest = state
        numpy.random.set_state(("MT19937", numpy.frombuffer(key, numpy.uint32).copy(), *rest))
    else:
        torch = sys.modules["torch"]
        torch.set_rng_state(torch.frombuffer(bytearray(state), dtype=torch.uint8).clone())
