"""The polynomial that part B learns: its features, its coefficients, and batches of points on it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor

POLY_DEGREE = 4
COURSE_SEED = 2020
COEFFICIENT_SCALE = 5.0
LARGEST_BATCH = 100_000

Batch = tuple[Tensor, Tensor]
GetBatch = Callable[..., Batch]


@dataclass(frozen=True, slots=True)
class Target:
    """The coefficients to find: W (degree, 1), of x first, and b (1,)."""

    W: Tensor
    b: Tensor

    @property
    def degree(self) -> int:
        return len(self.W)

    def values(self, features: Tensor) -> Tensor:
        """The polynomial (n, 1) at features (n, degree)."""
        return features @ self.W + self.b

    def to(self, device: str | torch.device) -> Self:
        return type(self)(self.W.to(device), self.b.to(device))


def make_features(x: Tensor, degree: int = POLY_DEGREE) -> Tensor:
    """Columns x, x^2, ... x^degree: x (n,) -> (n, degree), dtype and device kept."""
    return torch.stack([x**power for power in range(1, degree + 1)], dim=1)


def course_target() -> Target:
    """W (6.1861, -4.8020, 7.7076, -2.0393) and b 4.4029, as `torch.manual_seed(2020)` would draw them."""
    return draw_target(torch.Generator().manual_seed(COURSE_SEED), POLY_DEGREE)


def draw_target(generator: torch.Generator, degree: int, scale: float = COEFFICIENT_SCALE) -> Target:
    """A target of normally distributed float32 coefficients with standard deviation `scale`."""
    W = torch.randn(degree, 1, generator=generator) * scale
    b = torch.randn(1, generator=generator) * scale
    return Target(W, b)


def draw_batch(
    target: Target, size: int, generator: torch.Generator, device: str | torch.device = "cpu"
) -> Batch:
    """Features (size, degree) of x ~ N(0, 1), and the target's values (size, 1) there, on `device`.

    The points come from a CPU generator whatever the device: CUDA's gives other numbers for one seed.
    The target may lie on either.
    """
    features = make_features(torch.randn(size, generator=generator), target.degree)
    values = target.values(features.to(target.W.device))
    return features.to(device), values.to(device)


def batch_source(
    target: Target,
    generator: torch.Generator,
    device: str | torch.device = "cpu",
    default_size: int = 32,
) -> GetBatch:
    """A function `get_batch(batch_size=default_size)` that draws a fresh batch at each call.

    It raises ValueError for a size that is not an int from 1 to 100,000: its caller is not to be trusted.
    """

    def get_batch(batch_size: int = default_size) -> Batch:
        if type(batch_size) is not int or not 1 <= batch_size <= LARGEST_BATCH:
            raise ValueError(f"batch_size must be an int from 1 to {LARGEST_BATCH}")
        return draw_batch(target, batch_size, generator, device)

    return get_batch


def poly_desc(W: Tensor, b: Tensor) -> str:
    """`y = +6.19 x^1 -4.80 x^2 +4.40` for W (d, 1) or (d,) and b (1,): two decimals, bias last."""
    terms = [f"{weight:+.2f} x^{power}" for power, weight in enumerate(W.detach().flatten().tolist(), 1)]
    return f"y = {' '.join(terms)} {b.detach().item():+.2f}"
