"""IPython on the student's side: cells, magics, display and rich output, without a kernel.

What a cell shows becomes a list of nbformat outputs, as a Jupyter kernel would have made it.
Runs as a plain file, in the student's process: nothing it reports is to be believed unchecked.
"""

from __future__ import annotations

import base64
import builtins
import contextlib
import io
import os
import signal
import subprocess
import sys
import types
from collections.abc import Iterator
from typing import Any, NoReturn

from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

CUT = "\n[... output cut here by the grader ...]\n"


class Sink:
    """The outputs of what runs at present, cut to their head and tail beyond `limit` bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._outputs: list[dict[str, Any]] = []
        self._room = limit
        self._cut = False
        self._stream = ""
        self._written: list[str] = []  # to the stream of this name, not yet in the outputs

    @property
    def outputs(self) -> list[dict[str, Any]]:
        self._flush()
        return self._outputs

    def write(self, name: str, text: str) -> None:
        if name != self._stream:
            self._flush()
            self._stream = name
        self._written.append(text)
        self._room -= len(text)
        if self._room < 0:
            self._flush()

    def _flush(self) -> None:
        text = "".join(self._written)
        self._written.clear()
        if not text:
            return
        last = self._outputs[-1] if self._outputs else {}
        if last.get("output_type") != "stream" or last["name"] != self._stream:
            if len(self._outputs) >= 1_000:
                return
            last = {"output_type": "stream", "name": self._stream, "text": ""}
            self._outputs.append(last)
        last["text"] += text
        if self._room < 0:
            self._shorten(last)

    def _shorten(self, last: dict[str, Any]) -> None:
        """Keeps half of the limit from the beginning and half from the end."""
        half = self.limit // 2
        text = last["text"]
        if len(text) > self.limit + len(CUT):
            last["text"] = text[:half].removesuffix(CUT) + CUT + text[-half:]
        self._room = half // 2  # so that a flood is cut once in a while, not at every write

    def add(self, output: dict[str, Any]) -> None:
        size = sum(len(str(value)) for value in output.get("data", {}).values())
        outputs = self.outputs
        if size > self._room or len(outputs) >= 1_000:
            if not self._cut:
                self._cut = True
                outputs.append({"output_type": "stream", "name": "stderr", "text": CUT})
            return
        self._room -= size
        outputs.append(output)


class Stream(io.TextIOBase):
    """sys.stdout or sys.stderr of the student's code."""

    encoding = "utf-8"

    def __init__(self, name: str, shell: GraderShell) -> None:
        self.stream_name = name
        self._shell = shell
        self._owner = os.getpid()

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return False

    def fileno(self) -> int:
        return 1 if self.stream_name == "stdout" else 2

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if os.getpid() == self._owner:
            self._shell.sink.write(self.stream_name, text)
        else:  # a forked worker of the student's
            os.write(self.fileno(), text.encode("utf-8", "replace"))
        return len(text)


def _jsonable(data: dict[str, Any]) -> dict[str, Any]:
    return {
        str(mime): base64.b64encode(value).decode() if isinstance(value, bytes) else value
        for mime, value in data.items()
    }


class _Publisher(DisplayPublisher):  # type: ignore[misc]
    def publish(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        source: object = None,
        *,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **kwargs: object,
    ) -> None:
        display_id = (transient or {}).get("display_id")
        if update:
            for output in self.shell.sink.outputs:
                if display_id is not None and output.get("display_id") == display_id:
                    output.update(data=_jsonable(data), metadata=dict(metadata or {}))
            return
        output = {"output_type": "display_data", "data": _jsonable(data), "metadata": dict(metadata or {})}
        if display_id is not None:
            output["display_id"] = display_id  # taken off when the cell is done
        self.shell.sink.add(output)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.sink.outputs.clear()


class _Hook(DisplayHook):  # type: ignore[misc]
    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        self.shell.sink.add(
            {
                "output_type": "execute_result",
                "data": _jsonable(format_dict),
                "metadata": dict(md_dict or {}),
                "execution_count": self.prompt_count,
            }
        )

    def finish_displayhook(self) -> None:
        self._is_active = False


