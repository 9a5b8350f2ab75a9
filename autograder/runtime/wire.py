"""What crosses the wall: a tagged binary codec, its limits, and frames on a socket.

Runs on both sides and therefore as a plain file: it imports the standard library, and numpy
and torch only where a value needs them. Nothing here executes what it decodes: a decoder
builds exact builtins, numpy arrays and torch tensors, and asks its owner about anything else.

A value is a tag byte and its payload, little endian. Limits are checked before memory is
taken, because the sender may be hostile.
"""

from __future__ import annotations

import builtins
import functools
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn

MAX_FRAME = 64 * 2**20
MAX_NODES = 1_000_000
MAX_DEPTH = 64
MAX_KEYS = 100_000
MAX_ARRAYS = 100_000  # a tensor takes ten bytes on the wire and a hundred times that in memory
MAX_SAME_HASH = 100  # keys that share one hash cost quadratic time: 20,000 of them take 2.8 s
MAX_KEY_SECONDS = 0.5  # keys of distinct hashes may collide too: 99,000 chosen ones take 5 s
MAX_INT_BITS = 4_096
MAX_NDIM = 32
MAX_MESSAGE = 2_000  # characters of an exception's message
MAX_LABEL = 200

_I64_MIN, _I64_MAX = -(2**63), 2**63 - 1
_pack_u32 = struct.Struct("<I").pack
_pack_i64 = struct.Struct("<q").pack
_pack_f64 = struct.Struct("<d").pack
_u32 = struct.Struct("<I").unpack_from
_i64 = struct.Struct("<q").unpack_from
_f64 = struct.Struct("<d").unpack_from
_c128 = struct.Struct("<dd").unpack_from

NUMPY_DTYPES = (
    *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
    *("float16", "float32", "float64", "complex64", "complex128"),
)
TORCH_DTYPES = (
    *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
    *("float16", "bfloat16", "float32", "float64", "complex64", "complex128"),
)
_TORCH_SIZES = (1, 1, 2, 4, 8, 1, 2, 4, 8, 2, 2, 4, 8, 8, 16)

# Ordinary exceptions that take one string. Frozen: a class looked up by a name that the sender
# chose would run whatever bears that name.
EXCEPTIONS = (
    *("Exception", "ArithmeticError", "AssertionError", "AttributeError", "BlockingIOError"),
    *("BrokenPipeError", "BufferError", "ChildProcessError", "ConnectionAbortedError"),
    *("ConnectionError", "ConnectionRefusedError", "ConnectionResetError", "EOFError"),
    *("FileExistsError", "FileNotFoundError", "FloatingPointError", "ImportError"),
    *("IndentationError", "IndexError", "InterruptedError", "IsADirectoryError", "KeyError"),
    *("LookupError", "MemoryError", "ModuleNotFoundError", "NameError", "NotADirectoryError"),
    *("NotImplementedError", "OSError", "OverflowError", "PermissionError", "ProcessLookupError"),
    *("RecursionError", "ReferenceError", "RuntimeError", "SyntaxError", "SystemError", "TabError"),
    *("TimeoutError", "TypeError", "UnboundLocalError", "UnicodeError", "ValueError"),
    *("ZeroDivisionError", "Warning", "UserWarning", "DeprecationWarning", "SyntaxWarning"),
    *("RuntimeWarning", "FutureWarning", "PendingDeprecationWarning", "ImportWarning"),
    *("UnicodeWarning", "BytesWarning", "ResourceWarning"),
    *("numpy.linalg:LinAlgError", "sklearn.exceptions:NotFittedError"),
    *("sklearn.exceptions:ConvergenceWarning",),
)
_STAND_INS = {"LinAlgError": ValueError, "NotFittedError": ValueError, "ConvergenceWarning": UserWarning}


class WireError(Exception):
    """A frame or value that breaks the contract. Its sender is not to be talked to again."""


class Unsendable(Exception):
    """This value cannot cross as data."""


