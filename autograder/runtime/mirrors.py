"""Mutable objects of the examiner and their twins on the student's side.

A mirrored object (leaf) has an id for as long as the examiner can still look at it. Whenever
control crosses the wire, each side sends the state of every leaf whose state differs from
what was last said, so that `p -= lr * g`, `p.grad`, `model.eval()` and a replaced Parameter
arrive as what they are. Even ids are given by the examiner, odd ones by the student.

Runs on both sides, as a plain file.
"""

from __future__ import annotations

import operator
import struct
import sys
from collections.abc import Callable, Iterable
from typing import Any

from .mirrored import PLAIN_KINDS, Kind
from .mirrored_torch import TORCH_KINDS, is_library_class
from .wire import (
    MAX_FRAME,
    MAX_NDIM,
    MAX_NODES,
    NUMPY_DTYPES,
    Budget,
    Decoder,
    Encoder,
    Unsendable,
    WireError,
    is_key,
    is_plain_tensor,
)

MAX_LEAVES = 100_000

_HEAD = struct.Struct("<qBI")


# objects that cannot change, objects that may be mirrors, and their ids
_Parts = tuple[list[object], list[object], list[int | None]] | None


class Leaf:
    """One mirrored object and its state as last said to, or heard from, the other side."""

    __slots__ = ("id", "kind", "last", "obj", "parts", "refused")

    def __init__(self, leaf_id: int, kind: int, obj: Any, last: bytes) -> None:
        self.id, self.kind, self.obj, self.last = leaf_id, kind, obj, last
        self.parts: _Parts = None  # what `last` was written from
        self.refused = False  # what it holds now cannot cross, and that has been said


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
        if len(self._by_id) >= MAX_LEAVES:
            raise Unsendable(f"more than {MAX_LEAVES:,} mutable objects")
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
        self._forget_unsaid()
        gone = [leaf.id for leaf in self._by_id.values() if sys.getrefcount(leaf.obj) <= _UNSHARED]
        self.forget(gone)
        return gone

    def _forget_unsaid(self) -> None:
        """Forgets the leaves of a message that could not be sent."""
        self.forget([leaf.id for leaf in self._by_id.values() if not leaf.last])

    def changes(self, room: int = MAX_FRAME) -> bytes:
        """The states that differ from what the other side knows; they count as said now.

        Raises Unsendable, and then nothing counts as said, if one of them cannot cross or if all take
        more than `room` bytes. An object whose contents cannot cross is left out the next time.
        """
        try:
            said = self._differing(room)
        except Unsendable:
            self._forget_unsaid()
            raise
        parts: list[bytes] = []
        for leaf, state, of in said:
            leaf.last, leaf.parts = state, of
            parts += (_HEAD.pack(leaf.id, leaf.kind, len(state)), state)
        return b"".join(parts)

    def _differing(self, room: int) -> list[tuple[Leaf, bytes, _Parts]]:
        said: list[tuple[Leaf, bytes, _Parts]] = []
        done: set[int] = set()
        nodes = 0
        while todo := [leaf for leaf in self._by_id.values() if leaf.id not in done]:
            for leaf in todo:
                done.add(leaf.id)
                parts = self._parts(leaf)
                if _same_parts(leaf.parts, parts):
                    continue
                encoder = self._encoded(leaf)
                if encoder is None or encoder.out == leaf.last:
                    continue
                nodes += encoder.nodes
                room -= _HEAD.size + len(encoder.out)
                if room < 0 or nodes > MAX_NODES:
                    raise Unsendable("more than 64 MiB or 1,000,000 values in one call")
                said.append((leaf, bytes(encoder.out), self._parts(leaf)))
        return said

    def _parts(self, leaf: Leaf) -> _Parts:
        """What the state of the leaf is written from, with the ids of those that are mirrors."""
        parts = _KINDS[leaf.kind].parts(leaf.obj)
        return None if parts is None else (*parts, [self.known(part) for part in parts[1]])

    def _encoded(self, leaf: Leaf) -> Encoder | None:
        try:
            encoder = self._state(leaf)
        except Unsendable:
            if leaf.refused:
                return None
            leaf.refused = True
            raise
        leaf.refused = False
        return encoder

    def _state(self, leaf: Leaf) -> Encoder:
        encoder = Encoder(self._other, self.claim)
        _KINDS[leaf.kind].write(encoder, leaf.obj, self._lenient)
        return encoder

    def apply(self, data: memoryview) -> None:
        """Takes over the other side's `changes`; raises WireError if it cannot have sent them."""
        updates = self._updates(data)
        budget = Budget()
        for leaf, state in updates:
            decoder = Decoder(state, self._other_in, self.get, budget)
            _KINDS[leaf.kind].fill(leaf.obj, decoder)
            if decoder.at != len(state):
                raise WireError("bytes left over after a state")
        try:
            for leaf, state in updates:
                same = leaf.kind in SAME_ON_BOTH_SIDES
                leaf.last = bytes(state) if same else bytes(self._state(leaf).out)
                leaf.parts = None if same else self._parts(leaf)
        except Unsendable:
            raise WireError("a state that could not be sent back") from None

    def _updates(self, data: memoryview) -> list[tuple[Leaf, memoryview]]:
        updates: dict[int, tuple[Leaf, memoryview]] = {}
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
            if leaf_id in updates:  # each costs as much as the leaf is large in the end
                raise WireError("a mirror that changed twice at once")
            updates[leaf_id] = (self._leaf_for(leaf_id, kind, state), state)
        return list(updates.values())

    def _leaf_for(self, leaf_id: int, kind: int, state: memoryview) -> Leaf:
        leaf = self._by_id.get(leaf_id)
        if leaf is None:
            if (leaf_id - self._next) % 2 == 0 or leaf_id < 0:
                raise WireError("a mirror of ours that we do not know")
            if len(self._by_id) >= MAX_LEAVES:
                raise WireError("too many mirrors")
            leaf = self._add(leaf_id, kind, _KINDS[kind].make(Decoder(state)))
        elif leaf.kind != kind:
            raise WireError("a mirror that changed its kind")
        return leaf


