"""How python's and numpy's mutable objects are written, made empty, and filled by a mirror.

What is filled in may be hostile: every part of a state is checked for its exact class before
anything else is asked of it. Runs on both sides, as a plain file.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

from .wire import MAX_KEYS, Decoder, Encoder, Unsendable, WireError, encode, is_key


class Kind:
    """How one class of objects is written, made empty, and filled.

    `make` and `fill` raise WireError for a state that `write` cannot have written. `lenient`
    leaves out what cannot cross, where the other side can do without it, instead of raising Unsendable.
    """

    def write(self, out: Encoder, obj: Any, lenient: bool) -> None:
        raise NotImplementedError

    def parts(self, obj: Any) -> tuple[list[object], list[object]] | None:
        """What a state of `obj` is written from, if that is quickly told: its objects that cannot change,
        and those that may be mirrors. The same objects give the same state.
        """
        return None

    def make(self, state: Decoder) -> Any:
        raise NotImplementedError

    def fill(self, obj: Any, state: Decoder) -> None:
        raise NotImplementedError


def put_all(out: Encoder, values: Iterable[object]) -> None:
    out.value(tuple(values))


def taken(state: Decoder, kind: type) -> Any:
    """The next value of `state`, which is of exactly this class."""
    value = state.value()
    if type(value) is not kind:
        raise WireError("a state of the wrong form")
    return value


def taken_tuple(state: Decoder, length: int | None = None, of: type | None = None) -> tuple[Any, ...]:
    """A tuple of `length` elements, each exactly `of`, where these are given."""
    values: tuple[Any, ...] = taken(state, tuple)
    if length is not None and len(values) != length:
        raise WireError("a state of the wrong form")
    if of is not None and not all(type(value) is of for value in values):
        raise WireError("a state of the wrong form")
    return values


def taken_plain(state: Decoder, kind: type) -> Any:
    """What `encode` wrote: data in which nothing is a mirror."""
    return taken(Decoder(taken(state, bytes)), kind)


def _only_plain_keys(keys: Iterable[object]) -> None:
    if not all(map(is_key, keys)):
        raise Unsendable("a key or element of a set that is no plain value")


class _List(Kind):
    def write(self, out: Encoder, obj: list[Any], lenient: bool) -> None:
        put_all(out, obj)

    def make(self, state: Decoder) -> list[Any]:
        return []

    def fill(self, obj: list[Any], state: Decoder) -> None:
        obj[:] = taken_tuple(state)


class _Dict(Kind):
    def write(self, out: Encoder, obj: dict[Any, Any], lenient: bool) -> None:
        _only_plain_keys(obj)
        if len(obj) > MAX_KEYS:
            raise Unsendable(f"more than {MAX_KEYS:,} keys")
        put_all(out, obj)
        put_all(out, obj.values())

    def make(self, state: Decoder) -> dict[Any, Any]:
        return {}

    def fill(self, obj: dict[Any, Any], state: Decoder) -> None:
        keys = taken_tuple(state)
        state.check_keys(keys)
        values = taken_tuple(state, len(keys))
        obj.clear()
        state.insert(obj.update, list(zip(keys, values, strict=True)))


class _Set(Kind):
    def write(self, out: Encoder, obj: set[Any], lenient: bool) -> None:
        _only_plain_keys(obj)
        out.value(frozenset(obj))

    def make(self, state: Decoder) -> set[Any]:
        return set()

    def fill(self, obj: set[Any], state: Decoder) -> None:
        value = taken(state, frozenset)
        obj.clear()
        obj.update(value)


class _Array(Kind):
    def write(self, out: Encoder, obj: Any, lenient: bool) -> None:
        out.value(bool(obj.flags.writeable))
        out.array_node(obj)

    def make(self, state: Decoder) -> Any:
        writeable, array = self._taken(state)
        array.flags.writeable = writeable
        return array

    def fill(self, obj: Any, state: Decoder) -> None:
        writeable, array = self._taken(state)
        if obj.dtype.newbyteorder("=") != array.dtype or obj.size != array.size:
            raise WireError("an array of the test changed its dtype or size")
        if obj.shape != array.shape:
            try:
                obj.shape = array.shape
            except AttributeError:
                raise WireError("an array of the test that is not contiguous changed its shape") from None
        if obj.tobytes() != array.astype(obj.dtype).tobytes():
            if not obj.flags.writeable:
                raise WireError("a read-only array of the test was changed")
            obj[...] = array
        if obj.flags.writeable and not writeable:
            obj.flags.writeable = False

    def _taken(self, state: Decoder) -> tuple[bool, Any]:
        return taken(state, bool), taken(state, sys.modules["numpy"].ndarray)


# Beyond these numpy reads memory that is not the generator's: it checks no position that it is given.
_LAST_POSITIONS = {"pos": 624, "buffer_pos": 4}


class _NumpyRandom(Kind):
    """numpy's Generator, by the state of its bit generator."""

    def write(self, out: Encoder, obj: Any, lenient: bool) -> None:
        state = self._get(obj)
        out.value(state["bit_generator"])
        out.value(encode(state))

    def make(self, state: Decoder) -> Any:
        import numpy

        name = taken(state, str)
        if name not in ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"):
            raise WireError("no such bit generator")
        return self._around(getattr(numpy.random, name)(0), numpy)

    def fill(self, obj: Any, state: Decoder) -> None:
        taken(state, str)
        new = taken_plain(state, dict)
        for part in (new, new.get("state")):
            for name, last in _LAST_POSITIONS.items():
                position = part.get(name, 0) if type(part) is dict else 0
                if type(position) is not int or not 0 <= position <= last:
                    raise WireError("no state of a generator")
        try:
            self._set(obj, new)
        except Exception:  # numpy has no one class for what it cannot use
            raise WireError("no state of a generator") from None

    def _around(self, bits: Any, numpy: Any) -> Any:
        return numpy.random.Generator(bits)

    def _get(self, obj: Any) -> dict[str, Any]:
        return dict(obj.bit_generator.state)

    def _set(self, obj: Any, new: dict[str, Any]) -> None:
        obj.bit_generator.state = new


class _NumpyRandomState(_NumpyRandom):
    """numpy's RandomState, which also keeps half of a pair of normal numbers."""

    def _around(self, bits: Any, numpy: Any) -> Any:
        return numpy.random.RandomState(bits)

    def _get(self, obj: Any) -> dict[str, Any]:
        return dict(obj.get_state(legacy=False))

    def _set(self, obj: Any, new: dict[str, Any]) -> None:
        obj.set_state(new)


PLAIN_KINDS: dict[int, Kind] = {
    ord("l"): _List(),
    ord("d"): _Dict(),
    ord("S"): _Set(),
    ord("a"): _Array(),
    ord("R"): _NumpyRandom(),
    ord("r"): _NumpyRandomState(),
}
