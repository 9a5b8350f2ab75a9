"""A progress bar on a terminal, a line each in a pipe; and text that cannot steer a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

MAX_ROWS = 60  # of a table, or of lines of a kind


class Meter:
    """Counts what is done. `done(line)` is one item; the line is shown where there is no bar."""

    def __init__(self, what: str, quiet: bool) -> None:
        self._what = what
        self._quiet = quiet
        self._progress: Progress | None = None
        self._started = time.perf_counter()

    def start(self, total: int) -> None:
        if self._quiet or not sys.stderr.isatty():
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self._progress = Progress(
            TextColumn(f"{self._what}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
        )
        self._progress.start()
        self._task = self._progress.add_task(self._what, total=total, rate="")

    def done(self, line: str) -> None:
        if self._progress is not None:
            count = self._progress.tasks[0].completed + 1
            rate = f"{count / (time.perf_counter() - self._started):.1f}/s"
            self._progress.update(self._task, advance=1, rate=rate)
        elif not self._quiet:
            print(line, file=sys.stderr, flush=True)

    def stop(self) -> None:
        if self._progress is not None:
            self._progress.stop()


@contextmanager
def meter(what: str, quiet: bool) -> Iterator[Meter]:
    """A meter that is stopped whatever happens."""
    shown = Meter(what, quiet)
    try:
        yield shown
    finally:
        shown.stop()


def counted(number: int, thing: str, things: str = "") -> str:
    """Such as "1 fault" and "2 faults"."""
    return f"{number} {thing if number == 1 else things or f'{thing}s'}"


def visible(text: str) -> str:
    """Text of a student's making for a terminal: one line, no character that would steer it."""
    return "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in text)
