"""Training a small network, written out without torch's layers and optimisers where that is possible."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

Batch = tuple[Tensor, Tensor]


def one_hidden_layer(x: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> Tensor:
    """relu(x W1^T + b1) W2^T + b2: x (n, d), W1 (h, d), b1 (h,), W2 (k, h), b2 (k,), result (n, k)."""
    return (x @ W1.T + b1).clamp(min=0) @ W2.T + b2


def mean_cross_entropy(logits: Tensor, y: Tensor) -> float:
    """The mean of -log P(the class it was), in nats: logits (n, k), class numbers y (n,)."""
    z = logits.detach().double()
    return float((z.logsumexp(dim=1) - z.gather(1, y[:, None])[:, 0]).mean())


def decayed_step(model: nn.Module, lr: float, weight_decay: float) -> None:
    """p -= lr (gradient + weight_decay p) in place, without the decay where p has one dimension."""
    with torch.no_grad():
        for parameter in model.parameters():
            gradient = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
            decay = weight_decay if parameter.ndim > 1 else 0.0
            parameter.sub_(gradient + decay * parameter, alpha=lr)


def train_epoch(model: nn.Module, optimizer: torch.optim.Optimizer, batches: Sequence[Batch]) -> float:
    """A step of the optimiser on each batch (x, y), in train mode; the mean loss of all rows before."""
    model.train()
    total = 0.0
    for x, y in batches:
        optimizer.zero_grad()
        with torch.enable_grad():
            loss = F.cross_entropy(model(x), y, reduction="sum")
            torch.autograd.backward(loss / len(y))
        optimizer.step()
        total += loss.item()
    return total / sum(len(y) for _, y in batches)


@dataclass(frozen=True, slots=True)
class Stop:
    """How many epochs early stopping makes, and after which, counted from 1, the loss was lowest."""

    epochs: int
    best: int


def early_stop(losses: Sequence[float], max_epochs: int, patience: int) -> Stop:
    """Where early stopping ends on these validation losses, one an epoch.

    `patience` epochs in a row without a loss below the best so far end it. Raises ValueError if there
    are too few.
    """
    best = 1
    for epoch in range(1, max_epochs + 1):
        if epoch > len(losses):
            raise ValueError("there are too few losses to end on")
        if losses[epoch - 1] < losses[best - 1]:
            best = epoch
        if epoch - best == patience:
            return Stop(epoch, best)
    return Stop(max_epochs, best)