class Closed(Exception):
    """The other side is gone."""


def exception_class(index: int) -> type[BaseException]:
    """The class at `index` of the table; a builtin stands in where its library is not loaded."""
    module, _, name = EXCEPTIONS[index].rpartition(":")
    if not module:
        found = getattr(builtins, name)
    else:
        found = getattr(sys.modules.get(module), name, _STAND_INS[name])
    assert isinstance(found, type) and issubclass(found, BaseException)
    return found


def is_out_of_memory(error: BaseException) -> bool:
    """Of this machine or, by torch, of a GPU, whose error is a RuntimeError by its class."""
    return isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError"


def exception_index(error: BaseException) -> int:
    """The table index of the nearest ancestor of `error`; RuntimeError for control exceptions.

    StopIteration is one of them: raised out of a call it would end the caller's loop, and
    `all(map(check, map(f, xs)))` would be true.
    """
    if is_out_of_memory(error):
        return EXCEPTIONS.index("MemoryError")
    control = not isinstance(error, Exception) or isinstance(error, _CONTROL)
    names = () if control else map(_table_name, type(error).__mro__)
    return EXCEPTIONS.index(next((name for name in names if name in EXCEPTIONS), "RuntimeError"))


_CONTROL = (StopIteration, StopAsyncIteration, ExceptionGroup)


def _table_name(cls: type) -> str:
    return cls.__qualname__ if cls.__module__ == "builtins" else f"{cls.__module__}:{cls.__qualname__}"


def exception_message(error: BaseException) -> str:
    """At most 2,000 characters, whatever `__str__` does."""
    try:
        only = error.args[0] if len(error.args) == 1 else None
        text = only if type(only) is str else str(error)
    except BaseException as raised:
        text = f"(its message could not be made: {type(raised).__name__})"
    if exception_class(exception_index(error)).__name__ != type(error).__name__:
        text = f"{type(error).__name__}: {text}"
    return text[:MAX_MESSAGE]


_TOO_MANY_PARTS = "a value of more than 1,000,000 parts"


