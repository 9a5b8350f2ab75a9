"""Values of every kind that crosses as data, made from a seed, and equality by type and value."""

import math
import random
import string
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from autograder.runtime.wire import EXCEPTIONS, NUMPY_DTYPES, TORCH_DTYPES, exception_class

FLOATS = (0.0, -0.0, 1.5, math.inf, -math.inf, math.nan, -math.nan, 5e-324, 1.7976931348623157e308)
TEXTS = ("", "a", "ü", "𝄞", "\ud800", "\udfff\x00", "line\nline", "ab" * 100)
SHAPES = ((), (0,), (1,), (3,), (2, 3), (3, 0, 2), (1, 4), (2, 2, 2))


class Values:
    """A stream of nested values; the same seed gives the same values."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self._met: list[Any] = []
        self._plain: tuple[Callable[[], Any], ...] = (
            *(self.integer, self.real, self.text, self.small, self.scalar, self.key_tuple),
        )
        self._leaves: tuple[Callable[[], Any], ...] = (
            *self._plain,
            *(self.integer, self.real, self.text, self.small),
            *(self.array, self.tensor, self.error, self.named, self.slice),
        )

    def value(self) -> Any:
        self._met = []
        return self.nested(self.random.randrange(7))

    def nested(self, depth: int) -> Any:
        if depth == 0 or self.random.random() < 0.3:
            return self.random.choice(self._leaves)()
        return self.random.choice((self.list, self.tuple, self.dict, self.set, self.again))(depth - 1)

    def list(self, depth: int) -> Any:
        made: list[Any] = []
        self._met.append(made)
        made += (self.nested(depth) for _ in range(self.random.randrange(6)))
        return made

    def tuple(self, depth: int) -> Any:
        return tuple(self.nested(depth) for _ in range(self.random.randrange(4)))

    def dict(self, depth: int) -> Any:
        made: dict[Any, Any] = {}
        self._met.append(made)
        for _ in range(self.random.randrange(4)):
            made[self.key()] = self.nested(depth)
        return made

    def set(self, depth: int) -> Any:
        elements = {self.key() for _ in range(self.random.randrange(4))}
        if self.random.random() < 0.5:
            return frozenset(elements)
        self._met.append(elements)
        return elements

    def again(self, depth: int) -> Any:
        """What came before in this value: an alias, or a cycle."""
        return self.random.choice(self._met) if self._met else self.nested(depth)

    def key(self) -> Any:
        return self.random.choice(self._plain)()

    def key_tuple(self) -> Any:
        return tuple(self.random.choice(self._plain[:5])() for _ in range(self.random.randrange(3)))

    def integer(self) -> int:
        bits = self.random.choice((1, 7, 31, 62, 63, 64, 200, 4095))
        return self.random.choice((-1, 1)) * (self.random.getrandbits(bits) + self.random.randrange(2))

    def real(self) -> float:
        if self.random.random() < 0.5:
            return self.random.choice(FLOATS)
        (value,) = struct.unpack("<d", self.random.randbytes(8))
        return float(value)

    def text(self) -> str:
        return self.random.choice((*TEXTS, self.random.choice(string.printable)))

    def small(self) -> Any:
        return self.random.choice(
            (None, True, False, b"", b"\x00\xff", complex(self.random.choice(FLOATS), -0.0))
        )

    def scalar(self) -> Any:
        dtype = np.dtype(self.random.choice(NUMPY_DTYPES))
        return self._numbers(dtype, 1)[0]

    def _numbers(self, dtype: Any, count: int) -> Any:
        if dtype == np.bool_:
            return np.array([self.random.random() < 0.5 for _ in range(count)], dtype=bool)
        return np.frombuffer(self.random.randbytes(count * dtype.itemsize), dtype).copy()

    def array(self) -> Any:
        shape = self.random.choice(SHAPES)
        whole = self._numbers(np.dtype(self.random.choice(NUMPY_DTYPES)), math.prod(shape)).reshape(shape)
        forms: tuple[Callable[[], Any], ...] = (
            *(lambda: whole, lambda: np.asfortranarray(whole), lambda: whole.T),
            *(lambda: whole[..., ::2] if whole.ndim else whole, lambda: np.broadcast_to(whole, (2, *shape))),
        )
        return self._remembered(self.random.choice(forms)())

    def tensor(self) -> Any:
        shape, name = self.random.choice(SHAPES), self.random.choice(TORCH_DTYPES)
        dtype = getattr(torch, name)
        count = math.prod(shape)
        if dtype is torch.bool:
            whole = torch.tensor([self.random.random() < 0.5 for _ in range(count)]).reshape(shape).bool()
        elif count:
            data = bytearray(self.random.randbytes(count * dtype.itemsize))
            whole = torch.frombuffer(data, dtype=dtype).reshape(shape)
        else:
            whole = torch.empty(shape, dtype=dtype)
        forms: tuple[Callable[[], Any], ...] = (
            *(lambda: whole, lambda: whole.mT if whole.ndim > 1 else whole, lambda: whole.expand(2, *shape)),
            *(lambda: whole[..., ::2] if whole.ndim else whole, lambda: whole.conj()),
        )
        made = self.random.choice(forms)()
        if (made.is_floating_point() or made.is_complex()) and self.random.random() < 0.3:
            made = made.detach().requires_grad_(True)
        return self._remembered(made)

    def _remembered(self, made: Any) -> Any:
        self._met.append(made)
        return made

    def error(self) -> Any:
        return exception_class(self.random.randrange(len(EXCEPTIONS)))(self.text())

    def named(self) -> Any:
        kinds = (
            *(..., torch.device("cpu"), torch.device("cuda:1"), torch.device("cpu", 0)),
            *(np.dtype(self.random.choice(NUMPY_DTYPES)), getattr(torch, self.random.choice(TORCH_DTYPES))),
        )
        return self.random.choice(kinds)

    def slice(self) -> Any:
        return slice(None, self.integer(), self.small())


def same(a: Any, b: Any) -> bool:
    """Whether b is a by exact type, by value to the last bit, and in what is the same object within it."""
    return _Same().check(a, b)


class _Same:
    def __init__(self) -> None:
        self._twins: dict[int, int] = {}
        self._taken: set[int] = set()

    def check(self, a: Any, b: Any) -> bool:
        if type(a) is not type(b):
            return False
        if isinstance(a, (list, dict, set, np.ndarray, torch.Tensor)):
            if id(a) in self._twins:
                return self._twins[id(a)] == id(b)
            if id(b) in self._taken:
                return False
            self._twins[id(a)] = id(b)
            self._taken.add(id(b))
        compare = getattr(self, f"_{type(a).__name__}", None)
        if compare is not None:
            return bool(compare(a, b))
        if isinstance(a, np.generic):
            return a.dtype == b.dtype and a.tobytes() == b.tobytes()
        if isinstance(a, BaseException):
            return a.args == b.args
        return bool(a == b)

    def _float(self, a: float, b: float) -> bool:
        return struct.pack("<d", a) == struct.pack("<d", b)

    def _complex(self, a: complex, b: complex) -> bool:
        return self._float(a.real, b.real) and self._float(a.imag, b.imag)

    def _list(self, a: Any, b: Any) -> bool:
        return len(a) == len(b) and all(map(self.check, a, b))

    _tuple = _list

    def _dict(self, a: Any, b: Any) -> bool:
        return self._list(list(a), list(b)) and self._list(list(a.values()), list(b.values()))

    def _set(self, a: Any, b: Any) -> bool:
        return sorted(map(repr, a)) == sorted(map(repr, b)) and {*map(type, a)} == {*map(type, b)}

    _frozenset = _set

    def _slice(self, a: slice, b: slice) -> bool:
        return all(map(self.check, (a.start, a.stop, a.step), (b.start, b.stop, b.step)))

    def _ndarray(self, a: Any, b: Any) -> bool:
        fortran = a.flags.f_contiguous and not a.flags.c_contiguous
        kept = b.flags.f_contiguous if fortran else b.flags.c_contiguous
        return kept and a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()

    def _Tensor(self, a: Any, b: Any) -> bool:
        about = [(t.dtype, t.shape, t.device, t.requires_grad) for t in (a, b)]
        return about[0] == about[1] and _bits(a) == _bits(b)


def _bits(tensor: Any) -> bytes:
    data = tensor.detach().resolve_conj().contiguous().as_strided((tensor.numel(),), (1,))
    return bytes(data.view(torch.uint8).numpy().tobytes()) if data.numel() else b""
