"""Random data of hidden tests, drawn from a seed that no submission sees."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import torch

# Known to everybody, so that a course graded without an examiner still gets the same data every time.
DEFAULT_HIDDEN_SEED = 0

_hidden_seed = DEFAULT_HIDDEN_SEED


def use_hidden_seed(seed: int) -> None:
    """Draw all later data from `seed`, in this process."""
    global _hidden_seed
    _hidden_seed = int(seed)


def hidden_seed() -> int:
    """The seed in force."""
    return _hidden_seed


def rng(purpose: str) -> np.random.Generator:
    """A generator that depends on the hidden seed and on `purpose` alone."""
    return np.random.default_rng(_derived(purpose))


def torch_rng(purpose: str) -> torch.Generator:
    """The same for torch, on the CPU: other devices draw other numbers from one seed."""
    import torch

    return torch.Generator().manual_seed(_derived(purpose) >> 1)


def _derived(purpose: str) -> int:
    digest = hashlib.sha256(f"{_hidden_seed}/{purpose}".encode()).digest()
    return int.from_bytes(digest[:8], "big")
