"""What students see of the course: the assignments that were released, and when they are due."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from autograder.allowances import Allowances
from autograder.assignment import PERSONAL_FILE, is_ignored
from autograder.course import Course, valid_assignment, valid_name
from autograder.database import interval_of, time_of

MAX_DEPTH = 8

_DUE = """
SELECT a.name, a.duedate, s.extension FROM assignment a
LEFT JOIN submitted_assignment s ON s.assignment_id = a.id AND s.student_id = :student
"""


@dataclass(frozen=True, slots=True)
class Released:
    """An assignment in `release/`. `files` are those in it, by path; `due` is this student's own date.

    With `is_personal`, the file of data in it is an example, and each student gets their own in its place.
    """

    name: str
    files: Mapping[str, Path]
    due: datetime | None
    more_time: timedelta | None
    excused: bool
    is_personal: bool

    @property
    def notebooks(self) -> tuple[str, ...]:
        """The files that are to come back."""
        return tuple(path for path in self.files if path.endswith(".ipynb") and "/" not in path)


def released(course: Course, student: str) -> list[Released]:
    """All of them as this student has them, the next due first, those without a date last."""
    dates = _dates(course, student)
    allowances = Allowances.read(course)
    found = []
    for name in released_names(course):
        files = _files(course.release(name))
        if not files:
            continue
        due, more_time = dates.get(name, (None, None))
        allowance = allowances.of(name).get(student)
        if allowance is not None and allowance.more_time is not None:
            more_time = allowance.more_time
        if due is not None and more_time is not None:
            due += more_time
        excused = allowance is not None and allowance.excused
        is_personal = course.settings.for_assignment(name).personal is not None
        if is_personal:  # `nbgrader generate_assignment` puts no example there
            files.setdefault(PERSONAL_FILE, course.release(name) / PERSONAL_FILE)
        found.append(Released(name, files, due, more_time, excused, is_personal))
    return sorted(found, key=lambda one: (one.due is None, one.due, one.name))


def released_names(course: Course) -> list[str]:
    """Names of the folders in `release/`, sorted."""
    try:
        with os.scandir(course.root / "release") as entries:
            return sorted(e.name for e in entries if valid_assignment(e.name) and e.is_dir())
    except FileNotFoundError:
        return []


def _dates(course: Course, student: str) -> dict[str, tuple[datetime | None, timedelta | None]]:
    """Due date, and extension that was given in nbgrader, by assignment."""
    with course.database.reading("the gradebook", "tell your instructor") as query:
        rows = query(_DUE, {"student": student}) if query is not None else ()
    return {name: (_aware(time_of(due)), interval_of(extension)) for name, due, extension in rows}


def _aware(due: datetime | None) -> datetime | None:
    return due.replace(tzinfo=UTC) if due else None


def _files(folder: Path) -> dict[str, Path]:
    """Regular files by path, notebooks first; links lead nowhere from here."""
    found: dict[str, Path] = {}

    def walk(folder: Path, prefix: str, depth: int) -> None:
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if is_ignored(entry.name) or not valid_name(entry.name):
                    continue
                if entry.is_dir(follow_symlinks=False) and depth < MAX_DEPTH:
                    walk(folder / entry.name, f"{prefix}{entry.name}/", depth + 1)
                elif entry.is_file(follow_symlinks=False):
                    found[prefix + entry.name] = folder / entry.name

    walk(folder, "", 0)
    return dict(sorted(found.items(), key=lambda item: (not item[0].endswith(".ipynb"), item[0])))
