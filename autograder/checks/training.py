"""Training runs: losses, the batches they were made of, and the parameters they leave."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from .comparing import Mistakes, close
from .data import float_number
from .describing import describe
from .failure import CheckFailed, require
from .measuring import is_watched, largest_ratio, measured

if TYPE_CHECKING:
    import torch

    Batch = tuple[torch.Tensor, torch.Tensor]
    GetBatch = Callable[..., Batch]

LARGEST_BATCH = 100_000


def checked_batch_size(value: object) -> int:
    """The size a student's code asked a batch of; ValueError unless an int from 1 to 100,000."""
    if type(value) is not int or not 1 <= value <= LARGEST_BATCH:
        raise ValueError(f"batch_size must be a whole number from 1 to {LARGEST_BATCH}")
    return value


def counted(get_batch: GetBatch, default_size: int = 32) -> tuple[GetBatch, list[int]]:
    """The same source of batches as a plain function, and a list that grows by each size it was asked for."""
    sizes: list[int] = []

    def get_counted_batch(batch_size: int = default_size) -> Batch:
        sizes.append(checked_batch_size(batch_size))
        return get_batch(batch_size)

    return get_counted_batch, sizes


def replay(batches: Sequence[Batch]) -> tuple[GetBatch, list[int]]:
    """Gives `batches` in order, whatever size is asked for, and its last one for ever after."""

    def get_batch(batch_size: int = 32) -> Batch:
        x, y = batches[min(len(asked), len(batches)) - 1]
        return x.clone(), y.clone()

    get_counted, asked = counted(get_batch)
    return get_counted, asked


def loss_history(value: object, name: str = "The result of train") -> list[float]:
    """A non-empty list of finite Python or NumPy floats, as floats."""
    if not issubclass(type(value), list):
        raise CheckFailed(f"{name} should be a list of losses, but it is {describe(value)}.")
    items = list(value)  # type: ignore[call-overload]
    require(len(items) > 0, f"{name} is an empty list: one loss for every step is expected.")
    losses = [float_number(item, f"{name}, item {i},") for i, item in enumerate(items)]
    require(
        all(abs(loss) < float("inf") for loss in losses),
        f"{name} holds an infinite loss: the training diverged.",
    )
    return losses


def same_losses(
    value: object,
    expected: Sequence[float],
    name: str,
    *,
    rtol: float,
    mistakes: Mistakes | None = None,
) -> None:
    """Exactly as many losses as expected, each within `rtol` relative."""
    losses = loss_history(value, name)
    require(
        len(losses) == len(expected),
        f"{name} should be of length {len(expected)}, one loss for each step, but it has {len(losses)}.",
    )
    close(losses, list(expected), name, atol=1e-9, rtol=rtol, mistakes=mistakes)


def stopped_right(
    losses: Sequence[float], drawn: int, name: str, *, tol: float, max_steps: int, doubt: float = 0.0
) -> None:
    """The loop stopped after the first loss below `tol`, that one included, or after `max_steps`.

    One batch was `drawn` for each loss. A loss within `doubt` (relative) of `tol` may count as either, for
    losses that were computed again.
    """
    require(
        drawn == len(losses),
        f"{name} should draw one batch for each loss, but drew {drawn} and has {len(losses)} in its list.",
    )
    require(len(losses) <= max_steps, f"{name} made {len(losses)} steps, where max_steps is {max_steps}.")
    early = next((i for i, loss in enumerate(losses[:-1]) if loss < tol * (1 - doubt)), None)
    require(early is None, f"{name} goes on after a loss below tol; it should stop there.")
    done = len(losses) == max_steps or (len(losses) > 0 and losses[-1] < tol * (1 + doubt))
    require(done, f"{name} stops at step {len(losses)}, though no loss was below tol.")


def randomised(model: torch.nn.Module, generator: torch.Generator, scale: float = 0.5) -> torch.nn.Module:
    """The same model, every parameter drawn from N(0, scale^2) without touching global random state."""
    import torch

    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator) * scale)
    return model


class ParametersBefore:
    """A model's parameters as they were: the objects themselves and copies of their values."""

    def __init__(self, model: torch.nn.Module) -> None:
        self.model = model
        self.objects = dict(model.named_parameters())
        self.values = {name: p.detach().clone() for name, p in self.objects.items()}

    def still_the_same_objects(self) -> None:
        """Every Parameter is still the object that it was."""
        now = dict(self.model.named_parameters())
        for name, parameter in self.objects.items():
            require(
                now.get(name) is parameter,
                f"The model's parameter {name} was replaced by another object: change it in place.",
            )
        require(now.keys() == self.objects.keys(), "The model has gained or lost parameters.")

    def have_moved(self, message: str) -> None:
        """At least one value is another one than before."""
        moved = any(
            p.shape != self.values[name].shape or bool((p.detach() != self.values[name]).any())
            for name, p in self.model.named_parameters()
        )
        require(moved, message)


def same_parameters(
    model: torch.nn.Module,
    expected: torch.nn.Module,
    name: str,
    *,
    atol: float,
    mistakes: Sequence[tuple[str, Callable[[], torch.nn.Module]]] = (),
) -> None:
    """Just the parameters of `expected`, each within atol (1 + |expected|)."""
    complaint = _first_difference(model, expected, atol)
    if is_watched():
        distance = _parameter_distance(model, expected, atol)
        measured(name, "parameters", distance, f"{atol:g} (1 + |expected|)", model, expected)
    if complaint is None:
        return
    for mistake, wrong in mistakes:
        if _first_difference(model, wrong(), atol) is None:
            raise CheckFailed(f"{name}: wrong values. Likely cause: {mistake}.")
    raise CheckFailed(f"{name}: {complaint}")


def _parameter_distance(model: torch.nn.Module, expected: torch.nn.Module, atol: float) -> float:
    """The largest distance of a parameter, in units of atol (1 + |expected|); inf if they are other ones."""
    wanted, given = dict(expected.named_parameters()), dict(model.named_parameters())
    if {n: p.shape for n, p in wanted.items()} != {n: p.shape for n, p in given.items()}:
        return math.inf
    return max((_distance(given[name], wanted[name], atol) for name in wanted), default=0.0)


def _distance(found: torch.Tensor, want: torch.Tensor, atol: float) -> float:
    values, wanted = (each.detach().cpu().double().numpy() for each in (found, want))
    return largest_ratio(values - wanted, atol * (1 + abs(wanted)))


def _first_difference(model: torch.nn.Module, expected: torch.nn.Module, atol: float) -> str | None:
    wanted, given = dict(expected.named_parameters()), dict(model.named_parameters())
    if given.keys() != wanted.keys():
        return "the model has gained or lost parameters."
    for name, parameter in given.items():
        want, found = wanted[name].detach(), parameter.detach()
        if found.shape != want.shape:
            return f"parameter {name} has shape {tuple(found.shape)}, it should keep {tuple(want.shape)}."
        if not bool(((found - want).abs() <= atol * (1 + want.abs())).all()):
            frozen = "" if parameter.requires_grad else " It requires no gradient and should have stayed."
            return f"parameter {name} has not the expected value.{frozen}"
    return None