class _Compiler(CachingCompiler):  # type: ignore[misc]
    """Remembers which cell each piece of code came from."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: dict[str, int] = {}
        self.current = -1

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
        name = str(super().get_code_name(raw_code, transformed_code, number))
        self.cells[name] = self.current
        return name


class GraderShell(InteractiveShell):  # type: ignore[misc]
    """An IPython shell whose output is collected."""

    displayhook_class = Type(_Hook)
    display_pub_class = Type(_Publisher)
    compiler_class = Type(_Compiler)

    def __init__(self, **kwargs: Any) -> None:
        self.sink = Sink(1_000_000)
        super().__init__(**kwargs)

    def init_sys_modules(self) -> None:
        sys.modules["__main__"] = self.user_module

    def init_virtualenv(self) -> None:
        pass

    def ask_exit(self) -> None:
        pass

    def enable_gui(self, gui: str | None = None) -> None:
        pass

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        self.sink.add(
            {
                "output_type": "error",
                "ename": getattr(etype, "__name__", "Error"),
                "evalue": str(evalue),
                "traceback": list(stb),
            }
        )

    def system(self, cmd: str) -> None:
        """`!command`: its output becomes the cell's, as in a notebook."""
        shell = subprocess.Popen(
            self.var_expand(cmd, depth=1),
            shell=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        assert shell.stdout is not None
        try:
            for line in io.TextIOWrapper(shell.stdout, "utf-8", "replace"):
                sys.stdout.write(line)
            self.user_ns["_exit_code"] = shell.wait()
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(shell.pid, signal.SIGKILL)
            raise

    system_piped = system_raw = system

    @contextlib.contextmanager
    def collecting(self, limit: int) -> Iterator[Sink]:
        """Output made meanwhile goes into the sink that is given."""
        before, self.sink = self.sink, Sink(limit)
        try:
            yield self.sink
        finally:
            self.sink = before

    def run(self, index: int, source: str, limit: int) -> tuple[list[dict[str, Any]], int]:
        """Runs a cell; its outputs and execution count."""
        self.compile.current = index
        with self.collecting(limit) as sink:
            result = self.run_cell(source, store_history=True)
            error = result.error_before_exec or result.error_in_exec
            if error is not None and not any(o["output_type"] == "error" for o in sink.outputs):
                # nbgrader #1324: student code may have switched off showtraceback
                self._showtraceback(type(error), error, [f"{type(error).__name__}: {error}"])
            for output in sink.outputs:
                output.pop("display_id", None)
            return sink.outputs, self.execution_count - 1


def _refuse_input(*_: object, **__: object) -> NoReturn:
    raise RuntimeError("input() is not supported while a notebook is graded: nobody is there to answer")


def make_shell() -> GraderShell:
    """The warm shell. Made once in the server, before any submission is read."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.cache_size = 1000
    main = types.ModuleType("__main__", "Automatically created module for IPython interactive environment")
    main.__dict__["__builtins__"] = builtins
    shell: GraderShell = GraderShell.instance(config=config, user_module=main, user_ns=main.__dict__)
    builtins.input = _refuse_input
    return shell


def take_streams(shell: GraderShell) -> None:
    """Points sys.stdout and sys.stderr at the shell's sink, in the process that calls."""
    for name in ("stdout", "stderr"):
        stream = Stream(name, shell)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)  # what libraries write to when they mean the terminal
    sys.stdin = io.StringIO()


def warm_up_plotting() -> None:
    """Draws one small figure, so that fonts and the inline backend are loaded before the fork."""
    from matplotlib import font_manager, pyplot

    InteractiveShell.instance().run_line_magic("matplotlib", "inline")
    figure, axes = pyplot.subplots(figsize=(2, 1))
    axes.plot([0, 1], [0, 1], label="a")
    axes.set_title("$x_1$")
    axes.legend()
    figure.savefig(io.BytesIO(), format="png")
    pyplot.close("all")
    with contextlib.suppress(AttributeError):  # each fork empties it anyway, at a hundred pages a time
        font_manager._get_font.cache_clear()  # type: ignore[attr-defined]
