"""Frozen dataclasses to JSON and back, strictly: no unknown key, no value of another type."""

from __future__ import annotations

import dataclasses
import functools
import types
from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


class BadRecord(ValueError):
    """JSON that is no such record; the message names the place."""


def encode(value: Any) -> Any:
    """A dataclass, and what it holds, as the plain values that `json.dumps` takes."""
    if dataclasses.is_dataclass(value):
        return {field.name: encode(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {key: encode(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [encode(item) for item in value]
    return value


def decode(kind: type[T], value: Any, where: str = "") -> T:
    """The value that `encode` made of an object of this class. Raises BadRecord."""
    result: T = _decode(kind, value, where or kind.__name__)
    return result


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _decode(kind: Any, value: Any, where: str) -> Any:
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is Any:
        return value
    if origin in (Union, types.UnionType):
        return _decode_union(arguments, value, where)
    if origin is tuple and isinstance(value, list):
        return tuple(_decode(arguments[0], item, f"{where}[{index}]") for index, item in enumerate(value))
    if origin is Mapping and isinstance(value, dict):
        return {key: _decode(arguments[1], item, f"{where}[{key!r}]") for key, item in value.items()}
    if isinstance(kind, type) and dataclasses.is_dataclass(kind) and isinstance(value, dict):
        return _decode_fields(kind, value, where)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _decode_member(kind, value, where)
    if kind is float and type(value) is int:
        return float(value)
    if kind in (str, int, float, bool, types.NoneType) and type(value) is kind:
        return value
    raise BadRecord(f"{where}: {type(value).__name__} is not what belongs there")


def _decode_union(kinds: tuple[Any, ...], value: Any, where: str) -> Any:
    for kind in kinds:
        try:
            return _decode(kind, value, where)
        except BadRecord:
            continue
    raise BadRecord(f"{where}: {type(value).__name__} is not what belongs there")


def _decode_fields(kind: type, value: dict[str, Any], where: str) -> Any:
    hints = {field.name: _hints(kind)[field.name] for field in dataclasses.fields(kind)}
    if hints.keys() != value.keys():
        wrong = sorted(hints.keys() ^ value.keys())
        raise BadRecord(f"{where}: missing or unknown: {', '.join(wrong)}")
    return kind(**{name: _decode(hint, value[name], f"{where}.{name}") for name, hint in hints.items()})


def _decode_member(kind: type[Enum], value: Any, where: str) -> Any:
    try:
        return kind(value)
    except ValueError:
        raise BadRecord(f"{where}: {value!r} is not one of {[member.value for member in kind]}") from None
