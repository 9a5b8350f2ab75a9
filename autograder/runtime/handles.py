"""Handles: what stands in the examiner for an object that stays with the student.

A handle forwards public names, calls, len, index and iteration. It never takes part in a
comparison, in arithmetic, or in numpy's and torch's protocols: an object that answered
`__sub__` or `__array_interface__` would let a student decide what is compared, or point numpy at
the examiner's memory.
"""

from __future__ import annotations

import ast
import functools
import inspect
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any, NoReturn, Protocol

MAX_ITEMS = 1_000_000
MAX_NAME = 60

# The library classes that a handle may claim to be an instance of: none that holds data, for
# which C code would look inside the object.
_CLAIMABLE = ("torch.nn.", "torch.optim.", "torch.utils.data.", "sklearn.", "scipy.", "matplotlib.")
_CLAIMABLE_BUILTINS: dict[str, type] = {
    "builtins.function": types.FunctionType,
    "builtins.method": types.MethodType,
    "builtins.builtin_function_or_method": types.BuiltinFunctionType,
    "builtins.generator": types.GeneratorType,
    "builtins.module": types.ModuleType,
    "builtins.type": type,
}


class DataExpected(AssertionError):
    """A test computed with a student's object that is no data."""


class Asker(Protocol):
    """What a handle needs of the conversation with the student."""

    def request(self, op: str, *args: object) -> Any: ...

    def released(self, number: int, times: int) -> None: ...

    def source_text(self, cell: int, line: int) -> str | None: ...


class Handle:
    """A student's object. `_received` counts how often it came, so that it can be given back."""

    __slots__ = ("__weakref__", "_about", "_asker", "_number", "_received")
    __array_ufunc__ = None  # numpy leaves arithmetic to us, and we refuse it

    def __init__(self, asker: Asker, number: int) -> None:
        object.__setattr__(self, "_asker", asker)
        object.__setattr__(self, "_number", number)
        object.__setattr__(self, "_received", 0)
        object.__setattr__(self, "_about", None)

    def __del__(self) -> None:
        self._asker.released(self._number, self._received)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"{name} of a student's object is not visible to a test")
        return self._asker.request("getattr", self, name)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a test cannot set attributes of a student's object")

    def __getitem__(self, key: object) -> Any:
        return self._asker.request("index", self, key)

    def __len__(self) -> int:
        length = self._asker.request("len", self)
        if type(length) is not int or not 0 <= length <= sys.maxsize:
            raise TypeError("the length of a student's object is no length")
        return length

    def __iter__(self) -> Iterator[Any]:
        iterator = self._asker.request("iter", self)
        for _ in range(MAX_ITEMS):
            try:
                item = self._asker.request("next", iterator)
            except StopIteration:
                return
            yield item
        raise ValueError(f"a student's object gave more than {MAX_ITEMS:,} items")

    def __next__(self) -> Any:
        return self._asker.request("next", self)

    def __contains__(self, item: object) -> bool:
        return any(mine is item or mine == item for mine in self)

    def __enter__(self) -> NoReturn:
        raise TypeError("a student's object cannot be a context manager of a test")

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("a student's object cannot be copied or pickled by a test")

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        """The nearest library class that the student's side claims; see `describe`."""
        return _claimed_class(describe(self)["classes"]) or Handle

    @property
    def __name__(self) -> str:
        return str(_claimed(self, "__name__"))

    @property
    def __doc__(self) -> str | None:  # type: ignore[override]
        return describe(self).get("__doc__")

    @property
    def __signature__(self) -> inspect.Signature:
        # ValueError as inspect raises it; after an AttributeError inspect would compare the handle
        return _signature_of(describe(self).get("signature"))

    def __repr__(self) -> str:
        return f"<student's object {self._number}>"

    __hash__ = object.__hash__


class CallableHandle(Handle):
    __slots__ = ()
    __doc__ = Handle.__dict__["__doc__"]  # a class's own docstring would hide the property

    def __call__(self, *args: object, **kwargs: object) -> Any:
        return self._asker.request("call", self, args, tuple(kwargs.items()))


