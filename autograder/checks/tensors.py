"""Is a value a tensor? Only where torch is loaded, which takes seconds: NumPy alone need not wait for it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TypeGuard

if TYPE_CHECKING:
    import torch


def is_tensor(value: object) -> TypeGuard[torch.Tensor]:
    """By its exact type, which it cannot lie about; a subclass of Tensor is one as well."""
    library = sys.modules.get("torch")
    return library is not None and issubclass(type(value), library.Tensor)
