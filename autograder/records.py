"""Frozen dataclasses to JSON and back, strictly: no unknown key, no value of another type."""

from __future__ import annotations

import dataclasses
import functools
import types
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

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
    made: Callable[[Any], _Decoder] = _decoder
    result: T = made(kind)(value, where or kind.__name__)
    return result


_Decoder = Callable[[Any, str], Any]


@functools.cache
def _decoder(kind: Any) -> _Decoder:
    """What decodes values of one type; made once, since a class has thousands of each."""
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is Any:
        return lambda value, where: value
    if origin in (Union, types.UnionType):
        return _union(tuple(map(_decoder, arguments)))
    if origin is Literal:
        return _one_of(arguments)
    if origin is tuple:
        return _items(_decoder(arguments[0]))
    if origin is Mapping:
        return _values(_decoder(arguments[1]))
    if dataclasses.is_dataclass(kind):
        return _fields(kind)
    if issubclass(kind, Enum):
        return _member(kind)
    return _plain(kind)


def _bad(value: Any, where: str) -> BadRecord:
    return BadRecord(f"{where}: {type(value).__name__} is not what belongs there")


def _plain(kind: type) -> _Decoder:
    def decode_plain(value: Any, where: str) -> Any:
        if type(value) is kind:
            return value
        if kind is float and type(value) is int:
            return float(value)
        raise _bad(value, where)

    return decode_plain


def _one_of(values: tuple[Any, ...]) -> _Decoder:
    def decode_one_of(value: Any, where: str) -> Any:
        if any(type(value) is type(each) and value == each for each in values):
            return value
        raise _bad(value, where)

    return decode_one_of


def _union(decoders: tuple[_Decoder, ...]) -> _Decoder:
    def decode_union(value: Any, where: str) -> Any:
        for each in decoders:
            try:
                return each(value, where)
            except BadRecord:
                continue
        raise _bad(value, where)

    return decode_union


def _items(decode_item: _Decoder) -> _Decoder:
    def decode_items(value: Any, where: str) -> Any:
        if not isinstance(value, list):
            raise _bad(value, where)
        try:
            return tuple([decode_item(item, where) for item in value])
        except BadRecord:  # once more, for the place
            return tuple(decode_item(item, f"{where}[{index}]") for index, item in enumerate(value))

    return decode_items


def _values(decode_value: _Decoder) -> _Decoder:
    def decode_values(value: Any, where: str) -> Any:
        if not isinstance(value, dict):
            raise _bad(value, where)
        return {key: decode_value(item, f"{where}[{key!r}]") for key, item in value.items()}

    return decode_values


def _fields(kind: Any) -> _Decoder:
    hints = get_type_hints(kind)
    decoders = {field.name: _decoder(hints[field.name]) for field in dataclasses.fields(kind)}
    names = decoders.keys()

    def decode_fields(value: Any, where: str) -> Any:
        if not isinstance(value, dict):
            raise _bad(value, where)
        if names != value.keys():
            raise BadRecord(f"{where}: missing or unknown: {', '.join(sorted(names ^ value.keys()))}")
        try:
            return kind(**{name: each(value[name], where) for name, each in decoders.items()})
        except BadRecord:  # once more, for the place
            return kind(**{name: each(value[name], f"{where}.{name}") for name, each in decoders.items()})

    return decode_fields


def _member(kind: type[Enum]) -> _Decoder:
    members = {member.value: member for member in kind}

    def decode_member(value: Any, where: str) -> Any:
        try:
            return members[value]
        except (KeyError, TypeError):
            raise BadRecord(f"{where}: {value!r} is not one of {list(members)}") from None

    return decode_member
