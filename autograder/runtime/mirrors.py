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


# What can be mirrored -------------------------------------------------------------------------


class Kind:
    """How one class of objects is written, made empty, and filled."""

    def write(self, out: Encoder, obj: Any, lenient: bool) -> None:
        raise NotImplementedError

    def make(self, state: Decoder) -> Any:
        raise NotImplementedError

    def fill(self, obj: Any, state: Decoder) -> None:
        raise NotImplementedError


def _values(out: Encoder, values: Iterable[object]) -> None:
    out.value(tuple(values))


def _plain(value: object) -> bytes:
    """Data in which nothing is a mirror."""
    encoder = Encoder()
    encoder.value(value)
    return bytes(encoder.out)


def _tuple(state: Decoder, length: int | None = None) -> tuple[Any, ...]:
    value = state.value()
    if type(value) is not tuple or (length is not None and len(value) != length):
        raise WireError("a state of the wrong form")
    return value


def _decoded(data: object, kind: type) -> Any:
    if type(data) is not bytes:
        raise WireError("a state of the wrong form")
    value = Decoder(data).whole()
    if type(value) is not kind:
        raise WireError("a state of the wrong form")
    return value


class _List(Kind):
    def write(self, out: Encoder, obj: list[Any], lenient: bool) -> None:
        _values(out, obj)

    def make(self, state: Decoder) -> list[Any]:
        return []

    def fill(self, obj: list[Any], state: Decoder) -> None:
        obj[:] = _tuple(state)


class _Dict(Kind):
    def write(self, out: Encoder, obj: dict[Any, Any], lenient: bool) -> None:
        out.value(tuple(obj))
        _values(out, obj.values())

    def make(self, state: Decoder) -> dict[Any, Any]:
        return {}

    def fill(self, obj: dict[Any, Any], state: Decoder) -> None:
        keys = _tuple(state)
        state._keys(list(keys))
        values = _tuple(state, len(keys))
        obj.clear()
        obj.update(zip(keys, values, strict=True))


class _Set(Kind):
    def write(self, out: Encoder, obj: set[Any], lenient: bool) -> None:
        out.value(frozenset(obj))

    def make(self, state: Decoder) -> set[Any]:
        return set()

    def fill(self, obj: set[Any], state: Decoder) -> None:
        value = state.value()
        if type(value) is not frozenset:
            raise WireError("a state of the wrong form")
        obj.clear()
        obj.update(value)


class _Array(Kind):
    def write(self, out: Encoder, obj: Any, lenient: bool) -> None:
        out.tagged(b"T" if obj.flags.writeable else b"F")
        out.array_node(obj)

    def make(self, state: Decoder) -> Any:
        writeable, array = state.value(), _array(state)
        array.flags.writeable = bool(writeable)
        return array

    def fill(self, obj: Any, state: Decoder) -> None:
        writeable, array = state.value(), _array(state)
        if obj.dtype.newbyteorder("=") != array.dtype or obj.size != array.size:
            raise WireError("an array of the test changed its dtype or size")
        if obj.shape != array.shape:
            obj.shape = array.shape
        if obj.tobytes() != array.tobytes():
            if not obj.flags.writeable:
                raise WireError("a read-only array of the test was changed")
            obj[...] = array
        if obj.flags.writeable and not writeable:
            obj.flags.writeable = False


def _array(state: Decoder) -> Any:
    numpy = sys.modules["numpy"]
    value = state.value()
    if type(value) is not numpy.ndarray:
        raise WireError("a state of the wrong form")
    return value


class _Tensor(Kind):
    def write(self, out: Encoder, obj: Any, lenient: bool) -> None:
        torch = sys.modules["torch"]
        out.tensor_node(obj, torch)
        grad = obj.grad if obj.is_leaf else None
        if grad is None or grad.layout is not torch.strided:
            out.tagged(b"N")
        else:
            out.tensor_node(grad, torch)

    def make(self, state: Decoder) -> Any:
        return _tensor(state)

    def fill(self, obj: Any, state: Decoder) -> None:
        new = _tensor(state)
        grad = state.value()
        if obj.shape != new.shape or obj.dtype is not new.dtype:
            obj.data = new.detach().to(obj.device)
        else:
            obj.data.copy_(new.detach())
        if obj.is_leaf:
            obj.requires_grad_(new.requires_grad)
            self._fill_grad(obj, grad)

    def _fill_grad(self, obj: Any, grad: Any) -> None:
        if grad is None or obj.grad is None:
            if grad is not None and (type(grad) is not type(obj.data) or grad.shape != obj.shape):
                raise WireError("a gradient of the wrong form")
            obj.grad = None if grad is None else grad.detach().to(obj.device, obj.dtype)
        elif obj.grad.shape != grad.shape:
            raise WireError("a gradient of the wrong form")
        else:
            obj.grad.data.copy_(grad.detach())


