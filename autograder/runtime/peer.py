"""The examiner's end of the wire: asks, decodes what comes as hostile, serves call backs."""

from __future__ import annotations

import itertools
import struct
import sys
import types
import warnings
import weakref
from collections.abc import Callable
from typing import Any, NoReturn

from .ambient import Ambient
from .handles import CallableHandle, Handle
from .mirrors import Mirrors
from .student import CALLBACK, ERROR, HEAD, MAX_STACK, MISSING, RAISED, REPLY, REQUEST, RESULT, STOP
from .watching import Watch
from .wire import (
    EXCEPTIONS,
    MAX_FRAME,
    MAX_MESSAGE,
    Channel,
    Closed,
    Decoder,
    Encoder,
    Unsendable,
    WireError,
    encode,
    exception_class,
)

MAX_HANDLES = 100_000

# A function of these is sent by name: a call back would break autograd and cost a crossing.
_LIBRARIES = ("builtins", "math", "cmath", "operator", "numpy", "scipy", "torch", "sklearn")


class StudentGone(BaseException):
    """The student process died or broke the contract. No test may catch this as an Exception."""


class Peer:
    """The student, as the examiner sees them: handles, mirrors, call backs and a stack of calls."""

    def __init__(self, channel: Channel, ambient: Ambient, sources: dict[int, str]) -> None:
        self._channel = channel
        self._ambient = ambient
        self._sources = sources
        self._mirrors = Mirrors(0, self._write_other, self._read_other, lenient=False)
        self._handles: weakref.WeakValueDictionary[int, Handle] = weakref.WeakValueDictionary()
        self._released: dict[int, int] = {}
        self._callbacks: dict[int, Callable[..., Any]] = {}
        self._callback_ids: dict[int, int] = {}
        self._numbers = itertools.count(1)
        self._calls = itertools.count(1)
        self._stack: list[int] = []
        self._failed_callback: BaseException | None = None
        self._known: dict[str, Any] = {}  # names whose value holds until the student rebinds them
        self._fresh: dict[str, Any] = {}  # names whose value holds until the next call
        self.labels: list[str] = []
        self.tracebacks: list[str] = []
        self.gone = False
        self.watch: Watch | None = None

    # what a test does -------------------------------------------------------------------------

    def value_of(self, name: str) -> Any:
        """The student's value of `name` now; raises NameError if there is none."""
        if name in self._known:
            return self._known[name]
        if name in self._fresh:
            return self._fresh[name]
        value = self.request("name", name)
        if isinstance_exactly(value, (Handle, CallableHandle, int, float, str, bool, type(None))):
            self._known[name] = value
        else:
            self._fresh[name] = value
        return value

    def store(self, name: str, value: object) -> None:
        """Puts a handle back, or a spy in place, under a student's name."""
        self._known.pop(name, None)
        self.request("store", name, value)

    def delete(self, name: str) -> None:
        """`del name` on the student's side; raises NameError if it was not bound."""
        self._known.pop(name, None)
        self.request("delete", name)

    def end_cell(self) -> None:
        """Call backs are valid during the cell that sent them."""
        self._callbacks.clear()
        self._callback_ids.clear()
        self._known.clear()
        self._fresh.clear()
        self._stack.clear()
        self._failed_callback = None
        self.labels.clear()
        self.tracebacks.clear()

    def request(self, op: str, *args: object) -> Any:
        """Has the student's side do `op`; its exceptions are raised here."""
        if self.watch is None or op != "call" or self._stack:
            return self._request(op, *args)
        function, given, named = args
        call = self.watch.call(self._name_of(function), given, named)  # type: ignore[arg-type]
        try:
            result = self._request(op, *args)
        except Exception as error:
            self.watch.came_back(call, error)
            raise
        self.watch.came_back(call, result)
        return result

    def _name_of(self, handle: object) -> str:
        return next((name for name, value in self._known.items() if value is handle), repr(handle))

    def _request(self, op: str, *args: object) -> Any:
        if self.gone:
            raise StudentGone("the student process is gone")
        if len(self._stack) >= MAX_STACK:
            raise RecursionError("calls between a test and the tested function are nested too deep")
        call = next(self._calls)
        if op not in ("name", "describe"):
            self._fresh.clear()
        self._send(REQUEST, call, (op, *args))
        outer, self._failed_callback = self._failed_callback, None
        self._stack.append(call)
        try:
            kind, value = self._await(call)
        finally:
            self._stack.pop()
            failed, self._failed_callback = self._failed_callback, outer
        if failed is not None:  # an assert in a spy cannot be swallowed by the student
            raise failed
        return self._result(op, kind, value, args)

    def _result(self, op: str, kind: int, value: Any, args: tuple[object, ...]) -> Any:
        if kind == RESULT:
            return value
        if kind == STOP and op == "next":  # from a call it would end the loop that called
            raise StopIteration
        if kind == MISSING and op in ("name", "delete"):
            raise NameError(f"name '{args[0]}' is not defined")
        if kind != ERROR:
            self._break("an answer of the wrong kind")
        raise self._student_error(value)

    def _student_error(self, value: Any) -> BaseException:
        match value:
            case (int(index), str(message), str(trace)) if (
                0 <= index < len(EXCEPTIONS) and len(message) <= MAX_MESSAGE and len(trace) <= 20_000
            ):
                self.tracebacks.append(trace)
                error = exception_class(index)(message)
                error.from_student = True  # type: ignore[attr-defined]
                return error
            case _:
                self._break("an error of the wrong form")

    # frames ---------------------------------------------------------------------------------

    def _send(self, kind: int, call: int, value: object) -> None:
        forgotten = self._mirrors.forget_unshared()
        out = Encoder(self._write_other, self._mirrors.claim)
        out.value(value)
        surroundings = self._ambient.outgoing()
        if forgotten:
            surroundings["forgotten"] = forgotten
        if self._released:
            surroundings["released"] = dict(self._released)
            self._released.clear()
        effects = encode(surroundings) if surroundings else b""
        changes = self._mirrors.changes(MAX_FRAME - HEAD.size - len(effects) - len(out.out))
        try:
            self._channel.send(HEAD.pack(kind, call, len(effects), len(changes)), effects, changes, out.out)
        except Closed:
            self._lost("the student process ended")

    def _await(self, call: int) -> tuple[int, Any]:
        while True:
            try:
                kind, answered, value = self._receive()
            except Closed:
                self._lost("the student process ended")
            except (WireError, struct.error, ValueError, TypeError, RuntimeError, OverflowError) as error:
                self._break(str(error))
            if answered != call:
                self._break("a frame out of order")
            if kind != CALLBACK:
                return kind, value
            self._serve(call, value)

    def _receive(self) -> tuple[int, int, Any]:
        frame = self._channel.receive()
        if len(frame) < HEAD.size:
            raise WireError("a frame without a head")
        kind, call, size, changes = HEAD.unpack_from(frame)
        if kind not in (RESULT, ERROR, STOP, MISSING, CALLBACK):
            raise WireError("no such kind of frame")
        at = HEAD.size
        effects = Decoder(frame[at : at + size]).whole() if size else {}
        self._mirrors.apply(frame[at + size : at + size + changes])
        data = Decoder(frame[at + size + changes :], self._read_other, self._mirrors.get)
        value = data.whole()
        self.labels += data.labels[: 100 - len(self.labels)]
        self._take_effects(effects)
        return kind, call, value

    def _take_effects(self, effects: Any) -> None:
        if type(effects) is not dict:
            raise WireError("effects of the wrong form")
        for name in effects.get("rebound", ()):
            self._known.pop(name, None)
        if "random" in effects:
            self._ambient.incoming(effects["random"])
        for name, stream in (("stdout", sys.stdout), ("stderr", sys.stderr)):
            text = effects.get(name, "")
            if type(text) is not str:
                raise WireError("effects of the wrong form")
            stream.write(text)
        for entry in effects.get("warnings", ()):
            self._warn(entry)

    def _warn(self, entry: Any) -> None:
        match entry:
            case (int(index), str(message)) if 0 <= index < len(EXCEPTIONS):
                category = exception_class(index)
                if issubclass(category, Warning):
                    warnings.warn(message, category, stacklevel=5)
                    return
        raise WireError("a warning of the wrong form")

    def _serve(self, call: int, value: Any) -> None:
        match value:
            case (int(number), tuple(args), tuple(named)) if all(map(_is_named, named)):
                pass
            case _:
                self._break("a call back of the wrong form")
        try:
            function = self._callbacks[number]
            result = function(*args, **dict(named))
            self._send(REPLY, call, result)
        except Exception as error:
            if self._failed_callback is None and not getattr(error, "from_student", False):
                self._failed_callback = error
            self._send(RAISED, call, None)

    def _lost(self, why: str) -> NoReturn:
        self.gone = True
        raise StudentGone(why) from None

    def _break(self, why: str) -> NoReturn:
        self._channel.close()  # never talk again to a side that broke the contract
        self._lost(f"the student process broke the contract of the wire: {why}")

    # values ---------------------------------------------------------------------------------

    def _write_other(self, out: Encoder, obj: object) -> None:
        if issubclass(type(obj), Handle):
            assert isinstance(obj, Handle)
            out.number(b"h", obj._number)
        elif (path := _library_path(obj)) is not None:
            out.text(b"P", path)
        elif type(obj) in (types.FunctionType, types.MethodType, types.BuiltinFunctionType):
            number = self._callback_ids.get(id(obj))
            if number is None or self._callbacks[number] is not obj:
                number = next(self._numbers)
                self._callbacks[number] = obj  # type: ignore[assignment]
                self._callback_ids[id(obj)] = number
            out.number(b"C", number)
        else:
            raise Unsendable(
                f"a test cannot send an object of type {type(obj).__name__} to the student's code: "
                "send plain data, arrays, tensors, torch.nn modules or a function"
            )

    def _read_other(self, tag: int, data: Decoder) -> object:
        if tag == ord("K"):
            callback = self._callbacks.get(data.i64())
            if callback is None:
                raise WireError("no such call back")
            return callback
        if tag not in (ord("h"), ord("H")):
            raise WireError(f"unknown tag {tag}")
        number = data.i64()
        handle = self._handles.get(number)
        if handle is None:
            if len(self._handles) >= MAX_HANDLES:
                raise WireError("too many objects")
            handle = (CallableHandle if tag == ord("H") else Handle)(self, number)
            self._handles[number] = handle
        object.__setattr__(handle, "_received", handle._received + 1)
        return handle

    def released(self, number: int, times: int) -> None:
        """A handle is gone here: the student's side need not keep its object for us."""
        self._released[number] = self._released.get(number, 0) + times

    def source_text(self, cell: int, line: int) -> str | None:
        """The definition that begins at `line` of the student's cell, from the notebook."""
        import inspect

        lines = self._sources.get(cell, "").splitlines(keepends=True)
        return "".join(inspect.getblock(lines[line - 1 :])) if 0 < line <= len(lines) else None


def isinstance_exactly(value: object, kinds: tuple[type, ...]) -> bool:
    """Whether the class itself is one of `kinds`; a handle's __class__ is a claim."""
    return type(value) in kinds


def _is_named(entry: object) -> bool:
    """Whether this is a keyword argument: a name and its value."""
    return type(entry) is tuple and len(entry) == 2 and type(entry[0]) is str


def _library_path(obj: object) -> str | None:
    """`module:name` of a public function or class of a library, if that is where it is found."""
    module = "numpy" if type(obj).__name__ == "ufunc" else getattr(obj, "__module__", None)
    if type(module) is not str or module.partition(".")[0] not in _LIBRARIES:
        return None
    for key in ("__qualname__", "__name__"):  # torch.relu claims to be _VariableFunctionsClass.relu
        name = getattr(obj, key, None)
        if type(name) is str and _found(module, name) is obj:
            return f"{module}:{name}"
    return None


def _found(module: str, path: str) -> object:
    found: Any = sys.modules.get(module)
    for part in path.split("."):
        found = getattr(found, part, None)
    return found
