"""Comparing numbers: the shape is told apart from the values, and a known mistake is named."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .data import Array, array, number, tensor
from .describing import describe
from .failure import CheckFailed
from .measuring import is_watched, largest_ratio, measured

if TYPE_CHECKING:
    import torch

# What a likely mistake, named by a noun phrase, would give. Computed only after the right answer was missed.
Mistakes = Mapping[str, Callable[[], ArrayLike]]


def close(
    actual: object,
    expected: ArrayLike,
    name: str,
    *,
    atol: float,
    rtol: float = 0.0,
    mistakes: Mistakes | None = None,
) -> None:
    """Every number within atol + rtol |expected| of the expected one, in exactly the expected shape.

    What is expected is finite; `mistakes` says what a likely mistake would give.
    """
    wanted = np.asarray(expected, dtype=np.float64)
    found = array(actual, name, shape=wanted.shape)
    wrong = _wrong(found, wanted, atol, rtol)
    is_wrong = bool(wrong.any())
    if not (is_wrong or is_watched()):
        return
    distance, tolerance = largest_ratio(found - wanted, atol + rtol * np.abs(wanted)), _tolerance(atol, rtol)
    measured(name, "values", distance, tolerance, found, wanted)
    if is_wrong:
        complaint = _how_far(found, wanted, wrong, distance, tolerance)
        raise CheckFailed(f"{name}: {complaint}{_recognised(found, mistakes, atol, rtol)}")


def close_number(
    actual: object, expected: float, name: str, *, atol: float, mistakes: Mistakes | None = None
) -> None:
    """One number within `atol` of the expected one."""
    # An answer typed at exactly the tolerance should not fall to the rounding of a difference.
    close(number(actual, name), expected, name, atol=atol * (1 + 1e-9), mistakes=mistakes)


def close_tensor(
    actual: object,
    expected: torch.Tensor,
    name: str,
    *,
    atol: float,
    rtol: float = 0.0,
    mistakes: Mistakes | None = None,
) -> None:
    """As `close`, for a tensor that must also have the dtype and the device of the expected one."""
    found = tensor(actual, name, shape=tuple(expected.shape), dtype=expected.dtype, device=expected.device)
    close(found, expected.detach().cpu().double().numpy(), name, atol=atol, rtol=rtol, mistakes=mistakes)


def same_array(actual: object, expected: Array, name: str) -> None:
    """Exactly the expected numbers: nothing was computed that could have rounded them."""
    close(actual, expected, name, atol=0.0)


def unchanged(now: Array, before: Array, name: str) -> None:
    """An argument that a function had no business to write to."""
    if now.shape != before.shape or not bool((now == before).all()):
        raise CheckFailed(f"The function changed its argument {name}; it should leave it alone.")


def _tolerance(atol: float, rtol: float) -> str:
    parts = [f"{atol:g}"] * bool(atol) + [f"{rtol:g} of the expected value"] * bool(rtol)
    return " + ".join(parts) or "none: exactly equal"


def _wrong(found: Array, wanted: Array, atol: float, rtol: float) -> NDArray[np.bool_]:
    return ~(np.abs(found - wanted) <= atol + rtol * np.abs(wanted))


def _within(found: Array, wanted: Array, atol: float, rtol: float) -> bool:
    return not bool(_wrong(found, wanted, atol, rtol).any())


NEAR = 10  # in units of the tolerance


def _how_far(found: Array, wanted: Array, wrong: NDArray[np.bool_], distance: float, tolerance: str) -> str:
    if np.isinf(found).any():
        return "infinite, where a finite value is expected."
    if wanted.size > 1:
        size = float(np.abs(found - wanted).max())
        return f"{int(wrong.sum())} of {wanted.size} values are wrong (the largest difference is {size:.2g})."
    # the difference of a single number would be the answer
    return f"near, but not within {tolerance}." if distance <= NEAR else "the value is wrong."


def _recognised(found: Array, mistakes: Mistakes | None, atol: float, rtol: float) -> str:
    with np.errstate(all="ignore"):
        for mistake, what_it_gives in (mistakes or {}).items():
            given = np.asarray(what_it_gives(), dtype=np.float64)
            if given.shape == found.shape and _within(found, given, max(atol, 1e-9), max(rtol, 1e-6)):
                return f" Likely cause: {mistake}."
    return ""


def same_text(actual: object, expected: str, name: str, *, mistakes: Mapping[str, str] | None = None) -> None:
    """The expected text, spaces and line breaks aside."""
    if not issubclass(type(actual), str):
        raise CheckFailed(f"{name} should be a string, but it is {describe(actual)}.")
    found = _without_spaces(str.__str__(actual))
    if found == _without_spaces(expected):
        return
    for mistake, its_text in (mistakes or {}).items():
        if found == _without_spaces(its_text):
            raise CheckFailed(f"{name} is not the expected text. Likely cause: {mistake}.")
    raise CheckFailed(f"{name} is not the expected text.")


def _without_spaces(text: str) -> str:
    return "".join(text.split())
