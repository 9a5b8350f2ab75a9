"""The fits of `logistic` for many data sets of one size at once, in torch float64 on the CPU or CUDA."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from reference.newton import (
    DEGENERATE,
    GRADIENT_TOLERANCE,
    MAX_HALVINGS,
    MAX_STEPS,
    ROUNDING,
    SUFFICIENT_DECREASE,
    NoOptimum,
    NotConverged,
)

# Numbers of X that are worked on together on a CPU: what fits into its cache beside the temporaries.
PIECE = 2**17


class _Degenerate(Exception):
    """No optimum in some data sets of a piece."""

    def __init__(self, why: str, failed: Tensor) -> None:
        super().__init__(why)
        self.why = why
        self.sets = failed.nonzero().ravel().tolist()


@dataclass(frozen=True, slots=True)
class BatchedFit:
    """Fitted models of B data sets: w (B, d), b (B,), objective there (B,), centred gradient norm (B,)."""

    w: Tensor
    b: Tensor
    minimum: Tensor
    gradient_norm: Tensor


@dataclass(frozen=True, slots=True)
class _Expansion:
    value: Tensor  # (B,)
    gradient: Tensor  # (B, k)
    hessian: Tensor  # (B, k, k)

    def newton_direction(self) -> Tensor:
        factor, failed = torch.linalg.cholesky_ex(self.hessian)
        if failed.any():
            raise _Degenerate("the Hessian is singular", failed)
        return -torch.cholesky_solve(self.gradient[..., None], factor)[..., 0]


def fit_l2_batched(
    X: Tensor, y: Tensor, C: float | Tensor = 1.0, device: str | torch.device | None = None
) -> BatchedFit:
    """`logistic.fit_l2` of each data set: X (B, n, d), y (B, n) of 0 and 1, C a number or (B,).

    Computed on `device`, or where X lies. Raises ValueError for wrong shapes, labels or C, NotConverged.
    """
    with torch.no_grad():
        rows, labels, strength = _checked(X, y, C, device)
        return _fit(rows, labels, strength, penalised=True)


def fit_unpenalised_batched(X: Tensor, y: Tensor, device: str | torch.device | None = None) -> BatchedFit:
    """`logistic.fit_unpenalised` of each data set; raises NoOptimum or NotConverged if one has none."""
    with torch.no_grad():
        rows, labels, strength = _checked(X, y, 1.0, device)
        return _fit(rows, labels, strength, penalised=False)


def objective_batched(w: Tensor, b: Tensor, X: Tensor, y: Tensor, C: float | Tensor = 1.0) -> Tensor:
    """The penalised objective (B,) at w (B, d), b (B,)."""
    margins = (2 * y - 1) * ((X @ w[..., None])[..., 0] + b[:, None])
    return (w**2).sum(-1) / 2 + C * F.softplus(-margins, threshold=800.0).sum(-1)


def gradient_batched(w: Tensor, b: Tensor, X: Tensor, y: Tensor, C: float | Tensor = 1.0) -> Tensor:
    """The objective's gradient (B, d + 1) in (w, b), intercept last."""
    signs = 2 * y - 1
    margins = signs * ((X @ w[..., None])[..., 0] + b[:, None])
    pull = signs * torch.sigmoid(-margins)
    strength = torch.as_tensor(C, dtype=X.dtype, device=X.device).expand(len(X))[:, None]
    slope = w - strength * (pull[:, None, :] @ X)[:, 0]
    return torch.cat([slope, -strength * pull.sum(-1, keepdim=True)], dim=-1)