class Encoder:
    """Turns one value into bytes.

    `leaf(obj)` may claim any mutable object as a mirror: it returns its id, or None to have the
    object encoded by value. `other(encoder, obj)` writes what is no data (a handle, a callback),
    or raises Unsendable.
    """

    def __init__(
        self,
        other: Callable[[Encoder, object], None] | None = None,
        leaf: Callable[[object], int | None] | None = None,
    ) -> None:
        self.out = bytearray()
        self._other = other
        self._leaf = leaf
        self._memo: dict[int, int] = {}
        self._keep: list[object] = []
        self._depth = 0
        self._arrays = 0
        self.nodes = 0

    def value(self, obj: Any) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise Unsendable(_TOO_MANY_PARTS)
        write = _WRITERS.get(type(obj))
        if write is not None:
            write(self, obj)
        else:
            self._uncommon(obj)

    def _count_node(self) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise Unsendable(_TOO_MANY_PARTS)

    def tagged(self, tag: bytes, *parts: bytes) -> None:
        self.out += tag
        for part in parts:
            self.out += part

    def number(self, tag: bytes, value: int) -> None:
        self.out += tag + _pack_i64(value)

    def text(self, tag: bytes, text: str) -> None:
        data = text.encode("utf-8", "surrogatepass")
        self.out += tag + _pack_u32(len(data)) + data

    def _label(self, kind: type) -> None:
        """Says what subclass the exact value that follows stands for."""
        self._count_node()
        self.text(b"L", kind.__name__[:MAX_LABEL])

    def _int(self, obj: int) -> None:
        if _I64_MIN <= obj <= _I64_MAX:
            self.out += b"i" + _pack_i64(obj)
            return
        if obj.bit_length() > MAX_INT_BITS:
            raise Unsendable("an integer of more than 4,096 bits")
        size = obj.bit_length() // 8 + 1
        self.out += b"I" + _pack_u32(size) + obj.to_bytes(size, "little", signed=True)

    def _is_reference(self, obj: object) -> bool:
        """Writes a mirror's id, or a reference to an object met earlier in this value."""
        if self._leaf is not None and (known := self._leaf(obj)) is not None:
            self.number(b"m", known)
            return True
        if (earlier := self._memo.get(id(obj))) is not None:
            self.out += b"r" + _pack_u32(earlier)
            return True
        self._memo[id(obj)] = len(self._memo)
        self._keep.append(obj)  # an id is good only while its object lives
        return False

    def _items(self, tag: bytes, items: Iterable[object], count: int) -> None:
        self.out += tag + _pack_u32(count)
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Unsendable(f"a value nested more than {MAX_DEPTH} deep")
        for item in items:
            self.value(item)
        self._depth -= 1

    def _list(self, obj: list[Any]) -> None:
        if not self._is_reference(obj):
            self._list_node(obj)

    def _list_node(self, obj: list[Any]) -> None:
        items = list(obj)
        self._items(b"l", items, len(items))

    def _tuple(self, obj: tuple[Any, ...]) -> None:
        self._items(b"t", obj, len(obj))

    def _dict(self, obj: dict[Any, Any]) -> None:
        if not all(map(is_key, dict.keys(obj))):
            self._not_data(obj)
        elif not self._is_reference(obj):
            self._dict_node(obj)

    def _dict_node(self, obj: dict[Any, Any]) -> None:
        pairs = list(dict.items(obj))
        self._few_keys(len(pairs))
        self._items(b"d", (x for pair in pairs for x in pair), len(pairs))

    def _set(self, obj: set[Any] | frozenset[Any]) -> None:
        if not all(map(is_key, obj)):
            self._not_data(obj)
        elif type(obj) is frozenset:
            self._few_keys(len(obj))
            self._items(b"z", obj, len(obj))
        elif not self._is_reference(obj):
            self._set_node(obj)

    def _set_node(self, obj: set[Any] | frozenset[Any]) -> None:
        self._few_keys(len(obj))
        self._items(b"S", obj, len(obj))

    def _few_keys(self, count: int) -> None:
        if count > MAX_KEYS:
            raise Unsendable(f"more than {MAX_KEYS:,} keys")

    def _bytes(self, obj: bytes) -> None:
        self.out += b"b" + _pack_u32(len(obj)) + obj

    def _uncommon(self, obj: Any) -> None:
        kind = type(obj)  # not isinstance, which asks the object what it claims to be
        numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
        if numpy is not None and kind.__module__ == "numpy" and issubclass(kind, numpy.generic):
            self._numpy_scalar(obj)
        elif numpy is not None and issubclass(kind, numpy.dtype) and obj.name in NUMPY_DTYPES:
            self.text(b"y", obj.name)
        elif numpy is not None and issubclass(kind, numpy.ndarray):
            self._array(obj, numpy)
        elif torch is not None and issubclass(kind, torch.Tensor):
            self._tensor(obj, torch)
        elif torch is not None and issubclass(kind, (torch.dtype, torch.device)):
            self._torch_name(obj)
        elif issubclass(kind, BaseException):
            self.tagged(b"e", bytes([exception_index(obj)]))
            self.text(b"", exception_message(obj))
        else:
            self._subclass(obj, kind)

    def _subclass(self, obj: Any, kind: type) -> None:
        base = next((base for base in (*_IMMUTABLE, *_NODES) if issubclass(kind, base)), None)
        if base is None or (base in (dict, set) and not all(map(is_key, base.__iter__(obj)))):
            self._not_data(obj)
        elif base in _IMMUTABLE:
            self._label(kind)
            self.value(base(obj))
        elif not self._is_reference(obj):
            self._label(kind)
            self._count_node()
            _NODES[base](self, obj)

    def _not_data(self, obj: object) -> None:
        if self._leaf is not None and (known := self._leaf(obj)) is not None:
            self.number(b"m", known)
            return
        if self._other is None:
            raise Unsendable(f"an object of type {type(obj).__name__}")
        self._other(self, obj)

    def _numpy_scalar(self, obj: Any) -> None:
        if obj.dtype.name in NUMPY_DTYPES:
            self.tagged(b"g", bytes([NUMPY_DTYPES.index(obj.dtype.name)]), obj.tobytes())
        else:  # numpy's text and bytes are subclasses of str and bytes
            self._subclass(obj, type(obj))

    def _array(self, obj: Any, numpy: Any) -> None:
        if obj.dtype.name not in NUMPY_DTYPES or obj.ndim > MAX_NDIM:
            self._not_data(obj)
        elif not self._is_reference(obj):
            if type(obj) is not numpy.ndarray:
                self._label(type(obj))
            self.array_node(numpy.asarray(obj))

    def array_node(self, obj: Any) -> None:
        """The array itself, without asking whether it is a mirror."""
        self._count_array()
        name = obj.dtype.name
        native = obj if obj.dtype.isnative else obj.astype(obj.dtype.newbyteorder("="))
        order = 1 if obj.flags.f_contiguous and not obj.flags.c_contiguous else 0
        data = native.tobytes("F" if order else "C")
        head = bytes([NUMPY_DTYPES.index(name), order, obj.ndim])
        self.tagged(b"a", head, struct.pack(f"<{obj.ndim}Q", *obj.shape), data)

    def _tensor(self, obj: Any, torch: Any) -> None:
        if not is_plain_tensor(obj, torch):
            self._not_data(obj)
        elif not self._is_reference(obj):
            if type(obj) is not torch.Tensor:
                self._label(type(obj))
            self.tensor_node(obj, torch)

    def tensor_node(self, obj: Any, torch: Any) -> None:
        """The tensor's values, dtype, device label and requires_grad."""
        self._count_array()
        dtype, data = obj.dtype, obj.detach()
        device = "cpu" if obj.is_cpu else str(obj.device)[:MAX_LABEL]
        if not obj.is_cpu or not data.is_contiguous() or dtype.is_complex or data.is_neg():
            data = data.resolve_conj().resolve_neg().cpu().contiguous()
        self.out += _tensor_head(device, dtype, obj.requires_grad, data.shape)
        if dtype is torch.bfloat16:
            data = data.view(torch.int16)
        self.out.extend(data.numpy())

    def _count_array(self) -> None:
        self._count_node()
        self._arrays += 1
        if self._arrays > MAX_ARRAYS:
            raise Unsendable(f"a value with more than {MAX_ARRAYS:,} arrays")

    def _torch_name(self, obj: Any) -> None:
        kind, _, rest = str(obj).partition(".")
        if rest in TORCH_DTYPES or kind.partition(":")[0] in _DEVICES:
            self.text(b"Y", str(obj))
        else:
            self._not_data(obj)