def _tensor(state: Decoder) -> Any:
    import torch

    value = state.value()
    if type(value) is not torch.Tensor:
        raise WireError("a state of the wrong form")
    return value


class _Parameter(_Tensor):
    def make(self, state: Decoder) -> Any:
        import torch

        tensor = _tensor(state)
        return torch.nn.Parameter(tensor.detach(), requires_grad=tensor.requires_grad)


class _Generator(Kind):
    def write(self, out: Encoder, obj: Any, lenient: bool) -> None:
        out.value(obj.get_state().numpy().tobytes())

    def make(self, state: Decoder) -> Any:
        import torch

        return torch.Generator()

    def fill(self, obj: Any, state: Decoder) -> None:
        import torch

        data = state.value()
        if type(data) is not bytes:
            raise WireError("a state of the wrong form")
        try:
            obj.set_state(torch.frombuffer(bytearray(data), dtype=torch.uint8))
        except (RuntimeError, TypeError, ValueError):
            raise WireError("no state of a generator") from None


class _NumpyRandom(Kind):
    """numpy's Generator and RandomState, by the state of their bit generator."""

    def write(self, out: Encoder, obj: Any, lenient: bool) -> None:
        legacy = type(obj).__name__ == "RandomState"
        state = obj.get_state(legacy=False) if legacy else obj.bit_generator.state
        out.value(state["bit_generator"])
        out.value(_plain(state))

    def make(self, state: Decoder) -> Any:
        import numpy

        name = state.value()
        if name not in ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"):
            raise WireError("no such bit generator")
        return self._class(numpy)(getattr(numpy.random, name)(0))

    def _class(self, numpy: Any) -> Any:
        return numpy.random.Generator

    def fill(self, obj: Any, state: Decoder) -> None:
        state.value()
        new = _decoded(state.value(), dict)
        try:
            if type(obj).__name__ == "RandomState":
                obj.set_state(new)
            else:
                obj.bit_generator.state = new
        except (ValueError, TypeError, KeyError, OverflowError):
            raise WireError("no state of a generator") from None


class _NumpyRandomState(_NumpyRandom):
    def _class(self, numpy: Any) -> Any:
        return numpy.random.RandomState


class _Module(Kind):
    """A torch.nn.Module made of torch.nn classes: class path, settings, and its tensors."""

    def write(self, out: Encoder, obj: Any, lenient: bool) -> None:
        cls = type(obj)
        out.value(f"{cls.__module__}.{cls.__qualname__}")
        out.value(obj.training)
        out.value(_plain(_settings(obj, lenient)))
        for children in (obj._parameters, obj._buffers, obj._modules):
            out.value(tuple(children))
            _values(out, children.values())
        out.value(frozenset(obj._non_persistent_buffers_set))

    def make(self, state: Decoder) -> Any:
        import torch

        cls = _library_class(state.value(), "torch.nn.modules.")
        if cls is None or not issubclass(cls, torch.nn.Module):
            raise WireError("no module of torch.nn")
        module = cls.__new__(cls)
        torch.nn.Module.__init__(module)
        return module

    def fill(self, obj: Any, state: Decoder) -> None:
        import torch

        state.value()
        training = state.value()
        settings = _decoded(state.value(), dict)
        children = [self._children(state) for _ in range(3)]
        transient = state.value()
        for part, kind in zip(children, (torch.nn.Parameter, torch.Tensor, torch.nn.Module), strict=True):
            if not all(v is None or isinstance(v, kind) for v in part.values()):
                raise WireError("a module with a part of the wrong kind")
        if type(training) is not bool or type(transient) is not frozenset:
            raise WireError("a state of the wrong form")
        obj.__dict__["training"] = training
        for name, value in settings.items():
            if name in _module_slots() or callable(getattr(type(obj), name, None)):
                raise WireError("a module whose methods are overwritten")
            obj.__dict__[name] = value
        for mine, new in zip((obj._parameters, obj._buffers, obj._modules), children, strict=True):
            mine.clear()
            mine.update(new)
        obj.__dict__["_non_persistent_buffers_set"] = set(transient)
        if hasattr(obj, "_init_flat_weights"):  # recurrent layers keep a second list of weights
            obj._init_flat_weights()

    def _children(self, state: Decoder) -> dict[str, Any]:
        names = _tuple(state)
        values = _tuple(state, len(names))
        if not all(type(name) is str for name in names):
            raise WireError("a state of the wrong form")
        return dict(zip(names, values, strict=True))