def _fit(X: Tensor, y: Tensor, C: Tensor, *, penalised: bool) -> BatchedFit:
    whole = max(1, len(X))  # no data sets are one piece too
    size = max(1, PIECE * whole // max(1, X.numel())) if X.device.type == "cpu" else whole
    fits = []
    for first in range(0, whole, size):
        piece = slice(first, first + size)
        try:
            fits.append(_fit_piece(X[piece], y[piece], C[piece], penalised=penalised))
        except _Degenerate as error:
            sets = [first + number for number in error.sets]
            raise NoOptimum(f"{error.why} in data sets {sets}") from None
    columns = zip(*((fit.w, fit.b, fit.minimum, fit.gradient_norm) for fit in fits), strict=True)
    return BatchedFit(*(torch.cat(column) for column in columns))


def _fit_piece(X: Tensor, y: Tensor, C: Tensor, *, penalised: bool) -> BatchedFit:
    centre = X.mean(dim=1, keepdim=True)
    signed = torch.cat([X - centre, torch.ones_like(X[..., :1])], dim=-1) * (2 * y - 1)[..., None]
    penalty = torch.full((signed.shape[-1],), float(penalised), dtype=X.dtype, device=X.device)
    penalty[-1] = 0.0

    def expand(theta: Tensor) -> _Expansion:
        return _expansion(signed, theta, C, penalty)

    theta, there = _minimise(expand, torch.zeros_like(signed[:, 0]))
    if not penalised:
        _certify(there, signed.norm(dim=-1).amax(dim=-1))
    w = theta[:, :-1]
    b = theta[:, -1] - (centre @ w[..., None])[:, 0, 0]
    return BatchedFit(w, b, there.value, there.gradient.norm(dim=-1))


def _expansion(signed: Tensor, theta: Tensor, C: Tensor, penalty: Tensor) -> _Expansion:
    margins = (signed @ theta[..., None])[..., 0]
    decay = torch.exp(-margins.abs())
    losses = torch.log1p(decay) - margins.clamp(max=0.0)
    wrong = torch.where(margins >= 0, decay, torch.ones_like(decay)) / (1 + decay)
    curvature = decay / (1 + decay) ** 2
    pull = (wrong[:, None, :] @ signed)[:, 0]
    bend = (signed * curvature[..., None]).mT @ signed
    return _Expansion(
        value=(penalty * theta**2).sum(-1) / 2 + C * losses.sum(-1),
        gradient=penalty * theta - C[:, None] * pull,
        hessian=torch.diag(penalty) + C[:, None, None] * bend,
    )


def _minimise(expand: Callable[[Tensor], _Expansion], start: Tensor) -> tuple[Tensor, _Expansion]:
    """All minima at once; a data set that is done early takes further steps, which are as good as zero."""
    point, here = start, expand(start)
    for _ in range(MAX_STEPS):
        if bool((here.gradient.norm(dim=-1) < GRADIENT_TOLERANCE).all()):
            return point, here
        point, here = _descend(expand, point, here)
    raise NotConverged(f"a gradient norm is above {GRADIENT_TOLERANCE} after {MAX_STEPS} Newton steps")


def _descend(
    expand: Callable[[Tensor], _Expansion], point: Tensor, here: _Expansion
) -> tuple[Tensor, _Expansion]:
    direction = here.newton_direction()
    slope = (here.gradient * direction).sum(-1)
    slack = ROUNDING * (1 + here.value.abs())
    size = torch.ones_like(slope)
    for _ in range(MAX_HALVINGS):
        candidate = point + size[:, None] * direction
        there = expand(candidate)
        short = there.value <= here.value + SUFFICIENT_DECREASE * size * slope + slack
        if bool(short.all()):
            return candidate, there
        size = torch.where(short, size, size / 2)
    raise NotConverged("no step along a Newton direction lowers the objective")


def _certify(there: _Expansion, longest_row: Tensor) -> None:
    """As `logistic` does: Bach (2010), Proposition 2, for each data set."""
    decrement = (-(there.gradient * there.newton_direction()).sum(-1)).clamp(min=0.0).sqrt()
    spectrum = torch.linalg.eigvalsh(there.hessian)
    least = spectrum[:, 0]
    doubtful = (least <= DEGENERATE * spectrum[:, -1]) | (
        2 * longest_row * decrement > least.clamp(min=0.0).sqrt()
    )
    if doubtful.any():
        raise _Degenerate("a plane separates the classes, or columns depend on each other,", doubtful)


def _checked(
    X: Tensor, y: Tensor, C: float | Tensor, device: str | torch.device | None
) -> tuple[Tensor, Tensor, Tensor]:
    if X.ndim != 3 or y.shape != X.shape[:2]:
        raise ValueError(f"X must be (B, n, d) and y (B, n), not {tuple(X.shape)} and {tuple(y.shape)}")
    where = X.device if device is None else torch.device(device)
    rows = X.detach().to(where, torch.float64)
    labels = y.detach().to(where, torch.float64)
    strength = torch.as_tensor(C, dtype=torch.float64, device=where).expand(len(rows))
    if not bool(((labels == 0) | (labels == 1)).all()) or not bool((labels.amax(1) > labels.amin(1)).all()):
        raise ValueError("each y must hold both classes, 0 and 1, and nothing else")
    if not bool(torch.isfinite(rows).all()):
        raise ValueError("X must be finite")
    if not bool((torch.isfinite(strength) & (strength > 0)).all()):
        raise ValueError("C must be positive")
    return rows, labels, strength
