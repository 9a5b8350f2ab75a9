"""What students are allowed: more time for an assignment, or to be excused from it.

Kept in `.autograder/allowances.json`; an extension also stands in nbgrader's gradebook, which counts
lateness by it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from autograder.course import Course, valid_name
from autograder.errors import UsageError, did_you_mean
from autograder.formats import Format
from autograder.records import BadRecord, decode, encode
from autograder.result import write_atomically
from autograder.tables import read_sheet

COLUMNS = ("student_id", "assignment", "extension", "excused", "reason")
_FORMAT: Format[dict[str, Any]] = Format()
SCHEMA = _FORMAT.version
LONGEST = timedelta(days=1000)
_MAX_REASON = 500
_HOURS = {"w": 168.0, "d": 24.0, "h": 1.0, "m": 1 / 60, "s": 1 / 3600}
_PART = r"(\d{1,6}(?:\.\d{1,6})?)\s*([wdhms])"
_YES, _NO = ("yes", "true", "1", "x"), ("", "no", "false", "0")


@dataclass(frozen=True, slots=True)
class Allowance:
    """`extension` in seconds after the due date; None where nothing was granted."""

    extension: float | None = None
    excused: bool = False
    reason: str = ""

    @property
    def more_time(self) -> timedelta | None:
        return None if self.extension is None else timedelta(seconds=self.extension)


@dataclass(frozen=True, slots=True)
class Allowances:
    """All of a course, by assignment and student."""

    schema: int = SCHEMA
    allowances: Mapping[str, Mapping[str, Allowance]] = field(default_factory=dict)

    @classmethod
    def read(cls, course: Course) -> Allowances:
        """Those that were granted so far. Raises UsageError for a file that is damaged or newer."""
        path = _path(course)
        try:
            return decode(cls, _FORMAT.upgraded_record(json.loads(path.read_bytes()), path), "allowances")
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError, RecursionError, BadRecord) as error:
            raise UsageError(f"{path}: cannot be read ({error}); put an older copy in its place") from None

    def of(self, assignment: str) -> Mapping[str, Allowance]:
        return self.allowances.get(assignment, {})

    def extensions(self, assignment: str) -> dict[str, timedelta]:
        """By student, what was granted beyond the due date."""
        return {who: time for who, one in self.of(assignment).items() if (time := one.more_time) is not None}

    def without(self, student: str) -> Allowances:
        """Without whatever this student was granted."""
        names = [name for name, students in self.allowances.items() if student in students]
        return self.replaced([Entry(student, name, None) for name in names])

    def replaced(self, entries: Sequence[Entry]) -> Allowances:
        """With these entries in the place of earlier ones; an empty one removes."""
        by_assignment = {name: dict(students) for name, students in self.allowances.items()}
        for entry in entries:
            students = by_assignment.setdefault(entry.assignment, {})
            students.pop(entry.student, None)
            if entry.allowance is not None:
                students[entry.student] = entry.allowance
        return Allowances(SCHEMA, {name: students for name, students in by_assignment.items() if students})

    def write(self, course: Course) -> None:
        write_atomically(_path(course), json.dumps(encode(self), indent=1, sort_keys=True) + "\n")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a file of allowances; without an allowance it takes back what was granted."""

    student: str
    assignment: str
    allowance: Allowance | None


def read_entries(path: Path, assignments: Sequence[str]) -> tuple[list[Entry], list[str]]:
    """The entries of a CSV file, and a line for each row that is none.

    Raises UsageError for a file that is no such table.
    """
    sheet = read_sheet(path)
    columns = [name.strip().lower() for name in sheet.header]
    if set(columns) - set(COLUMNS) or not {"student_id", "assignment"} <= set(columns):
        raise UsageError(f"{path}: its first line must name the columns {', '.join(COLUMNS)}")
    entries: dict[tuple[str, str], Entry] = {}
    problems = []
    for row in sheet.rows:
        if not any(cell.strip() for cell in row.cells):
            continue
        try:
            entry = _entry(columns, row.cells, assignments)
            if (entry.student, entry.assignment) in entries:
                raise ValueError(
                    f"{entry.student!r} is there twice for {entry.assignment!r}; the first counts"
                )
        except ValueError as error:
            problems.append(f"line {row.line}: {error}")
        else:
            entries[entry.student, entry.assignment] = entry
    return list(entries.values()), problems


def _entry(columns: Sequence[str], row: Sequence[str], assignments: Sequence[str]) -> Entry:
    if len(row) != len(columns):
        raise ValueError(f"{len(row)} cells where the first line has {len(columns)}")
    cells = dict(zip(columns, (cell.strip() for cell in row), strict=True))
    student, assignment = cells["student_id"], cells["assignment"]
    if not valid_name(student):
        raise ValueError(f"{student!r} is no student id")
    if assignment not in assignments:
        raise ValueError(f"no assignment {assignment!r} in source/{did_you_mean(assignment, assignments)}")
    more_time = extension_of(cells.get("extension", ""))
    excused = cells.get("excused", "").lower()
    if excused not in (*_YES, *_NO):
        raise ValueError(f"excused is {excused!r}; write yes or leave it empty")
    if more_time is None and excused in _NO:
        return Entry(student, assignment, None)
    seconds = None if more_time is None else more_time.total_seconds()
    reason = cells.get("reason", "")[:_MAX_REASON]
    return Entry(student, assignment, Allowance(seconds, excused in _YES, reason))


def extension_of(text: str) -> timedelta | None:
    """ "2d 12h", "36h", "90m", "1w", or a number of hours; None for nothing. Raises ValueError."""
    text = text.strip().lower()
    if not text:
        return None
    if re.fullmatch(r"\d{1,6}(\.\d{1,6})?", text, re.ASCII):
        hours = float(text)
    elif re.fullmatch(rf"({_PART}\s*)+", text, re.ASCII):
        hours = sum(float(number) * _HOURS[unit] for number, unit in re.findall(_PART, text))
    else:
        raise ValueError(f"extension {text[:40]!r} is no time; write it like `2d 12h`, `36h` or `36`")
    found = timedelta(hours=hours)
    if found > LONGEST:
        raise ValueError(f"extension {text[:40]!r} is longer than {LONGEST.days} days")
    return found


def words_of(more_time: timedelta | None) -> str:
    """As it is written in a file: "2d 12h", or nothing."""
    if more_time is None:
        return ""
    minutes, rest = divmod(round(more_time.total_seconds()), 60)
    parts = {"d": minutes // 1440, "h": minutes // 60 % 24, "m": minutes % 60, "s": rest}
    return " ".join(f"{count}{unit}" for unit, count in parts.items() if count) or "0h"


@contextmanager
def one_writer(course: Course) -> Iterator[None]:
    """Keeps two commands from each writing over what the other one granted."""
    from filelock import FileLock

    course.state.mkdir(exist_ok=True)
    with FileLock(course.state / "allowances.lock"):
        yield


def _path(course: Course) -> Path:
    return course.state / "allowances.json"
