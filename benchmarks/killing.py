"""The command line of the grader, in a process that kills itself and all of its session before a write.

Usage: KILL_AT=n COUNT_FILE=f python -m benchmarks.killing ARGUMENTS. The writes of all its processes are
counted in the file. With CLOCK_BACK the clock goes back by an hour every time that it is asked.
"""

from __future__ import annotations

import fcntl
import itertools
import os
import signal
import time
from collections.abc import Callable
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

KILL_AT, COUNT_FILE, CLOCK_BACK = "KILL_AT", "COUNT_FILE", "CLOCK_BACK"


def _counted(function: Callable[..., Any]) -> Callable[..., Any]:
    def count_and_call(*args: Any, **named: Any) -> Any:
        _count()
        return function(*args, **named)

    return count_and_call


def _count() -> None:
    with Path(os.environ[COUNT_FILE]).open("r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        number = int(file.read() or 0) + 1
        file.seek(0)
        file.truncate()
        file.write(str(number))
    if number >= int(os.environ[KILL_AT]):
        os.killpg(0, signal.SIGKILL)


def _kill_before_writes() -> None:
    from sqlalchemy import Engine, event

    from autograder.runtime.tiers import strongest

    strongest(3)  # its probes write too, in a jail where there is nothing to count with
    for name in ("replace", "rename", "write_text"):  # what puts something in its place
        setattr(Path, name, _counted(getattr(Path, name)))
    event.listen(Engine, "commit", lambda connection: _count())


class _Backwards(datetime):
    """A clock that is an hour earlier every time that it is asked."""

    _asked = itertools.count()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> _Backwards:
        return cls.fromtimestamp(time.time() - 3600 * next(cls._asked), tz)


def _turn_the_clock_back() -> None:
    from autograder import history
    from autograder.database import sqlite

    for module in (sqlite, history):
        module.datetime = _Backwards  # type: ignore[attr-defined]


if __name__ == "__main__":
    if KILL_AT in os.environ:
        _kill_before_writes()
    if CLOCK_BACK in os.environ:
        _turn_the_clock_back()
    from autograder.cli import main

    main()