@functools.lru_cache(maxsize=1_000)
def _tensor_head(device: str, dtype: Any, requires_grad: bool, shape: tuple[int, ...]) -> bytes:
    """What comes before the values of a tensor."""
    name = device.encode()
    form = bytes((_torch_codes()[dtype], requires_grad, len(shape)))
    return b"x" + _pack_u32(len(name)) + name + form + struct.pack(f"<{len(shape)}Q", *shape)


@functools.cache
def _torch_codes() -> dict[Any, int]:
    torch = sys.modules["torch"]
    return {getattr(torch, name): code for code, name in enumerate(TORCH_DTYPES)}


def is_plain_tensor(obj: Any, torch: Any) -> bool:
    """Whether the tensor is nothing but its values, in memory that can be read."""
    plain = obj.layout is torch.strided and not obj.is_quantized and not obj.is_meta
    return plain and obj.dtype in _torch_codes() and obj.ndim <= MAX_NDIM


def is_key(obj: object) -> bool:
    """Only plain scalars, text, bytes and tuples of them may be keys and set elements."""
    kind = type(obj)
    if kind in (str, int, float, bool, bytes, complex, type(None)):
        return True
    if kind is tuple:
        return all(map(is_key, obj))  # type: ignore[call-overload]
    numpy = sys.modules.get("numpy")
    if numpy is None or kind.__module__ != "numpy" or not issubclass(kind, numpy.generic):
        return False
    return obj.dtype.name in NUMPY_DTYPES  # type: ignore[attr-defined]


