"""What a warm server does once, so that none of its children has to. Runs as a plain file.

Nothing here may compute in a way that starts threads: no autograd, no OpenMP region, no CUDA.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterable


def warm_up(modules: Iterable[str], threads: int) -> None:
    """Imports `modules`, those that are installed, and what torch leaves until its first use."""
    for name in modules:
        with contextlib.suppress(ImportError):
            __import__(name)
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(threads)
        # the first optimizer of a process imports torch._dynamo, which takes over a second
        torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
