"""The result of grading one submission: the whole truth, in one JSON file."""

from __future__ import annotations

import json
import math
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from autograder.errors import AutograderError
from autograder.formats import Format
from autograder.records import decode, encode

_FORMAT: Format[dict[str, Any]] = Format()  # described for others in result.schema.json
SCHEMA = _FORMAT.version


class Outcome(StrEnum):
    """How a test cell, or a cell of the student's, ended."""

    PASSED = "passed"
    PARTIAL = "partial"
    FAILED = "failed"  # an assertion, with a message for the student
    ERROR = "error"  # any other exception
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASHED = "crashed"
    FAULT = "fault"  # the grader's own: no points either way
    SKIPPED = "skipped"  # not run: no code, or a manual grade

    @property
    def is_final(self) -> bool:
        """Whether running again is bound to give the same."""
        return self not in (Outcome.TIMEOUT, Outcome.MEMORY, Outcome.CRASHED, Outcome.FAULT)


class Status(StrEnum):
    """What became of a submission, or of one of its notebooks."""

    GRADED = "graded"
    NOT_GRADABLE = "not_gradable"
    FAULT = "fault"
    MISSING = "missing"


class DamagedResult(AutograderError):
    """A result file that is not what we wrote."""


@dataclass(frozen=True, slots=True)
class TestResult:
    """One test cell: points of max, and what the student is told."""

    __test__ = False  # not a test of pytest's

    id: str
    points: float
    max: float
    outcome: Outcome
    message: str = ""
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.max) and 0 <= self.points <= self.max):
            raise ValueError(f"{self.id}: {self.points} points are not between 0 and {self.max}")


@dataclass(frozen=True, slots=True)
class CellResult:
    """One cell that is no test. `id` is empty for the student's own, `changed` is for answers."""

    index: int
    id: str
    role: str
    changed: bool
    outcome: Outcome
    message: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class NotebookResult:
    """One notebook of the assignment, in the order of its cells. `reason` says why it is not graded."""

    name: str
    status: Status = Status.GRADED
    tests: tuple[TestResult, ...] = ()
    cells: tuple[CellResult, ...] = ()
    reason: str = ""

    @property
    def points(self) -> float:
        return sum(test.points for test in self.tests)

    @property
    def is_final(self) -> bool:
        outcomes = [*(test.outcome for test in self.tests), *(cell.outcome for cell in self.cells)]
        return self.status is not Status.FAULT and all(outcome.is_final for outcome in outcomes)


@dataclass(frozen=True, slots=True)
class Result:
    """One submission. `key` stands for all that the result depends on: equal keys, equal results.

    `inputs` has a digest of each part of it, by name: "submission", "settings", every test cell...
    """

    schema: int
    assignment: str
    student: str
    status: Status
    key: str
    tier: int | None
    isolation: str
    seeds: Mapping[str, int | bool | None]
    versions: Mapping[str, str]
    notebooks: tuple[NotebookResult, ...]
    tampering: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()  # limits that were hit, one line each
    withheld: Mapping[str, str] = field(default_factory=dict)  # "notebook/test": for instructors only
    inputs: Mapping[str, str] = field(default_factory=dict)
    retries: tuple[str, ...] = ()  # one line for each earlier attempt that was not final

    @property
    def points(self) -> float:
        """Points of the automatic tests."""
        return sum(notebook.points for notebook in self.notebooks)

    @property
    def max_points(self) -> float:
        """The most that the tests in this result could have given."""
        return sum(test.max for notebook in self.notebooks for test in notebook.tests)

    @property
    def is_final(self) -> bool:
        """Whether a rerun with the same key may skip this submission."""
        return self.status is not Status.FAULT and all(notebook.is_final for notebook in self.notebooks)

    @property
    def faults(self) -> Iterator[tuple[str, str]]:
        """Where the grader or a test is to blame, and what it said last."""
        if self.status is Status.FAULT:
            yield "the grader", _last_line(self.withheld.get("fault", ""))
        for part in self.notebooks:
            for test in part.tests:
                if test.outcome is Outcome.FAULT:
                    name = f"{part.name}/{test.id}"
                    yield name, _last_line(self.withheld.get(name, "")) or test.message

    def notebook(self, name: str) -> NotebookResult | None:
        return next((notebook for notebook in self.notebooks if notebook.name == name), None)

    def to_json(self) -> str:
        return json.dumps(encode(self), indent=1, sort_keys=True, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes, where: object = "the result") -> Result:
        """Raises DamagedResult unless the text is exactly such a record, NewerFormat for a newer one."""
        try:
            return decode(cls, _FORMAT.upgraded_record(json.loads(text), where))
        except (ValueError, RecursionError) as error:
            is_no_json = isinstance(error, json.JSONDecodeError | UnicodeDecodeError | RecursionError)
            kind = "not valid JSON" if is_no_json else str(error)
            raise DamagedResult(f"{where}: damaged: {kind}; grade again with --force") from None

    def write_atomically(self, path: Path) -> None:
        """Write the file so that a reader, or a crash, sees the old result or the new one, never half."""
        write_atomically(path, self.to_json())

    @classmethod
    def read(cls, path: Path) -> Result | None:
        """The result in the file, None if there is no file. Raises DamagedResult and NewerFormat."""
        try:
            return cls.from_json(path.read_bytes(), path)
        except FileNotFoundError:
            return None


def _last_line(text: str) -> str:
    return next((line for line in reversed(text.splitlines()) if line.strip()), "")


def read_if_whole(path: Path) -> Result | None:
    """The result in the file, None if there is none, or none that we wrote. Raises NewerFormat."""
    try:
        return Result.read(path)
    except DamagedResult:
        return None


def write_atomically(path: Path, text: str) -> None:
    """Write the file so that a reader, or a crash, sees the old content or the new one, never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(prefix=".result-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the rename itself survive a power cut (fsync(2), NOTES)."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