_DEVICES = ("cpu", "cuda")
_IMMUTABLE: tuple[type, ...] = (int, float, complex, str, bytes, tuple, frozenset)
_NODES: dict[type, Callable[[Encoder, Any], None]] = {
    list: Encoder._list_node,
    dict: Encoder._dict_node,
    set: Encoder._set_node,
}
_WRITERS: dict[type, Callable[[Encoder, Any], None]] = {
    type(None): lambda e, _: e.tagged(b"N"),
    bool: lambda e, v: e.tagged(b"T" if v else b"F"),
    int: Encoder._int,
    float: lambda e, v: e.tagged(b"f", _pack_f64(v)),
    complex: lambda e, v: e.tagged(b"c", _pack_f64(v.real), _pack_f64(v.imag)),
    str: lambda e, v: e.text(b"s", v),
    bytes: Encoder._bytes,
    list: Encoder._list,
    tuple: Encoder._tuple,
    dict: Encoder._dict,
    set: Encoder._set,
    frozenset: Encoder._set,
    slice: lambda e, v: e._items(b"/", (v.start, v.stop, v.step), 3),
    type(Ellipsis): lambda e, _: e.tagged(b"."),
}


class Budget:
    """What the values of one frame may cost together."""

    __slots__ = ("arrays", "key_seconds", "nodes")

    def __init__(self) -> None:
        self.nodes = 0
        self.arrays = 0
        self.key_seconds = 0.0

    def spend_array(self) -> None:
        self.arrays += 1
        if self.arrays > MAX_ARRAYS:
            raise WireError("more than 100,000 arrays")

    def spend_on_keys(self, seconds: float) -> None:
        self.key_seconds += seconds
        if self.key_seconds > MAX_KEY_SECONDS:
            raise WireError("keys chosen to collide")