def _module_slots() -> frozenset[str]:
    import torch

    return frozenset(torch.nn.Module().__dict__)


def _settings(obj: Any, lenient: bool) -> dict[str, Any]:
    """The plain attributes of a module, such as in_features."""
    slots = _module_slots()
    settings = {}
    for name, value in obj.__dict__.items():
        if name in slots:
            if "hook" in name and value and not lenient:
                raise Unsendable("a module with hooks")
        elif name not in ("_flat_weights", "_flat_weight_refs"):
            try:
                _plain(value)
            except Unsendable:
                if not lenient:
                    raise Unsendable(f"a module whose attribute {name} is no plain value") from None
            else:
                settings[name] = value
    return settings


class _Optimizer(Kind):
    """A torch.optim.Optimizer, which keeps the parameters of its model."""

    def write(self, out: Encoder, obj: Any, lenient: bool) -> None:
        cls = type(obj)
        out.value(f"{cls.__module__}.{cls.__qualname__}")
        out.value(_plain(obj.defaults))
        groups = [{k: v for k, v in group.items() if k != "params"} for group in obj.param_groups]
        out.value(_plain(groups))
        _values(out, (tuple(group["params"]) for group in obj.param_groups))
        _values(out, obj.state)
        _values(out, (tuple(entry) for entry in obj.state.values()))
        _values(out, (tuple(entry.values()) for entry in obj.state.values()))

    def make(self, state: Decoder) -> Any:
        import torch

        cls = _library_class(state.value(), "torch.optim.")
        if cls is None or not issubclass(cls, torch.optim.Optimizer):
            raise WireError("no optimizer of torch.optim")
        return cls.__new__(cls)

    def fill(self, obj: Any, state: Decoder) -> None:
        import torch

        state.value()
        defaults, groups = _decoded(state.value(), dict), _decoded(state.value(), list)
        params = _tuple(state, len(groups))
        keys = _tuple(state)
        names, values = _tuple(state, len(keys)), _tuple(state, len(keys))
        if not all(isinstance(p, torch.Tensor) for p in (*(p for ps in params for p in ps), *keys)):
            raise WireError("an optimizer of what is no tensor")
        if not hasattr(obj, "param_groups"):
            self._construct(obj, params, defaults)
        if len(obj.param_groups) != len(groups):
            raise WireError("an optimizer with other groups")
        for mine, new, tensors in zip(obj.param_groups, groups, params, strict=True):
            mine.update(new, params=list(tensors))
        obj.state.clear()
        for key, names_, values_ in zip(keys, names, values, strict=True):
            obj.state[key] = dict(zip(names_, values_, strict=True))

    def _construct(self, obj: Any, params: tuple[Any, ...], defaults: dict[str, Any]) -> None:
        import inspect

        known = inspect.signature(type(obj)).parameters
        try:
            arguments = {k: v for k, v in defaults.items() if k in known}
            obj.__init__([{"params": list(tensors)} for tensors in params], **arguments)
        except (TypeError, ValueError, RuntimeError):
            raise WireError("an optimizer that cannot be made") from None


def _library_class(path: object, within: str) -> type | None:
    """The class at `path`, which must be defined where it says, in a module of torch already loaded."""
    if type(path) is not str or not path.startswith(within):
        return None
    module, _, name = path.rpartition(".")
    found = getattr(sys.modules.get(module), "__dict__", {}).get(name)
    if isinstance(found, type) and found.__module__ == module and found.__qualname__ == name:
        return found
    return None


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
