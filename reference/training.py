"""Plain gradient descent on the smooth L1 loss, with its history."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from reference.polynomial import GetBatch

LEARNING_RATE = 0.1
TOLERANCE = 1e-3
MAX_STEPS = 10_000


@dataclass(frozen=True, slots=True)
class History:
    """One loss per step, taken before the step; and, if they were kept, the parameters after each step."""

    losses: tuple[float, ...]
    parameters: tuple[tuple[Tensor, ...], ...]


def smooth_l1(prediction: Tensor, y: Tensor) -> Tensor:
    """The mean over all elements of d^2 / 2 for |d| < 1, else |d| - 1/2, with d = prediction - y."""
    return F.smooth_l1_loss(prediction, y)


def training_step(model: nn.Module, x: Tensor, y: Tensor, lr: float = LEARNING_RATE) -> float:
    """One gradient step in place on every parameter that requires one; the loss before it.

    The parameters' `.grad` are neither read nor written.
    """
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    with torch.enable_grad():
        loss = smooth_l1(model(x), y)
        gradients = torch.autograd.grad(loss, parameters, allow_unused=True)
    with torch.no_grad():
        for parameter, gradient in zip(parameters, gradients, strict=True):
            if gradient is not None:
                parameter.sub_(gradient, alpha=lr)
    return loss.item()


def train(
    model: nn.Module,
    get_batch: GetBatch,
    lr: float = LEARNING_RATE,
    tol: float = TOLERANCE,
    max_steps: int = MAX_STEPS,
    keep_parameters: bool = False,
) -> History:
    """Steps on fresh batches, in place, up to and including the first loss below `tol`.

    Raises ValueError for max_steps < 1.
    """
    if max_steps < 1:
        raise ValueError(f"max_steps must be at least 1, not {max_steps}")
    losses: list[float] = []
    parameters: list[tuple[Tensor, ...]] = []
    while len(losses) < max_steps and not (losses and losses[-1] < tol):
        losses.append(training_step(model, *get_batch(), lr=lr))
        if keep_parameters:
            parameters.append(tuple(p.detach().clone() for p in model.parameters()))
    return History(tuple(losses), tuple(parameters))


def evaluate(model: nn.Module, x: Tensor, y: Tensor) -> float:
    """The smooth L1 loss of the model on x (n, d), y (n, 1), without gradients."""
    with torch.no_grad():
        return smooth_l1(model(x), y).item()
