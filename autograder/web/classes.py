"""The tables of the classes that people look at, held in memory and read again when they changed.

nbgrader's database has no index by which one page of a class could be read, so a class is read as a whole.
Who asks never waits for that but the first time: an older table is shown until the new one is there.
"""

from __future__ import annotations

import contextlib
import gc
import os
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.course import Course, valid_name
from autograder.errors import AutograderError
from autograder.handmarking import Change
from autograder.result import read_if_whole
from autograder.web.classtable import ClassTable, Summary, after, read_class

REST = 4.0  # times as long as reading took, until a class that changes all the time is read again
AT_ONCE = 300  # results that are read before a class is first shown; those of a larger one come after that
LOOK_SECONDS = 5.0  # until results are looked at again where the gradebook stayed as it was

_Kept = Mapping[str, tuple[int, int, Summary | None]]  # by student: time and size of the result, what it says


@dataclass(frozen=True, slots=True)
class _Held:
    """A table, and what the files were like when it was read."""

    table: ClassTable
    state: object  # of the gradebook; None where nobody knows
    own: int  # how many transactions of our own were before
    results: _Kept
    looked: float  # time.monotonic() when it was read, or found to be as the files are
    seconds: float


class Classes:
    """The classes of one course. Threads may share it; to be closed."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._held: dict[str, _Held] = {}
        self._lock = threading.Lock()
        self._first: dict[str, threading.Lock] = {}
        self._own: list[int] = []  # the numbers of our transactions
        self._watch = course.database.watch()
        self._reading: set[str] = set()
        self._reader = ThreadPoolExecutor(1, "class")

    def close(self) -> None:
        self._reader.shutdown(cancel_futures=True)
        self._watch.close()

    def of(self, assignment: str) -> ClassTable:
        """The table, at most some seconds old. Raises UsageError where nothing was graded yet."""
        with self._lock:
            held = self._held.get(assignment)
            first = self._first.setdefault(assignment, threading.Lock())
        if held is None:
            with first:
                if assignment not in self._held:
                    self._read(assignment)
                held = self._held[assignment]
        elif self._is_due(held):
            self._read_soon(assignment)
        return held.table

    def note(self, change: Change) -> None:
        """A mark that we wrote ourselves: it stands in the table at once."""
        with self._lock:
            self._own.append(change.transaction)
            held = self._held.get(change.place.assignment)
            if held is not None:
                self._held[change.place.assignment] = replace(held, table=after(held.table, change))

    def refresh(self, assignment: str) -> None:
        """Reads the class now, and waits for it."""
        self._reader.submit(self._read, assignment).result()

    def _is_due(self, held: _Held) -> bool:
        rested = time.monotonic() - held.looked
        if held.state is None:
            return True
        if rested < REST * held.seconds:
            return False
        return rested > LOOK_SECONDS or not self._is_current(held)

    def _is_current(self, held: _Held) -> bool:
        if held.state is None:
            return False
        return self._watch.is_ours(held.state, self._watch.state(), self._own[held.own :])

    def _read_soon(self, assignment: str) -> None:
        with self._lock:
            if assignment in self._reading:
                return
            self._reading.add(assignment)
        with contextlib.suppress(RuntimeError):  # the site is being closed
            self._reader.submit(self._read_again, assignment)

    def _read_again(self, assignment: str) -> None:
        try:
            # a page that is about to be shown must not fail over it: the next one tries again
            with contextlib.suppress(AutograderError, OSError):
                self._read(assignment)
        finally:
            with self._lock:
                self._reading.discard(assignment)

    def _read(self, assignment: str) -> None:
        started = time.monotonic()
        held = self._held.get(assignment)
        with self._lock:
            own = len(self._own)
        state = self._watch.state()
        folder = self._course.result_path(assignment, "x").parents[1]
        later = held is None and folder.is_dir() and sum(1 for _ in folder.iterdir()) > AT_ONCE
        results = {} if later else _results_in(folder, held.results if held else {})
        summaries = {who: summary for who, (_, _, summary) in results.items() if summary is not None}
        if held is not None and self._is_current(held):
            table = held.table if results == held.results else _with(held.table, summaries)
            made = replace(held, table=table, results=results, looked=time.monotonic())
        else:
            table = read_class(self._course, assignment, summaries)
            now = time.monotonic()
            made = _Held(table, state, own, results, now, now - started)
        with self._lock:
            if len(self._own) == own:
                self._held[assignment] = made
            elif held is None:  # a mark came in between, which may not be in it: due at once
                self._held[assignment] = replace(made, state=None, looked=0.0)
        # hundreds of thousands of objects, which no collection has to look through: each stops all pages for
        # a tenth of a second. A table that is replaced goes by its references, which are no cycle.
        if held is None or made.table is not held.table:
            gc.collect()
            gc.freeze()
        if later:
            self._read_soon(assignment)


def _with(table: ClassTable, summaries: Mapping[str, Summary]) -> ClassTable:
    lines = {
        who: line if line.summary is summaries.get(who) else replace(line, summary=summaries.get(who))
        for who, line in table.lines.items()
    }
    return replace(table, lines=lines)


def _results_in(folder: Path, known: _Kept) -> dict[str, tuple[int, int, Summary | None]]:
    """What every result in the folder says; only those that changed are read. A damaged one says nothing."""
    found: dict[str, tuple[int, int, Summary | None]] = {}
    with contextlib.suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            if not valid_name(entry.name):
                continue
            path = Path(entry.path, "result.json")
            try:
                stat = path.stat()
                before = known.get(entry.name)
                if before is not None and before[:2] == (stat.st_mtime_ns, stat.st_size):
                    found[entry.name] = before
                    continue
                result = read_if_whole(path)
            except OSError:
                continue
            found[entry.name] = (stat.st_mtime_ns, stat.st_size, Summary.of(result) if result else None)
    return found
