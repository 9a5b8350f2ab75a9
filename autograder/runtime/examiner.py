"""The examiner process: runs hidden test cells. It never executes a student's code.

A name in a test cell is, in this order: bound by a test cell or by a locked cell, which run
here too; a builtin, unless a solution cell of the instructor's binds that name; the student's.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import inspect
import io
import linecache
import math
import os
import signal
import socket
import sys
import time
import traceback
import types
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from . import forkserver, jail
from .ambient import Ambient
from .handles import DataExpected, Handle, TypeCalls, source_of, type_of
from .peer import Peer, StudentGone
from .warming import warm_up
from .watching import Album, Watch
from .wire import Channel, Closed, Unsendable, decode, encode, is_out_of_memory

MAX_RECORD = 20_000  # characters of a record for the instructor
MAX_NOTE = 1_000  # characters of a message for the student

_REFUSED = ("globals", "exec", "eval", "input", "breakpoint", "exit", "quit")
AMBIENT = Ambient()


class Names(dict[str, Any]):
    """The builtins of test cells; a name that is none of them is looked up at the student's."""

    def __init__(self, examiner: Examiner, student_names: frozenset[str]) -> None:
        super().__init__({k: v for k, v in vars(builtins).items() if k not in student_names})
        for name in _REFUSED:
            if name in self:
                self[name] = _refuse(name)
        self["__type_of__"] = type_of
        self["get_ipython"] = _NoShell
        self._examiner = examiner
        self._student_names = student_names

    def __missing__(self, name: str) -> Any:
        if name in self._student_names:
            return self._examiner.peer.value_of(name)
        raise KeyError(name)


class TopLevel(dict[str, Any]):
    """The namespace of a test cell's own statements: it notices what they bind and delete."""

    def __init__(self, names: dict[str, Any], examiner: Examiner, student_names: frozenset[str]) -> None:
        super().__init__()
        self._names = names
        self._examiner = examiner
        self._student_names = student_names

    def __getitem__(self, name: str) -> Any:
        return self._names[name]

    def __setitem__(self, name: str, value: Any) -> None:
        if name in self._student_names:
            if issubclass(type(value), Handle):
                self._examiner.peer.store(name, value)
                self._names.pop(name, None)
                return
            if type(value) is types.FunctionType:
                self._examiner.peer.store(name, value)
        self._names[name] = value

    def __delitem__(self, name: str) -> None:
        if name in self._student_names:
            if self._names.pop(name, None) is None:
                self._examiner.peer.delete(name)
            else:
                with contextlib.suppress(NameError):
                    self._examiner.peer.delete(name)
        else:
            del self._names[name]


class _NoShell:
    """get_ipython() in the examiner: magics of locked cells do nothing here."""

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: None


def _refuse(name: str) -> Any:
    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError(f"{name}() is not available in a test cell")

    return refuse


class Examiner:
    """One notebook's test and locked cells."""

    def __init__(self, config: dict[str, Any], sources: dict[int, str], channels: list[Channel]) -> None:
        self._channels = channels
        self._sources = sources
        self._student_names = frozenset(config["student_names"])
        self._given_dir, self._workdir = Path(config["given_dir"]), Path(config["workdir"])
        self._watched: bool = config["watch"]
        self.peer = self._new_peer()
        self.names: dict[str, Any] = {"__name__": "__main__"}
        self.names["__builtins__"] = Names(self, self._student_names)
        self._top = TopLevel(self.names, self, self._student_names)
        # a module, so that dataclasses and pickling of the test's own classes work
        main = types.ModuleType("__main__")
        main.__dict__.update(self.names)
        sys.modules["__main__"] = main

    def attach(self) -> None:
        """The next student process takes the place of the one that died."""
        self.peer = self._new_peer()

    def _new_peer(self) -> Peer:
        return Peer(self._channels.pop(0), AMBIENT, self._sources)

    def run_locked(self, source: str, label: str, seed: int | None) -> str:
        """Runs a locked cell as the instructor wrote it; its error, or nothing.

        It reads the files as they were before the first cell: the student's may hold other data.
        """
        os.chdir(self._given_dir)
        AMBIENT.begin(seed)
        with _captured() as printed:
            try:
                exec(_compiled(source, label)[0], self.names)
            except BaseException as error:
                return _record(error, printed.getvalue(), self.peer)
            finally:
                self.peer.end_cell()
        return ""

    def run_test(self, source: str, label: str, seed: int | None) -> dict[str, Any]:
        """Runs a test cell: outcome, message and pictures for the student, record for the instructor."""
        album = Album()
        with album.on_checks():
            verdict = self._watched_test(source, label, seed)
        return verdict | {"pictures": list(album.pictures)}

    def _watched_test(self, source: str, label: str, seed: int | None) -> dict[str, Any]:
        if not self._watched:
            return self._run_test(source, label, seed)
        self.peer.watch = watch = Watch()
        with watch.on_checks():
            verdict = self._run_test(source, label, seed)
        self.peer.watch = None
        return verdict | {"seen": watch.seen()}

    def _run_test(self, source: str, label: str, seed: int | None) -> dict[str, Any]:
        AMBIENT.begin(seed)
        os.chdir(self._workdir)
        started = time.perf_counter()
        with _captured() as printed:
            try:
                value = self._evaluate(source, label)
                verdict: dict[str, Any] = _scored(value, label)
                record = printed.getvalue()[-MAX_RECORD:]
            except BaseException as error:
                verdict = judge(error, label) | {"line": _line_in(label, error)}
                record = _record(error, printed.getvalue(), self.peer)
            if self.peer.gone:  # whatever the test made of it
                verdict = judge(StudentGone(), label)
            if self.peer.labels:
                record += (
                    f"\n[classes taken for their base: {', '.join(sorted(set(self.peer.labels)))[:500]}]"
                )
            self.peer.end_cell()
        return {**verdict, "record": record, "seconds": time.perf_counter() - started}

    def _evaluate(self, source: str, label: str) -> Any:
        body, last = _compiled(source, label)
        exec(body, self.names, self._top)
        return None if last is None else eval(last, self.names, self._top)


