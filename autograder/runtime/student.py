"""The student process: runs the student's cells, and calls their functions for the examiner.

It holds no test, no reference, no secret. Two sockets reach it: on one the grader asks for
cells to be run, on the other the examiner asks about the names that they bound. One thread
speaks, on one stack of calls. Runs as a plain file; it imports the standard library, IPython,
and its neighbours wire, mirrors, shell, jail and forkserver, which are plain files too.
"""

from __future__ import annotations

import contextlib
import inspect
import itertools
import os
import select
import signal
import socket
import struct
import sys
import threading
import traceback
import types
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from . import cgroups, forkserver, jail
from .guest import KernelShell
from .mirrors import Mirrors
from .randomness import get_state, set_random_state, set_state
from .shell import GraderShell, make_shell, take_streams, warm_up_plotting
from .warming import warm_up
from .wire import (
    MAX_FRAME,
    MAX_MESSAGE,
    Channel,
    Closed,
    Decoder,
    Encoder,
    Unsendable,
    WireError,
    decode,
    encode,
    exception_index,
    exception_message,
)

HEAD = struct.Struct("<BIII")  # kind, call id, bytes of effects, bytes of mirror changes; the value follows
REQUEST, REPLY, RAISED, RESULT, ERROR, STOP, MISSING, CALLBACK = range(1, 9)
MAX_STACK = 50
MAX_TEXT = 100_000  # characters that one crossing carries of what the student's code printed


class Interrupts:
    """SIGINT ends what the student's code does, and never what this module does."""

    def __init__(self) -> None:
        self._welcome = self._missed = False

    def install(self) -> None:
        signal.signal(signal.SIGINT, self._handle)

    def _handle(self, *_: object) -> None:
        self._missed = not self._welcome
        if self._welcome:
            raise KeyboardInterrupt

    @contextlib.contextmanager
    def welcome(self, welcome: bool) -> Iterator[None]:
        """Student code runs, or (inside a call back) does not. What came too early is late, not lost."""
        before, self._welcome = self._welcome, welcome
        if welcome:
            self._missed = False
        try:
            yield
        finally:
            self._welcome = before
        if before and self._missed:
            raise KeyboardInterrupt


