"""Fair random batches of a labelled data set."""

import torch
from torch import Tensor


def sample_batch(
    X: Tensor, y: Tensor, batch_size: int = 32, generator: torch.Generator | None = None
) -> tuple[Tensor, Tensor]:
    """`batch_size` rows of X (n, ...) and their labels of y (n,), each row equally likely, with replacement.

    The rows are chosen by a CPU generator (torch's global one by default), wherever X lies.
    """
    rows = torch.randint(len(X), (batch_size,), generator=generator).to(X.device)
    return X[rows], y[rows]