def _compiled(source: str, label: str) -> tuple[types.CodeType, types.CodeType | None]:
    """The cell's statements, and its last expression if it shows a value."""
    linecache.cache[label] = (len(source), None, source.splitlines(keepends=True), label)
    tree = TypeCalls().visit(ast.parse(source, label))
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr) and not source.rstrip().endswith(";"):
        last = compile(ast.Expression(tree.body.pop().value), label, "eval")
    return compile(tree, label, "exec"), last


@contextlib.contextmanager
def _captured() -> Iterator[io.StringIO]:
    printed = io.StringIO()
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("default")
        yield printed


def _scored(value: object, label: str) -> dict[str, Any]:
    """Passed, with partial credit if the cell's last value is a number of the examiner's own."""
    failures: tuple[tuple[str, Exception], ...] = ()
    parts = sys.modules.get("autograder.checks.parts")
    if parts is not None and type(value) is parts.Points:
        failures, value = value.failures, float(value)  # type: ignore[attr-defined, arg-type]
    kind = type(value)
    number = kind in (int, float) or (
        kind.__module__ == "numpy" and kind.__name__.startswith(("float", "int"))
    )
    if not number:
        return {"outcome": "passed", "message": "", "value": None}
    points = float(value)  # type: ignore[arg-type]
    if not math.isfinite(points) or points < 0:
        return {
            "outcome": "error",
            "message": "the points of this question came out as no number",
            "value": 0.0,
        }
    line = _line_in(label, failures[0][1]) if failures else None
    return {"outcome": "passed", "message": _of_parts(failures, label), "value": points, "line": line}


def _of_parts(failures: tuple[tuple[str, Exception], ...], label: str) -> str:
    """A line for each part that failed."""
    lines = ((what, judge(error, label)["message"]) for what, error in failures)
    return "\n".join(f"{what}: {message}" if what else message for what, message in lines)[:MAX_NOTE]


def judge(error: BaseException, label: str) -> dict[str, Any]:
    """What an exception in a test cell means, in words that give nothing away."""
    name = type(error).__name__
    if _is_not_solved(error):
        return _outcome("fault", "this question could not be marked, which is no fault of yours")
    if isinstance(error, StudentGone):
        return _outcome("crashed", "your code ended the process, or broke it, while this question was tested")
    if isinstance(error, KeyboardInterrupt):
        return _outcome("timeout", "this question took too long")
    if is_out_of_memory(error):
        return _outcome("memory", "this question took more memory than is allowed")
    if getattr(error, "from_student", False):
        return _outcome("error", f"your code raised {name} when it was tested")
    if isinstance(error, NameError) and error.__traceback__ is not None and "is not defined" in str(error):
        return _outcome("error", str(error)[:MAX_NOTE])
    if isinstance(error, AssertionError) or name == "Failed":
        return _outcome("failed", _note(error, label))
    if isinstance(error, Unsendable):
        return _outcome("error", "the test could not hand its data to your code")
    return _outcome("error", f"the test of this question ended with {name}")


