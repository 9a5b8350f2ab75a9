"""How torch's mutable objects are written, made empty, and filled by a mirror.

Modules and optimizers travel as the path of a class of torch, plain settings and tensors, never
as a pickle. Runs on both sides, as a plain file.
"""

from __future__ import annotations

import functools
import inspect
import struct
import sys
from typing import Any

from .mirrored import Kind, put_all, taken, taken_plain, taken_tuple
from .wire import Decoder, Encoder, Unsendable, WireError, encode


class _Tensor(Kind):
    def write(self, out: Encoder, obj: Any, lenient: bool) -> None:
        torch = sys.modules["torch"]
        out.tensor_node(obj, torch)
        grad = obj.grad if obj.is_leaf else None
        if grad is None or grad.layout is not torch.strided:
            out.value(None)
        else:
            out.tensor_node(grad, torch)

    def make(self, state: Decoder) -> Any:
        return _taken_tensor(state)

    def fill(self, obj: Any, state: Decoder) -> None:
        new, grad = _taken_tensor(state), state.value()
        if grad is not None and (
            type(grad) is not type(new) or grad.shape != new.shape or grad.dtype is not new.dtype
        ):
            raise WireError("a gradient of the wrong form")
        try:
            self._take_over(obj, new.detach(), new.requires_grad)
            if obj.is_leaf:
                self._take_over_grad(obj, grad)
        except RuntimeError:
            raise WireError("a tensor of the test that cannot take its new values") from None

    def _take_over(self, obj: Any, new: Any, requires_grad: bool) -> None:
        if obj.is_leaf and not requires_grad:  # before the values: they may be integers now
            obj.requires_grad_(False)
        if obj.shape != new.shape or obj.dtype is not new.dtype:
            obj.data = new.to(obj.device)
        else:
            obj.data.copy_(new)
        if obj.is_leaf and requires_grad:
            obj.requires_grad_(True)

    def _take_over_grad(self, obj: Any, grad: Any) -> None:
        old = obj.grad
        if grad is None:
            obj.grad = None
        elif old is None or old.shape != grad.shape or old.dtype is not grad.dtype:
            obj.grad = grad.detach().to(obj.device)
        else:
            old.data.copy_(grad.detach())


def _taken_tensor(state: Decoder) -> Any:
    import torch

    return taken(state, torch.Tensor)


class _Parameter(_Tensor):
    def make(self, state: Decoder) -> Any:
        import torch

        tensor = _taken_tensor(state)
        return torch.nn.Parameter(tensor.detach(), requires_grad=tensor.requires_grad)


_WORDS = 624  # of the Mersenne twister
_HEAD = struct.Struct("<QiiQ")  # seed, words left, whether it is seeded, the next word


def is_generator_state(state: bytes) -> bool:
    """Whether torch may be given this for a generator on the CPU.

    torch checks how many words are left and which one is next each by itself: together they could
    point beyond the words, at memory that is not the generator's.
    """
    if len(state) < _HEAD.size:
        return False
    _, left, _, next_word = _HEAD.unpack_from(state)
    return bool(0 < left <= _WORDS and next_word + left <= _WORDS + 1)


class _Generator(Kind):
    def write(self, out: Encoder, obj: Any, lenient: bool) -> None:
        out.value(obj.get_state().numpy().tobytes())

    def make(self, state: Decoder) -> Any:
        import torch

        return torch.Generator()

    def fill(self, obj: Any, state: Decoder) -> None:
        import torch

        data = taken(state, bytes)
        if not is_generator_state(data):
            raise WireError("no state of a generator")
        try:
            obj.set_state(torch.frombuffer(bytearray(data), dtype=torch.uint8))
        except (RuntimeError, TypeError, ValueError):
            raise WireError("no state of a generator") from None


class _Module(Kind):
    """A torch.nn.Module made of torch.nn classes: class path, settings, and its tensors."""

    def write(self, out: Encoder, obj: Any, lenient: bool) -> None:
        out.value(_path(type(obj)))
        out.value(obj.training)
        out.value(encode(_settings(obj, lenient)))
        for children in (obj._parameters, obj._buffers, obj._modules):
            put_all(out, children)
            put_all(out, children.values())
        out.value(frozenset(obj._non_persistent_buffers_set))

    def parts(self, obj: Any) -> tuple[list[object], list[object]] | None:
        slots = _module_slots()
        fixed, others = [type(obj), obj.training], list[object]()
        for name, value in obj.__dict__.items():
            if name not in slots:
                fixed += (name, value)
            elif value and (name == "_non_persistent_buffers_set" or "hook" in name):
                return None
        if not all(map(_IMMUTABLE.__contains__, map(type, fixed[3::2]))):
            return None
        for children in (obj._parameters, obj._buffers, obj._modules):
            fixed += (len(children), *children)
            others += children.values()
        return fixed, others

    def make(self, state: Decoder) -> Any:
        import torch

        cls = library_class(taken(state, str), "torch.nn.modules.")
        if cls is None or not issubclass(cls, torch.nn.Module):
            raise WireError("no module of torch.nn")
        module = cls.__new__(cls)
        torch.nn.Module.__init__(module)
        return module

    def fill(self, obj: Any, state: Decoder) -> None:
        import torch

        if taken(state, str) != _path(type(obj)):
            raise WireError("a module that changed its class")
        training, settings = taken(state, bool), taken_plain(state, dict)
        kinds = (torch.nn.Parameter, torch.Tensor, torch.nn.Module)
        children = [self._children(state, kind) for kind in kinds]
        transient = taken(state, frozenset)
        if not all(self._is_setting(obj, name) for name in settings):
            raise WireError("a module whose methods are overwritten")
        obj.__dict__.update(settings, training=training, _non_persistent_buffers_set=set(transient))
        for mine, new in zip((obj._parameters, obj._buffers, obj._modules), children, strict=True):
            mine.clear()
            mine.update(new)
        if hasattr(type(obj), "_init_flat_weights"):  # recurrent layers keep a second list of weights
            self._restore_flat_weights(obj)

    def _children(self, state: Decoder, kind: type) -> dict[str, Any]:
        names = taken_tuple(state, of=str)
        values = taken_tuple(state, len(names))
        # not isinstance: a student's object may claim to be a module
        if not all(value is None or issubclass(type(value), kind) for value in values):
            raise WireError("a module with a part of the wrong kind")
        return dict(zip(names, values, strict=True))

    def _is_setting(self, obj: Any, name: object) -> bool:
        if type(name) is not str or name in _module_slots() or name in _DERIVED:
            return False
        return not callable(getattr(type(obj), name, None))

    def _restore_flat_weights(self, obj: Any) -> None:
        try:
            obj._init_flat_weights()
        except Exception:  # whatever torch makes of settings that fit no layer
            raise WireError("a recurrent layer of the wrong form") from None


