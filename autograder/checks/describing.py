"""What a student's value is, in words for the student: its kind and shape, never its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .tensors import is_tensor

if TYPE_CHECKING:
    import torch

LONGEST_NAME = 60


def describe(value: object) -> str:
    """A short phrase such as "an array of shape (3, 1) and dtype float64"."""
    kind = type(value)
    if value is None:
        return "None (is a return missing?)"
    if issubclass(kind, np.ndarray) or is_tensor(value):
        return _described_array(value)  # type: ignore[arg-type]
    for base in (list, tuple, dict, set):
        if issubclass(kind, base):
            length = len(value)  # type: ignore[arg-type]
            return f"a {base.__name__} of length {length}"
    name = type_name(value)
    return f"a number ({name})" if issubclass(kind, int | float | np.number) else f"a value of type {name}"


def type_name(value: object) -> str:
    """The name of the value's class. `__class__` rather than `type`: a student's object that stays
    on its own side of the wall is represented by one that only claims its class."""
    return str(value.__class__.__name__)[:LONGEST_NAME]


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape in words: "a single number" for ()."""
    return "a single number" if shape == () else f"shape {tuple(shape)}"


def _described_array(value: np.ndarray | torch.Tensor) -> str:
    noun = "a tensor" if is_tensor(value) else "an array"
    size = "" if value.ndim else " (a single number)"
    return f"{noun} of shape {tuple(value.shape)}{size} and dtype {str(value.dtype).removeprefix('torch.')}"