class Decoder:
    """Builds one value from bytes that may be hostile.

    `other(tag, decoder)` reads a tag that is no data, or is absent, and then such tags break
    the contract. `mirror(id)` gives the object of a mirror. The decoders of one frame share a budget.
    """

    def __init__(
        self,
        data: bytes | memoryview,
        other: Callable[[int, Decoder], object] | None = None,
        mirror: Callable[[int], object] | None = None,
        budget: Budget | None = None,
    ) -> None:
        if len(data) > MAX_FRAME:
            raise WireError("frame larger than 64 MiB")
        self.data = memoryview(data)
        self.at, self._end = 0, len(data)
        self.labels: list[str] = []
        self._other = other
        self._mirror = mirror
        self._budget = budget or Budget()
        self._memo: list[Any] = []

    def take(self, count: int) -> memoryview:
        end = self.at + count
        if end > self._end:
            raise WireError("value cut short")
        part = self.data[self.at : end]
        self.at = end
        return part

    def u8(self) -> int:
        at = self.at
        if at >= self._end:
            raise WireError("value cut short")
        self.at = at + 1
        return self.data[at]

    def u32(self) -> int:
        at = self.at
        if at + 4 > self._end:
            raise WireError("value cut short")
        self.at = at + 4
        number: int = _u32(self.data, at)[0]
        return number

    def i64(self) -> int:
        at = self.at
        if at + 8 > self._end:
            raise WireError("value cut short")
        self.at = at + 8
        number: int = _i64(self.data, at)[0]
        return number

    def text(self) -> str:
        try:
            return str(self.take(self.u32()), "utf-8", "surrogatepass")
        except UnicodeDecodeError:
            raise WireError("text is not UTF-8") from None

    def whole(self) -> Any:
        """The one value that these bytes hold, to the last byte."""
        value = self.value()
        if self.at != self._end:
            raise WireError("bytes left over after the value")
        return value

    def value(self, depth: int = 0) -> Any:
        budget = self._budget
        budget.nodes += 1
        if budget.nodes > MAX_NODES:
            raise WireError("more than 1,000,000 nodes")
        tag = self.u8()
        read = _READERS.get(tag)
        if read is not None:
            return read(self)
        nested = _NESTED.get(tag)
        if nested is not None:
            if depth >= MAX_DEPTH:
                raise WireError("nested more than 64 deep")
            return nested(self, depth + 1)
        if tag == _LABEL:
            return self._labelled(depth)
        if self._other is None:
            raise WireError(f"unknown tag {tag}")
        return self._other(tag, self)

    def _labelled(self, depth: int) -> Any:
        label = self.text()
        if len(label) > MAX_LABEL or self.at >= self._end or self.data[self.at] == _LABEL:
            raise WireError("bad label")
        self.labels.append(label)
        return self.value(depth)

    def _bigint(self) -> int:
        size = self.u32()
        if size > MAX_INT_BITS // 8 + 1:
            raise WireError("integer of more than 4,096 bits")
        return int.from_bytes(self.take(size), "little", signed=True)

    def _count(self, limit: int = MAX_NODES) -> int:
        count = self.u32()
        # every item takes a byte at least, so a count that cannot be true costs nothing
        if count > limit or count > self._end - self.at:
            raise WireError("more items than can follow")
        return count

    def _list(self, depth: int) -> list[Any]:
        items: list[Any] = []
        self._memo.append(items)
        for _ in range(self._count()):
            items.append(self.value(depth))
        return items

    def _tuple(self, depth: int) -> tuple[Any, ...]:
        return tuple([self.value(depth) for _ in range(self._count())])

    def _slice(self, depth: int) -> slice:
        if self._count() != 3:
            raise WireError("a slice has three parts")
        return slice(self.value(depth), self.value(depth), self.value(depth))

    def check_keys(self, keys: Sequence[Any]) -> None:
        """Raises WireError unless all are plain and a dict of them takes linear time."""
        if len(keys) > MAX_KEYS:
            raise WireError("more than 100,000 keys")
        if not all(map(is_key, keys)):
            raise WireError("a key that is no plain value")
        hashes = sorted(map(hash, keys))  # not counted in a dict, which they may be chosen to burden
        if any(map(int.__eq__, hashes, hashes[MAX_SAME_HASH:])):
            raise WireError("too many keys with one hash")

    def insert(self, update: Callable[[Any], None], items: Sequence[Any]) -> None:
        """Has `update` of a dict or set take over the items, whose keys are checked, in bounded time."""
        for start in range(0, len(items), 1_000):
            began = time.thread_time()
            try:
                update(items[start : start + 1_000])
            except ValueError:  # numpy compares a number with a tuple element by element
                raise WireError("keys of one hash that cannot be compared") from None
            self._budget.spend_on_keys(time.thread_time() - began)

    def _dict(self, depth: int) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        self._memo.append(result)
        pairs = [(self.value(depth), self.value(depth)) for _ in range(self._count(MAX_KEYS))]
        self.check_keys([key for key, _ in pairs])
        self.insert(result.update, pairs)
        return result

    def _set(self, depth: int) -> set[Any]:
        result: set[Any] = set()
        self._memo.append(result)
        self._add_elements(result, depth)
        return result

    def _frozenset(self, depth: int) -> frozenset[Any]:
        result: set[Any] = set()
        self._add_elements(result, depth)
        return frozenset(result)

    def _add_elements(self, result: set[Any], depth: int) -> None:
        elements = [self.value(depth) for _ in range(self._count(MAX_KEYS))]
        self.check_keys(elements)
        self.insert(result.update, elements)

    def _backward(self) -> Any:
        index = self.u32()
        if index >= len(self._memo):
            raise WireError("reference to what has not come yet")
        return self._memo[index]

    def _mirrored(self) -> Any:
        if self._mirror is None:
            raise WireError("no mirrors here")
        return self._mirror(self.i64())

    def _exception(self) -> BaseException:
        index = self.u8()
        if index >= len(EXCEPTIONS):
            raise WireError("no such exception")
        message = self.text()
        if len(message) > MAX_MESSAGE:
            raise WireError("exception message too long")
        return exception_class(index)(message)

    def _shape(self, ndim: int, itemsize: int) -> tuple[tuple[int, ...], int]:
        self._budget.spend_array()
        if ndim > MAX_NDIM:
            raise WireError("more than 32 dimensions")
        shape = struct.unpack(f"<{ndim}Q", self.take(8 * ndim))
        size = volume = itemsize
        for extent in shape:
            size *= extent
            volume *= extent or 1  # a zero must not hide the other extents
        if size > self._end - self.at or volume > MAX_FRAME:
            raise WireError("array larger than its payload")
        return shape, size

    def _numpy_scalar(self) -> Any:
        import numpy

        dtype = numpy.dtype(NUMPY_DTYPES[self._code(NUMPY_DTYPES)])
        return self._numbers(self.take(dtype.itemsize), dtype, numpy)[0]

    @staticmethod
    def _numbers(data: memoryview, dtype: Any, numpy: Any) -> Any:
        if dtype.kind == "b":  # any byte but 0 and 1 is an undefined bool
            return numpy.frombuffer(data, numpy.uint8) != 0
        return numpy.frombuffer(data, dtype).copy()

    def _array(self) -> Any:
        import numpy

        dtype = numpy.dtype(NUMPY_DTYPES[self._code(NUMPY_DTYPES)])
        order, ndim = self.u8(), self.u8()
        if order > 1:
            raise WireError("bad memory order")
        shape, size = self._shape(ndim, dtype.itemsize)
        array = self._numbers(self.take(size), dtype, numpy)
        array = array.reshape(shape, order="F" if order else "C")
        self._memo.append(array)
        return array

    def _tensor(self) -> Any:
        import torch

        wanted, code = self.text(), self._code(TORCH_DTYPES)
        requires_grad, ndim = self.u8(), self.u8()
        shape, size = self._shape(ndim, _TORCH_SIZES[code])
        tensor = tensor_of(bytearray(self.take(size)), TORCH_DTYPES[code], shape)
        if wanted.startswith("cuda") and torch.cuda.is_available():
            tensor = tensor.to("cuda")
        if requires_grad:
            if not (tensor.is_floating_point() or tensor.is_complex()):
                raise WireError("requires_grad on integers")
            tensor.requires_grad_(True)
        self._memo.append(tensor)
        return tensor

    def _code(self, names: tuple[str, ...]) -> int:
        index = self.u8()
        if index >= len(names):
            raise WireError("no such dtype")
        return index

    def _numpy_dtype(self) -> Any:
        import numpy

        name = self.text()
        if name not in NUMPY_DTYPES:
            raise WireError("no such dtype")
        return numpy.dtype(name)

    def _torch_name(self) -> Any:
        import torch

        name = self.text()
        if name.removeprefix("torch.") in TORCH_DTYPES:
            return getattr(torch, name.removeprefix("torch."))
        kind, colon, index = name.partition(":")
        if kind in _DEVICES and not colon:
            return torch.device(kind)
        if kind not in _DEVICES or index not in _DEVICE_NUMBERS:
            raise WireError("no such device")
        return torch.device(kind, int(index))


