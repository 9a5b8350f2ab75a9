"""Mutable objects of the examiner and their twins on the student's side.

A mirrored object (leaf) has an id for as long as the examiner can still look at it. Whenever
control crosses the wire, each side sends the state of every leaf whose state differs from
what was last said, so that `p -= lr * g`, `p.grad`, `model.eval()` and a replaced Parameter
arrive as what they are. Even ids are given by the examiner, odd ones by the student.

Runs on both sides, as a plain file.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable, Iterable
from typing import Any

from .wire import NUMPY_DTYPES, TORCH_DTYPES, Decoder, Encoder, Unsendable, WireError

_HEAD = struct.Struct("<qBI")


class Leaf:
    """One mirrored object and its state as last said to, or heard from, the other side."""

    __slots__ = ("id", "kind", "last", "obj")

    def __init__(self, leaf_id: int, kind: int, obj: Any, last: bytes) -> None:
        self.id, self.kind, self.obj, self.last = leaf_id, kind, obj, last


def _references_of_an_unshared_object() -> int:
    leaf = Leaf(0, 0, [], b"")
    return sys.getrefcount(leaf.obj)


_UNSHARED = _references_of_an_unshared_object()


class Mirrors:
    """The leaves of one side. `other` writes and `other_in` reads what is no data, as in wire."""

    def __init__(
        self,
        first_id: int,
        other: Callable[[Encoder, object], None],
        other_in: Callable[[int, Decoder], object],
        lenient: bool,
    ) -> None:
        self._next = first_id
        self._other = other
        self._other_in = other_in
        self._lenient = lenient  # the student's side drops what cannot cross instead of raising
        self._by_id: dict[int, Leaf] = {}
        self._by_object: dict[int, Leaf] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def claim(self, obj: object) -> int | None:
        """The id of `obj`, which becomes a leaf if its class can be mirrored."""
        if (known := self.known(obj)) is not None:
            return known
        kind = kind_of(obj)
        if kind is None:
            return None
        leaf = self._add(self._next, kind, obj)
        self._next += 2
        return leaf.id

    def known(self, obj: object) -> int | None:
        leaf = self._by_object.get(id(obj))
        return None if leaf is None else leaf.id

    def get(self, leaf_id: int) -> object:
        leaf = self._by_id.get(leaf_id)
        if leaf is None:
            raise WireError("no such mirror")
        return leaf.obj

    def _add(self, leaf_id: int, kind: int, obj: object) -> Leaf:
        leaf = self._by_id[leaf_id] = self._by_object[id(obj)] = Leaf(leaf_id, kind, obj, b"")
        return leaf

    def forget(self, ids: Iterable[int]) -> None:
        for leaf_id in ids:
            leaf = self._by_id.pop(leaf_id, None)
            if leaf is not None:
                del self._by_object[id(leaf.obj)]

    def forget_unshared(self) -> list[int]:
        """Forgets the leaves that nothing on this side can see any more; returns their ids."""
        gone = [leaf.id for leaf in self._by_id.values() if sys.getrefcount(leaf.obj) <= _UNSHARED]
        self.forget(gone)
        return gone

    def changes(self) -> bytes:
        """The states that differ from what the other side knows; they count as said now."""
        parts: list[bytes] = []
        done: set[int] = set()
        while todo := [leaf for leaf in self._by_id.values() if leaf.id not in done]:
            for leaf in todo:
                done.add(leaf.id)
                state = self._state(leaf)
                if state != leaf.last:
                    leaf.last = state
                    parts += (_HEAD.pack(leaf.id, leaf.kind, len(state)), state)
        return b"".join(parts)

    def _state(self, leaf: Leaf) -> bytes:
        encoder = Encoder(self._other, self.claim)
        _KINDS[leaf.kind].write(encoder, leaf.obj, self._lenient)
        return bytes(encoder.out)

    def apply(self, data: memoryview) -> None:
        """Takes over the other side's `changes`."""
        updates: list[tuple[Leaf, memoryview]] = []
        at = 0
        while at < len(data):
            if at + _HEAD.size > len(data):
                raise WireError("changes cut short")
            leaf_id, kind, size = _HEAD.unpack_from(data, at)
            at += _HEAD.size
            state = data[at : at + size]
            at += size
            if len(state) != size or kind not in _KINDS:
                raise WireError("changes cut short")
            updates.append((self._leaf_for(leaf_id, kind, state), state))
        for leaf, state in updates:
            decoder = Decoder(state, self._other_in, self.get)
            _KINDS[leaf.kind].fill(leaf.obj, decoder)
            if decoder.at != len(state):
                raise WireError("bytes left over after a state")
        for leaf, _ in updates:
            leaf.last = self._state(leaf)

    def _leaf_for(self, leaf_id: int, kind: int, state: memoryview) -> Leaf:
        leaf = self._by_id.get(leaf_id)
        if leaf is None:
            if (leaf_id - self._next) % 2 == 0 or leaf_id < 0:
                raise WireError("a mirror of ours that we do not know")
            leaf = self._add(leaf_id, kind, _KINDS[kind].make(Decoder(state)))
        elif leaf.kind != kind:
            raise WireError("a mirror that changed its kind")
        return leaf


_KINDS: dict[int, Kind] = {
    ord("l"): _List(),
    ord("d"): _Dict(),
    ord("S"): _Set(),
    ord("a"): _Array(),
    ord("x"): _Tensor(),
    ord("p"): _Parameter(),
    ord("G"): _Generator(),
    ord("R"): _NumpyRandom(),
    ord("r"): _NumpyRandomState(),
    ord("M"): _Module(),
    ord("O"): _Optimizer(),
}
_BUILTIN_KINDS: dict[type, int] = {list: ord("l"), dict: ord("d"), set: ord("S")}


def kind_of(obj: object) -> int | None:
    """How `obj` is mirrored, or None. Exact library classes only: a subclass may do anything."""
    cls = type(obj)
    if (kind := _BUILTIN_KINDS.get(cls)) is not None:
        return kind
    module = cls.__module__
    if module.startswith("numpy") and (numpy := sys.modules.get("numpy")) is not None:
        if cls is numpy.ndarray:
            return ord("a") if obj.dtype.name in NUMPY_DTYPES else None  # type: ignore[attr-defined]
        if cls is numpy.random.Generator:
            return ord("R")
        return ord("r") if cls is numpy.random.RandomState else None
    if (torch := sys.modules.get("torch")) is not None and hasattr(torch, "nn"):
        return _torch_kind(obj, cls, torch)
    return None


def _torch_kind(obj: object, cls: type, torch: Any) -> int | None:
    if cls is torch.nn.Parameter:
        return ord("p")
    if cls is torch.Tensor:
        plain = obj.layout is torch.strided and not obj.is_quantized  # type: ignore[attr-defined]
        return ord("x") if plain and str(obj.dtype)[6:] in TORCH_DTYPES else None  # type: ignore[attr-defined]
    if cls is torch.Generator:
        return ord("G") if obj.device.type == "cpu" else None  # type: ignore[attr-defined]
    path = f"{cls.__module__}.{cls.__qualname__}"
    if issubclass(cls, torch.nn.Module) and _library_class(path, "torch.nn.modules.") is cls:
        return ord("M")
    if issubclass(cls, torch.optim.Optimizer) and _library_class(path, "torch.optim.") is cls:
        return ord("O")
    return None