class Conversation:
    """One side's end of the wire to the examiner: handles out, callbacks in, one stack of calls."""

    def __init__(self, channel: Channel, shell: GraderShell) -> None:
        self.channel = channel
        self.shell = shell
        self.mirrors = Mirrors(1, self._write_other, self._read_other, lenient=True)
        self.objects: dict[int, list[Any]] = {}  # handle -> [object, times sent]
        self.handles: dict[int, int] = {}  # id(object) -> handle
        self.callbacks: dict[int, Callable[..., Any]] = {}
        self.callback_ids: dict[int, int] = {}
        self.fetched: dict[str, object] = {}
        self.stack: list[int] = []
        self.interrupts = Interrupts()
        self.owner = os.getpid()
        self._new_handle = itertools.count(1)
        self._warnings: list[Any] = []
        self._filters = list(warnings.filters)
        self._random: dict[str, Any] = {}

    # values ---------------------------------------------------------------------------------

    def _write_other(self, out: Encoder, obj: object) -> None:
        if (callback := self.callback_ids.get(id(obj))) is not None:
            out.number(b"K", callback)
            return
        handle = self.handles.get(id(obj))
        if handle is None:
            handle = self.handles[id(obj)] = next(self._new_handle)
            self.objects[handle] = [obj, 0]
        self.objects[handle][1] += 1
        out.number(b"H" if callable(obj) else b"h", handle)

    def _read_other(self, tag: int, data: Decoder) -> object:
        if tag == ord("h"):
            return self.objects[data.i64()][0]
        if tag == ord("C"):
            return self._callback(data.i64())
        if tag == ord("P"):
            module, _, name = data.text().partition(":")
            found: Any = __import__(module, fromlist=["_"])
            for part in name.split("."):
                found = getattr(found, part)
            return found
        raise WireError(f"unknown tag {tag}")

    def _callback(self, number: int) -> Callable[..., Any]:
        if number not in self.callbacks:

            def callback(*args: Any, **kwargs: Any) -> Any:
                return self.call_back(number, args, kwargs)

            self.callbacks[number] = callback
            self.callback_ids[id(callback)] = number
        return self.callbacks[number]

    def _release(self, drops: dict[int, int]) -> None:
        for handle, count in drops.items():
            entry = self.objects[handle]
            entry[1] -= count
            if entry[1] <= 0:
                del self.objects[handle], self.handles[id(entry[0])]

    # frames ---------------------------------------------------------------------------------

    def send(self, kind: int, call: int, value: object, with_effects: bool = True) -> None:
        out = Encoder(self._write_other, self.mirrors.known)
        out.value(value)
        effects = self._effects() if with_effects else b""
        changes = self.mirrors.changes(MAX_FRAME - HEAD.size - len(effects) - len(out.out))
        head = HEAD.pack(kind, call, len(effects), len(changes))
        self.channel.send(head, effects, changes, out.out)

    def _effects(self) -> bytes:
        """What happened beside the value: text, warnings, random state, names bound anew."""
        effects: dict[str, Any] = {}
        outputs = self.shell.sink.outputs
        if outputs:
            for name in ("stdout", "stderr"):
                text = "".join(
                    o["text"] for o in outputs if o["output_type"] == "stream" and o["name"] == name
                )
                effects[name] = text[:MAX_TEXT]
            outputs.clear()
        if self._warnings:
            effects["warnings"] = [
                (exception_index(w.message), str(w.message)[:MAX_MESSAGE]) for w in self._warnings[:100]
            ]
            self._warnings.clear()
        if self._random:
            effects["random"] = self._changed_random()
        names = self.shell.user_ns
        rebound = [name for name, obj in self.fetched.items() if names.get(name) is not obj]
        if rebound:
            effects["rebound"] = rebound
            for name in rebound:
                del self.fetched[name]
        return encode(effects) if effects else b""

    def receive(self) -> tuple[int, int, dict[str, Any], Any]:
        frame = self.channel.receive()
        kind, call, size, changes = HEAD.unpack_from(frame)
        at = HEAD.size
        surroundings = Decoder(frame[at : at + size]).whole() if size else {}
        at += size
        self._release(surroundings.get("released", {}))
        self.mirrors.forget(surroundings.get("forgotten", ()))
        self.mirrors.apply(frame[at : at + changes])
        value = Decoder(frame[at + changes :], self._read_other, self.mirrors.get).whole()
        return kind, call, surroundings, value

    def serve_one(self) -> None:
        """Answers one request of the examiner's, and those nested in it."""
        kind, call, surroundings, value = self.receive()
        if kind != REQUEST or (self.stack and call <= self.stack[-1]):
            raise WireError("a frame out of order")
        self._answer(call, surroundings, value)

    def _answer(self, call: int, surroundings: dict[str, Any], value: Any) -> None:
        self.stack.append(call)
        kind, result = RESULT, None
        try:
            with self._surrounded(surroundings):
                kind, result = self._perform(*value)
                self._reply(kind, call, result)
        except (Closed, WireError):
            raise
        except BaseException as error:
            self._reply(ERROR, call, self._describe_error(error))
        finally:
            self.stack.pop()

    def _reply(self, kind: int, call: int, result: object) -> None:
        try:
            self.send(kind, call, result)
        except Unsendable as error:
            text = f"the value cannot cross to the tests: {error}"
            self.send(ERROR, call, (exception_index(RuntimeError()), text, ""))

    def _describe_error(self, error: BaseException) -> tuple[int, str, str]:
        try:
            text = "".join(traceback.format_exception(error, limit=-20))[-10_000:]
        except BaseException:
            text = ""
        return exception_index(error), exception_message(error), text

    def _perform(self, op: str, *args: Any) -> tuple[int, Any]:
        with self.interrupts.welcome(True):
            return OPERATIONS[op](self, *args)

    def call_back(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Has the examiner call a function of its own for the student's code."""
        if os.getpid() != self.owner or threading.current_thread() is not threading.main_thread():
            raise RuntimeError("a function of the test can only be called from the main thread")
        if not self.stack:
            raise RuntimeError("a function of a test can only be called while that test runs")
        if len(self.stack) > MAX_STACK:
            raise RecursionError("calls between a test and the tested function are nested too deep")
        with self.interrupts.welcome(False):
            return self._call_back(self.stack[-1], number, args, kwargs)

    def _call_back(self, call: int, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        self.send(CALLBACK, call, (number, args, tuple(kwargs.items())))
        while True:
            kind, answered, surroundings, value = self.receive()
            if kind == REQUEST and answered > call:
                self._answer(answered, surroundings, value)
            elif answered != call or kind not in (REPLY, RAISED):
                raise WireError("a frame out of order")
            elif kind == RAISED:
                raise RuntimeError("a function of the test that was called failed")
            else:
                self._set_random(surroundings.get("random", {}))
                return value

    # surroundings ---------------------------------------------------------------------------

    @contextlib.contextmanager
    def _surrounded(self, given: dict[str, Any]) -> Iterator[None]:
        """The test's random state, grad mode, default dtype and errstate; warnings recorded."""
        with contextlib.ExitStack() as stack:
            stack.enter_context(self.shell.collecting(MAX_TEXT))
            torch = sys.modules.get("torch")  # without it there is no mode of its own to set
            if torch is not None and "grad" in given:
                stack.enter_context(torch.set_grad_enabled(given["grad"]))
            if torch is not None and "dtype" in given:
                stack.callback(torch.set_default_dtype, torch.get_default_dtype())
                torch.set_default_dtype(given["dtype"])
            if "errstate" in given:
                stack.enter_context(sys.modules["numpy"].errstate(**given["errstate"]))
            recorded = stack.enter_context(warnings.catch_warnings(record=True))
            if list(warnings.filters) == self._filters:
                warnings.simplefilter("always")
            outer, self._warnings = self._warnings, recorded
            stack.callback(setattr, self, "_warnings", outer)
            if len(self.stack) == 1:
                self._random = {}
            self._set_random(given.get("random", {}))
            yield

    def _set_random(self, states: dict[str, Any]) -> None:
        """From now on these generators are shared with the test."""
        for name, state in states.items():
            set_state(name, state)
        self._random.update(states)

    def _changed_random(self) -> dict[str, Any]:
        changed = {}
        for name, before in self._random.items():
            state = get_state(name)
            if state != before:
                changed[name] = self._random[name] = state
        return changed


# What the examiner can ask for ------------------------------------------------------------------


def _call(_: Conversation, target: Any, args: tuple[Any, ...], named: tuple[Any, ...]) -> tuple[int, Any]:
    return RESULT, target(*args, **dict(named))


def _getattr(_: Conversation, target: Any, name: str) -> tuple[int, Any]:
    return RESULT, getattr(target, name)


def _index(_: Conversation, target: Any, key: Any) -> tuple[int, Any]:
    return RESULT, target[key]


def _len(_: Conversation, target: Any) -> tuple[int, Any]:
    return RESULT, len(target)


def _iter(_: Conversation, target: Any) -> tuple[int, Any]:
    return RESULT, _Iterator(iter(target))


def _next(_: Conversation, target: Any) -> tuple[int, Any]:
    try:
        return RESULT, next(target.iterator if type(target) is _Iterator else target)
    except StopIteration:
        return STOP, None


class _Iterator:
    """Keeps an iterator from being taken for the data that it may be an iterator of."""

    def __init__(self, iterator: Any) -> None:
        self.iterator = iterator


def _name(conversation: Conversation, name: str) -> tuple[int, Any]:
    names = conversation.shell.user_ns
    if name not in names:
        return MISSING, None
    conversation.fetched[name] = names[name]
    return RESULT, names[name]


def _store(conversation: Conversation, name: str, value: Any) -> tuple[int, Any]:
    conversation.shell.user_ns[name] = value
    return RESULT, None


def _delete(conversation: Conversation, name: str) -> tuple[int, Any]:
    found = name in conversation.shell.user_ns
    conversation.shell.user_ns.pop(name, None)
    return (RESULT if found else MISSING), None


def _describe(conversation: Conversation, target: Any) -> tuple[int, Any]:
    """What `type`, `isinstance`, `inspect.signature` and `__doc__` say: claims, not facts."""
    about: dict[str, Any] = {
        "classes": tuple(f"{c.__module__}.{c.__qualname__}" for c in type(target).__mro__[:50]),
        "type": type(target).__name__,
    }
    for key in ("__name__", "__doc__"):
        text = getattr(target, key, None)
        if type(text) is str:
            about[key] = text[:MAX_MESSAGE]
    if callable(target):
        with contextlib.suppress(Exception):
            about["signature"] = _signature(target)
    code = getattr(inspect.unwrap(target), "__code__", None) if callable(target) else None
    if isinstance(code, types.CodeType):
        cell = conversation.shell.compile.cells.get(code.co_filename)
        about["source"] = None if cell is None else (cell, code.co_firstlineno)
    return RESULT, about


def _signature(target: Any) -> tuple[Any, ...]:
    parameters = []
    for parameter in inspect.signature(target).parameters.values():
        default: tuple[Any, ...] = ()
        if parameter.default is not parameter.empty:
            try:
                encode(parameter.default)
                default = (parameter.default,)
            except Unsendable:
                default = (repr(parameter.default)[:100],)
        parameters.append((parameter.name, int(parameter.kind), default))
    return tuple(parameters)


OPERATIONS: dict[str, Callable[..., tuple[int, Any]]] = {
    "call": _call,
    "getattr": _getattr,
    "index": _index,
    "len": _len,
    "iter": _iter,
    "next": _next,
    "name": _name,
    "store": _store,
    "delete": _delete,
    "describe": _describe,
}


# The process ------------------------------------------------------------------------------------


def child(config: dict[str, Any], descriptors: list[int]) -> None:
    """One notebook's life: serves the grader and the examiner until the grader hangs up."""
    grader_fd, examiner_fd, output_fd = descriptors
    os.dup2(output_fd, 1)
    os.dup2(output_fd, 2)
    os.close(output_fd)
    room, uid = jail.enter_student(config, [grader_fd, examiner_fd])
    shell = GraderShell.instance()
    take_streams(shell)
    runner = KernelShell(config["kernel"]) if config.get("kernel") else shell
    grader = Channel(socket.socket(fileno=grader_fd))
    socket.send_fds(grader.sock, [b"r"], [room])
    os.close(room)
    examiner = Channel(socket.socket(fileno=examiner_fd))
    os.register_at_fork(after_in_child=grader.close)
    os.register_at_fork(after_in_child=examiner.close)
    conversation = Conversation(examiner, shell)
    grader.send(encode(uid))
    # as in a kernel: modules beside the notebook can be imported, and all of ours are loaded by now
    sys.path.insert(0, "")
    _serve(runner, grader, conversation)


def _serve(shell: GraderShell | KernelShell, grader: Channel, conversation: Conversation) -> None:
    conversation.interrupts.install()
    poll = select.poll()
    poll.register(grader.sock, select.POLLIN)
    poll.register(conversation.channel.sock, select.POLLIN)
    examiner_gone = False
    while True:
        for descriptor, _ in poll.poll():
            if descriptor == grader.sock.fileno():
                try:
                    index, source, seed, limit = decode(bytes(grader.receive()))
                except Closed:
                    return
                if seed is not None:
                    set_random_state(seed)
                if source is None:  # only the random state, before a test
                    grader.send(encode(([], 0)))
                    continue
                with conversation.interrupts.welcome(True):
                    outputs, count = shell.run(index, source, limit)
                if jail.memory_is_used_up():  # a cell that hoards would starve all that come after it
                    os.kill(os.getpid(), signal.SIGKILL)
                grader.send(_encoded_outputs(outputs, count))
            elif not examiner_gone:
                try:
                    conversation.serve_one()
                except Closed:
                    examiner_gone = True
                    poll.unregister(descriptor)


def _encoded_outputs(outputs: list[dict[str, Any]], count: int) -> bytes:
    kept = []
    for output in outputs:
        try:
            encode(output)
            kept.append(output)
        except Unsendable:
            kept.append(
                {"output_type": "stream", "name": "stderr", "text": "[output that is no plain data]\n"}
            )
    return encode((kept, count))


def main(config: dict[str, Any]) -> None:
    """The warm student server. `config` has preload (module names), threads, parts and cache."""
    groups = cgroups.delegated() if "limits" in config["parts"] else None  # in the view there are none
    spaces = jail.enter_student_server(config)
    warm_up(config["preload"], config["threads"])
    make_shell()
    if "matplotlib" in sys.modules:
        warm_up_plotting()
    forkserver.serve(socket.socket(fileno=3), child, spaces, groups)