def tensor_of(data: bytearray, name: str, shape: tuple[int, ...]) -> Any:
    """A tensor of dtype `name` that owns `data`."""
    import torch

    dtype = getattr(torch, name)
    if not data:
        return torch.empty(shape, dtype=dtype)
    if dtype is torch.bool:
        return (torch.frombuffer(data, dtype=torch.uint8) != 0).reshape(shape)
    flat = torch.frombuffer(data, dtype=dtype)
    return flat if len(shape) == 1 else flat.reshape(shape)


_DEVICE_NUMBERS = frozenset(map(str, range(64)))
_LABEL = ord("L")
_READERS: dict[int, Callable[[Decoder], Any]] = {
    ord("N"): lambda d: None,
    ord("T"): lambda d: True,
    ord("F"): lambda d: False,
    ord("."): lambda d: Ellipsis,
    ord("i"): Decoder.i64,
    ord("I"): Decoder._bigint,
    ord("f"): lambda d: _f64(d.take(8))[0],
    ord("c"): lambda d: complex(*_c128(d.take(16))),
    ord("s"): Decoder.text,
    ord("b"): lambda d: bytes(d.take(d.u32())),
    ord("r"): Decoder._backward,
    ord("m"): Decoder._mirrored,
    ord("e"): Decoder._exception,
    ord("g"): Decoder._numpy_scalar,
    ord("a"): Decoder._array,
    ord("x"): Decoder._tensor,
    ord("y"): Decoder._numpy_dtype,
    ord("Y"): Decoder._torch_name,
}
_NESTED: dict[int, Callable[[Decoder, int], Any]] = {
    ord("l"): Decoder._list,
    ord("t"): Decoder._tuple,
    ord("d"): Decoder._dict,
    ord("S"): Decoder._set,
    ord("z"): Decoder._frozenset,
    ord("/"): Decoder._slice,
}


