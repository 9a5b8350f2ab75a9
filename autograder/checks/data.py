"""Turning what a student returned into numbers, after its type and shape were looked at.

Every decision is made on `type(value)`: an object can lie about `__class__`, and a subclass about
its arithmetic, so subclasses are taken down to their exact base first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .describing import describe, shape_text
from .failure import CheckFailed, require
from .tensors import is_tensor

if TYPE_CHECKING:
    import torch

Array = NDArray[np.float64]

MAX_SIZE = 5_000_000
MAX_DEPTH = 8


def number(value: object, name: str) -> float:
    """One real number as a float: an int, a float, a NumPy number or a 0-d array; not a bool, not NaN."""
    if type(value) is np.ndarray or is_tensor(value):
        return float(array(value, name, shape=()))
    result = _plain_number(value)
    if result is None:
        raise CheckFailed(f"{name} should be one number, but it is {describe(value)}.")
    require(result == result, f"{name} is NaN (not a number).")
    return result


def single_number(value: object, name: str) -> float:
    """One real number as a float, where an array or tensor of one element does as well."""
    if issubclass(type(value), np.ndarray) or is_tensor(value):
        numbers = array(value, name)
        require(numbers.size == 1, f"{name} should be one number, but it is {describe(value)}.")
        return float(numbers.reshape(()))
    return number(value, name)


def float_number(value: object, name: str) -> float:
    """A Python or NumPy float, as a float; an int, a 0-d array or a tensor is refused."""
    kind = type(value)
    if not issubclass(kind, float | np.floating):
        hint = " Call .item() on it." if issubclass(kind, np.ndarray) or is_tensor(value) else ""
        raise CheckFailed(f"{name} should be a Python or NumPy float, but it is {describe(value)}.{hint}")
    return number(value, name)


def array(value: object, name: str, shape: tuple[int, ...] | None = None) -> Array:
    """The numbers in an array, a tensor, nested lists or one number, as float64 of the same shape.

    Refuses anything else, bools, complex numbers and objects; NaN is named. With `shape`, refuses other
    shapes, before any arithmetic could broadcast them.
    """
    numbers = as_float64(value, name)
    if shape is not None and numbers.shape != tuple(shape):
        hint = _shape_hint(numbers.shape, shape)
        raise CheckFailed(f"{name} should be {_wanted(shape)}, but it is {describe(value)}.{hint}")
    require(not bool(np.isnan(numbers).any()), f"{name} contains NaN (not a number).")
    return numbers


def numpy_array(value: object, name: str, shape: tuple[int, ...] | None = None) -> Array:
    """As `array`, for a value that has to be a NumPy array."""
    require(
        issubclass(type(value), np.ndarray),
        f"{name} should be a NumPy array, but it is {describe(value)}.",
    )
    return array(value, name, shape)


def tensor(
    value: object,
    name: str,
    *,
    shape: tuple[int, ...] | None = None,
    dtype: torch.dtype | None = None,
    device: torch.device | None = None,
) -> torch.Tensor:
    """The student's tensor, detached, with type, shape, dtype and device as asked and without NaN."""
    if not is_tensor(value):
        raise CheckFailed(f"{name} should be a torch tensor, but it is {describe(value)}.")
    import torch

    found = torch.Tensor.detach(value)
    if shape is not None and tuple(found.shape) != tuple(shape):
        raise CheckFailed(
            f"{name} should be a tensor of shape {tuple(shape)}, but it is {describe(value)}."
            f"{_shape_hint(tuple(found.shape), shape)}"
        )
    if dtype is not None and found.dtype != dtype:
        raise CheckFailed(f"{name} should have dtype {dtype}, but it has {found.dtype}.")
    if device is not None and found.device.type != device.type:
        raise CheckFailed(
            f"{name} should be on the device of the input, {device.type}, not on {found.device.type}."
        )
    require(not bool(torch.isnan(found).any()), f"{name} contains NaN (not a number).")
    return found


def pair(value: object, name: str, of: str, *, arrays: bool = False) -> tuple[Any, Any]:
    """The two items of a tuple or list (or, with `arrays`, of an array of two numbers)."""
    if arrays and issubclass(type(value), np.ndarray):
        return tuple(array(value, name, shape=(2,)).tolist())
    first, second = _several(value, name, 2, f"a pair {of}")
    return first, second


def triple(value: object, name: str, of: str) -> tuple[Any, Any, Any]:
    """The three items of a tuple or list."""
    first, second, third = _several(value, name, 3, f"three {of}")
    return first, second, third


def _several(value: object, name: str, count: int, wanted: str) -> list[Any]:
    if not issubclass(type(value), tuple | list):
        raise CheckFailed(f"{name} should be {wanted}, but it is {describe(value)}.")
    items: list[Any] = list(value)  # type: ignore[call-overload]
    require(len(items) == count, f"{name} should be {wanted}, but it has {len(items)} items.")
    return items


def as_float64(value: object, name: str) -> Array:
    kind = type(value)
    if is_tensor(value):
        import torch

        return _of_array(torch.Tensor.detach(value).cpu().double().numpy(), value, name)
    if issubclass(kind, np.ndarray):
        return _of_array(np.asarray(value), value, name)
    if issubclass(kind, list | tuple):
        return _of_list(list(value), name)  # type: ignore[call-overload]
    plain = _plain_number(value)
    if plain is None:
        raise CheckFailed(f"{name} should be numbers, but it is {describe(value)}.")
    return np.asarray(plain, dtype=np.float64)


def _of_array(found: NDArray[Any], value: object, name: str) -> Array:
    require(found.dtype.kind in "iuf", f"{name} should hold real numbers, but it is {describe(value)}.")
    require(found.size <= MAX_SIZE, f"{name} is far too large: {describe(value)}.")
    return found.astype(np.float64)


def _of_list(items: Sequence[Any], name: str, depth: int = 0) -> Array:
    require(depth < MAX_DEPTH and len(items) <= MAX_SIZE, f"{name} is nested too deeply or far too long.")
    rows = [
        _of_list(list(item), name, depth + 1)
        if issubclass(type(item), list | tuple)
        else as_float64(item, name)
        for item in items
    ]
    require(len({row.shape for row in rows}) <= 1, f"{name} is a list whose items differ in shape.")
    return np.stack(rows) if rows else np.empty(0)


def _plain_number(value: object) -> float | None:
    kind = type(value)
    if issubclass(kind, bool | np.bool_):
        return None
    try:
        if issubclass(kind, int):
            return float(int.__index__(value))  # type: ignore[arg-type]
        if issubclass(kind, np.integer | np.floating):
            return float(value)  # type: ignore[arg-type]
        if issubclass(kind, float):
            return float.__float__(value)  # type: ignore[arg-type]
    except OverflowError:
        return float("inf")
    return None


def _wanted(shape: tuple[int, ...]) -> str:
    return "a single number" if shape == () else f"an array of {shape_text(shape)}"


def _shape_hint(found: tuple[int, ...], wanted: Sequence[int]) -> str:
    wanted = tuple(wanted)
    if len(found) == 2 and found == wanted[::-1] and found != wanted:
        return " It looks transposed."
    if found == (*wanted, 1):
        return " There is one axis too many."
    if found == () and wanted == (1,):
        return " An input of one row still has one row in the result."
    return ""