_IMMUTABLE = frozenset({bool, int, float, str, type(None)})
_DERIVED = ("_flat_weights", "_flat_weight_refs")


@functools.cache
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
        elif name not in _DERIVED:
            try:
                encode(value)
            except Unsendable:
                if not lenient:
                    raise Unsendable(f"a module whose attribute {name} is no plain value") from None
            else:
                settings[name] = value
    return settings


class _Optimizer(Kind):
    """A torch.optim.Optimizer, which keeps the parameters of its model."""

    def write(self, out: Encoder, obj: Any, lenient: bool) -> None:
        out.value(_path(type(obj)))
        out.value(encode(obj.defaults))
        groups = [{k: v for k, v in group.items() if k != "params"} for group in obj.param_groups]
        out.value(encode(groups))
        put_all(out, (tuple(group["params"]) for group in obj.param_groups))
        put_all(out, obj.state)
        put_all(out, (tuple(entry) for entry in obj.state.values()))
        put_all(out, (tuple(entry.values()) for entry in obj.state.values()))

    def make(self, state: Decoder) -> Any:
        import torch

        cls = library_class(taken(state, str), "torch.optim.")
        if cls is None or not issubclass(cls, torch.optim.Optimizer):
            raise WireError("no optimizer of torch.optim")
        return cls.__new__(cls)

    def fill(self, obj: Any, state: Decoder) -> None:
        if taken(state, str) != _path(type(obj)):
            raise WireError("an optimizer that changed its class")
        defaults, groups = taken_plain(state, dict), taken_plain(state, list)
        params = taken_tuple(state, len(groups), of=tuple)
        keys = taken_tuple(state)
        names, values = (taken_tuple(state, len(keys), of=tuple) for _ in range(2))
        self._check(groups, params, keys, names, values)
        if not hasattr(obj, "param_groups"):
            self._construct(obj, params, defaults)
        del obj.param_groups[len(groups) :]
        obj.param_groups.extend({} for _ in groups[len(obj.param_groups) :])
        for mine, new, tensors in zip(obj.param_groups, groups, params, strict=True):
            mine.update(new, params=list(tensors))
        obj.state.clear()
        for key, names_, values_ in zip(keys, names, values, strict=True):
            obj.state[key] = dict(zip(names_, values_, strict=True))

    def _check(self, groups: list[Any], params: Any, keys: Any, names: Any, values: Any) -> None:
        import torch

        if not all(issubclass(type(p), torch.Tensor) for ps in (keys, *params) for p in ps):
            raise WireError("an optimizer of what is no tensor")
        if not all(type(group) is dict and all(type(k) is str for k in group) for group in groups):
            raise WireError("an optimizer with groups of the wrong form")
        for names_, values_ in zip(names, values, strict=True):
            if len(names_) != len(values_) or not all(type(name) is str for name in names_):
                raise WireError("an optimizer with memories of the wrong form")

    def _construct(self, obj: Any, params: tuple[Any, ...], defaults: dict[str, Any]) -> None:
        known = inspect.signature(type(obj)).parameters
        arguments = {k: v for k, v in defaults.items() if k in known}
        try:
            obj.__init__([{"params": list(tensors)} for tensors in params], **arguments)
        except Exception:  # torch has no one class for settings that it refuses
            raise WireError("an optimizer that cannot be made") from None


def _path(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"


def library_class(path: str, within: str) -> type | None:
    """The class at `path`, which must be defined where it says, in a module of torch already loaded."""
    if not path.startswith(within):
        return None
    module, _, name = path.rpartition(".")
    found = getattr(sys.modules.get(module), "__dict__", {}).get(name)
    if isinstance(found, type) and found.__module__ == module and found.__qualname__ == name:
        return found
    return None


def is_library_class(cls: type, within: str) -> bool:
    return library_class(_path(cls), within) is cls


TORCH_KINDS: dict[int, Kind] = {
    ord("x"): _Tensor(),
    ord("p"): _Parameter(),
    ord("G"): _Generator(),
    ord("M"): _Module(),
    ord("O"): _Optimizer(),
}