def encode(value: object) -> bytes:
    """Plain data as bytes; raises Unsendable for anything else."""
    encoder = Encoder()
    encoder.value(value)
    return bytes(encoder.out)


def decode(data: bytes) -> Any:
    """The plain data that `encode` wrote; raises WireError for anything else."""
    try:
        return Decoder(data).whole()
    except ImportError:
        raise WireError("an array or tensor, where their library is not installed") from None


class Channel:
    """Frames on a stream socket: four bytes of length, then that many bytes.

    With `seconds`, a side that takes longer to read or write one whole frame counts as gone: a hostile
    one may begin a frame and never end it.
    """

    def __init__(self, sock: socket.socket, seconds: float | None = None) -> None:
        self.sock = sock
        self._seconds = seconds

    def send(self, *parts: bytes | bytearray) -> None:
        size = sum(map(len, parts))
        if size > MAX_FRAME:
            raise Unsendable("more than 64 MiB in one call")
        try:
            if self._seconds is not None:
                self.sock.settimeout(self._seconds)
            self.sock.sendall(b"".join((_pack_u32(size), *parts)))
        except OSError as error:
            self._gone(error)

    def receive(self) -> memoryview:
        """The next frame. The sides take turns, so more than one frame is a breach of contract."""
        end = None if self._seconds is None else time.monotonic() + self._seconds
        data = self._some(1 << 18, end)
        while len(data) < 4:
            data += self._some(1 << 18, end)
        (size,) = _u32(data)
        if size > MAX_FRAME:
            raise WireError("frame larger than 64 MiB")
        if len(data) < size + 4:
            whole = bytearray(data)  # grows with what really comes, not with what was announced
            while len(whole) < size + 4:
                whole += self._some(1 << 20, end)
            data = bytes(whole)
        if len(data) > size + 4:
            raise WireError("more than one frame at once")
        return memoryview(data)[4:]

    def _some(self, most: int, end: float | None) -> bytes:
        try:
            if end is not None:
                if (left := end - time.monotonic()) <= 0:
                    raise TimeoutError("the frame takes too long")
                self.sock.settimeout(left)
            data = self.sock.recv(most)
        except OSError as error:
            self._gone(error)
        if not data:
            raise Closed("the other side closed the connection")
        return data

    def _gone(self, error: OSError) -> NoReturn:
        raise Closed(f"the other side is gone: {error}") from None

    def close(self) -> None:
        self.sock.close()