def _is_not_solved(error: BaseException) -> bool:
    personal = sys.modules.get("autograder.checks.personal")
    return personal is not None and isinstance(error, personal.NotSolved)


def _outcome(outcome: str, message: str) -> dict[str, Any]:
    return {"outcome": outcome, "message": message, "value": 0.0}


def _note(error: BaseException, label: str) -> str:
    """The message of an assertion, if it was written for the student."""
    frames = traceback.extract_tb(error.__traceback__)
    by_test = bool(frames) and frames[-1].filename.startswith("<test ")
    ours = type(error).__module__.startswith("autograder.checks") or isinstance(error, DataExpected)
    text = str(error)[:MAX_NOTE] if (by_test or ours or type(error).__name__ == "Failed") else ""
    return text or "a value differs from what is expected"


def _line_in(label: str, error: BaseException) -> int | None:
    """The line of the cell, from 1, that the exception passed last."""
    if isinstance(error, SyntaxError) and error.filename == label:
        return error.lineno
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if _is_of(label, frame)]
    return lines[-1] if lines else None


def _is_of(label: str, frame: types.FrameType) -> bool:
    return frame.f_code.co_filename == label


def _record(error: BaseException, printed: str, peer: Peer) -> str:
    """For the instructor: the failing line, the exception, the student's traceback and output."""
    lines = "".join(traceback.format_exception(error, limit=-8))[-MAX_RECORD // 2 :]
    trace = peer.tracebacks[-1] if peer.tracebacks else ""
    parts = [lines]
    if trace:
        parts.append(f"In the student's code:\n{trace[-MAX_RECORD // 4 :]}")
    if printed:
        parts.append(f"Printed meanwhile:\n{printed[-MAX_RECORD // 4 :]}")
    return "\n".join(parts)


def child(config: dict[str, Any], descriptors: list[int]) -> None:
    """One notebook's examiner: serves the grader until it hangs up."""
    grader_fd, *student_fds = descriptors
    jail.enter_examiner(config, descriptors)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    from_hidden_seed(config["hidden_seed"])
    if config["gpu"]:
        on_devices("cpu", "cuda")
    grader = Channel(socket.socket(fileno=grader_fd))
    told, personal = decode(bytes(grader.receive()))
    sources = dict(told)
    judging_by(personal)
    _serve(Examiner(config, sources, [Channel(socket.socket(fileno=fd)) for fd in student_fds]), grader)


def from_hidden_seed(seed: int) -> None:
    """Every hidden draw of this process derives from `seed`."""
    seeding = sys.modules.get("autograder.checks.seeding")
    if seeding is not None:
        seeding.use_hidden_seed(seed)


def on_devices(*names: str) -> None:
    """Tests that ask for devices get these, in this process."""
    devices = sys.modules.get("autograder.checks.devices")
    if devices is not None:
        devices.use_devices(*names)


def judging_by(personal: tuple[str, str, bytes | None] | None) -> None:
    """Tests that ask for the student's own data get those in this file, in this process; or none."""
    module = sys.modules.get("autograder.checks.personal")
    if module is not None:
        module.use_personal(*(personal or (None,)))


def _serve(examiner: Examiner, grader: Channel) -> None:
    while True:
        try:
            op, *args = decode(bytes(grader.receive()))
        except Closed:
            return
        except KeyboardInterrupt:  # meant for a test that was just done
            continue
        if op == "attach":
            examiner.attach()
            answer: Any = None
        elif op == "locked":
            answer = examiner.run_locked(*args)
        else:
            answer = examiner.run_test(*args)
        grader.send(encode(answer))


def _teach_getsource() -> None:
    """inspect.getsource of a student's function gives its text in the notebook."""
    plain = inspect.getsource

    def getsource(object: Any) -> str:
        return source_of(object) if issubclass(type(object), Handle) else plain(object)

    inspect.getsource = getsource


def main(config: dict[str, Any]) -> None:
    """The warm examiner server. `config` has paths, preload (module names), threads and parts."""
    jail.enter_examiner_server(config)
    sys.path[:0] = config["paths"]
    os.environ["MPLBACKEND"] = "agg"
    os.environ["NBGRADER_EXECUTION"] = "autograde"  # a documented promise of nbgrader's to test cells
    warm_up(config["preload"], config["threads"])
    AMBIENT.install()
    _teach_getsource()
    forkserver.serve(socket.socket(fileno=3), child)