def _refusing(name: str) -> Callable[..., NoReturn]:
    def refuse(self: Handle, *_: object) -> NoReturn:
        kind = describe(self)["type"]
        raise DataExpected(f"returned an object of type {kind} where data was expected")

    refuse.__name__ = name
    return refuse


for _name in (
    *("eq", "ne", "lt", "le", "gt", "ge", "bool", "int", "float", "complex", "index", "abs", "neg", "pos"),
    *("invert", "round", "trunc", "floor", "ceil", "bytes", "format"),
    *(
        side + operation
        for operation in (
            *("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "divmod", "pow"),
            *("lshift", "rshift", "and", "or", "xor"),
        )
        for side in ("", "r", "i")
        if (side, operation) != ("i", "divmod")
    ),
):
    setattr(Handle, f"__{_name}__", _refusing(f"__{_name}__"))


def describe(handle: Handle) -> dict[str, Any]:
    """What the student's side says about the object; asked once, checked for form."""
    about: dict[str, Any] | None = handle._about
    if about is None:
        about = handle._asker.request("describe", handle)
        if type(about) is not dict:
            about = {}
        name = about.get("type")
        # students read it in messages: a name that is none could carry what a test sent, or colours
        plain_name = type(name) is str and name.isidentifier() and len(name) <= MAX_NAME
        about["type"] = name if plain_name else "object"
        classes = about.get("classes")
        plain = type(classes) is tuple and all(type(c) is str for c in classes)
        about["classes"] = classes if plain else ()
        object.__setattr__(handle, "_about", about)
    assert about is not None
    return about


def source_of(handle: Handle) -> str:
    """The text of a student's function, from the notebook; raises OSError as inspect does."""
    place = describe(handle).get("source")
    if type(place) is tuple and len(place) == 2 and all(type(n) is int for n in place):
        text: str | None = handle._asker.source_text(*place)
        if text is not None:
            return text
    raise OSError("could not get source code")


@functools.cache
def stand_in(name: str) -> type:
    """A class that bears the name of a student's class and is nothing else."""
    return type(name if name.isidentifier() else "object", (), {})


def type_of(obj: object) -> type:
    """`type(obj)` as a test means it."""
    if issubclass(type(obj), Handle):
        assert isinstance(obj, Handle)
        return _claimed_class(describe(obj)["classes"][:1]) or stand_in(describe(obj)["type"])
    return type(obj)


class TypeCalls(ast.NodeTransformer):
    """`type(x)` of a handle is the class that it claims, which the builtin cannot say."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "type" and len(node.args) == 1:
            node.func = ast.copy_location(ast.Name("__type_of__", ast.Load()), node.func)
        return node


def _claimed(handle: Handle, key: str) -> Any:
    value = describe(handle).get(key)
    if value is None:
        raise AttributeError(f"the student's object has no {key}")
    return value


def _claimed_class(paths: tuple[str, ...]) -> type | None:
    for path in paths:
        if path in _CLAIMABLE_BUILTINS:
            return _CLAIMABLE_BUILTINS[path]
        if path.startswith(_CLAIMABLE):
            module, _, name = path.rpartition(".")
            found = vars(sys.modules.get(module, types)).get(name)
            if isinstance(found, type) and found.__module__ == module and not _is_tensor(found):
                return found
    return None


def _is_tensor(cls: type) -> bool:
    # torch's C code asks isinstance before it reads the object's memory as a tensor's
    torch = sys.modules.get("torch")
    return torch is not None and issubclass(cls, torch.Tensor)


def _signature_of(parameters: object) -> inspect.Signature:
    if type(parameters) is not tuple:
        raise ValueError("no signature found")
    made = []
    for entry in parameters:
        try:
            name, kind, default = entry
            made.append(
                inspect.Parameter(
                    name,
                    inspect._ParameterKind(kind),
                    default=default[0] if default else inspect.Parameter.empty,
                )
            )
        except (TypeError, ValueError, IndexError, KeyError):
            raise ValueError("no signature found") from None
    return inspect.Signature(made)