def _same_parts(old: _Parts, new: _Parts) -> bool:
    if old is None or new is None:
        return False
    return old[2] == new[2] and all(
        len(mine) == len(theirs) and all(map(operator.is_, mine, theirs))
        for mine, theirs in zip(old[:2], new[:2], strict=True)
    )


_KINDS: dict[int, Kind] = PLAIN_KINDS | TORCH_KINDS
# arrays and tensors: their state holds no reference, so it reads the same from either side
SAME_ON_BOTH_SIDES = frozenset(b"axp")
_BUILTIN_KINDS: dict[type, int] = {list: ord("l"), dict: ord("d"), set: ord("S")}


def kind_of(obj: Any) -> int | None:
    """How `obj` is mirrored, or None. Exact library classes only: a subclass may do anything."""
    cls = type(obj)
    if (kind := _BUILTIN_KINDS.get(cls)) is not None:
        return kind if cls is list or all(map(is_key, obj)) else None
    module = cls.__module__
    if module.startswith("numpy") and (numpy := sys.modules.get("numpy")) is not None:
        if cls is numpy.ndarray:
            return ord("a") if obj.dtype.name in NUMPY_DTYPES and obj.ndim <= MAX_NDIM else None
        if cls is numpy.random.Generator:
            return ord("R")
        return ord("r") if cls is numpy.random.RandomState else None
    if (torch := sys.modules.get("torch")) is not None and hasattr(torch, "nn"):
        return _torch_kind(obj, cls, torch)
    return None


def _torch_kind(obj: Any, cls: type, torch: Any) -> int | None:
    if cls in (torch.nn.Parameter, torch.Tensor):
        if not is_plain_tensor(obj, torch):
            return None
        return ord("p") if cls is torch.nn.Parameter else ord("x")
    if cls is torch.Generator:
        return ord("G") if obj.device.type == "cpu" else None
    if issubclass(cls, torch.nn.Module) and is_library_class(cls, "torch.nn.modules."):
        return ord("M")
    if issubclass(cls, torch.optim.Optimizer) and is_library_class(cls, "torch.optim."):
        return ord("O")
    return None
