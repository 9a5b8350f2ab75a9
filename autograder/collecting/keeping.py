"""One student's part of a run of `collect`: attempts kept, and the one that counts laid into submitted/.

Whoever calls these may be one of several processes at work: they touch nothing but the student's folders.
"""

from __future__ import annotations

import errno
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from autograder.assignment import Assignment
from autograder.collecting.archives import Refused
from autograder.collecting.attempt import Stray
from autograder.collecting.attempts import STANDING, Attempt, Attempts, Record, lay_out, sweep, time_text
from autograder.collecting.placing import Belonging
from autograder.collecting.preparing import Prepared, Restored, prepare
from autograder.course import Course
from autograder.errors import UsageError, cannot_write
from autograder.settings import Limits
from autograder.submission import read_submission

Change = Literal["new", "replaced", "unchanged"]


@dataclass(frozen=True, slots=True)
class Room:
    """Where a run keeps things, and how it reads them."""

    course: Course
    assignment: Assignment
    limits: Limits
    by_order: bool
    dry_run: bool


@dataclass
class Kept:
    """A student's attempts, the digest of what stands in submitted/, and what was said of which attempt.

    `attempts` is None where they could not be kept; `strays` say why.
    """

    attempts: Attempts | None = None
    standing: str = ""
    flags: dict[int, Sequence[str]] = field(default_factory=dict)
    restored: dict[int, Sequence[Restored]] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)
    strays: list[Stray] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Placed:
    """The attempt that counts for a student now, and the others, which are kept."""

    student: str
    change: Change
    attempt: int
    file: str
    time: str
    time_from: str
    by: str
    earlier: tuple[str, ...]
    points: float | None = None


def keep(room: Room, student: str, belongings: Sequence[Belonging]) -> Kept:
    """Makes attempts of what stands in submitted/ and of the submissions."""
    kept = Kept()
    try:
        attempts = Attempts(room.course, room.assignment.name, student, room.dry_run)
        kept.standing = keep_standing(room.course, room.assignment.name, student, attempts, room.limits)
        for belonging in sorted(belongings, key=lambda each: time_text(each.hand_in.time)):
            prepared = prepare(belonging, student, room.assignment, room.limits, room.by_order)
            kept.refused += prepared.refused
            if _is_empty(prepared):
                kept.strays.append(Stray(belonging.hand_in.file, f"{student}: no file of it can be taken"))
                continue
            attempt = attempts.add(prepared.collected)
            if attempt.record.sha256 == prepared.collected.record.sha256:  # else it was restored before
                kept.flags[attempt.number] = prepared.flags
                kept.restored[attempt.number] = prepared.restored
    except OSError as error:
        kept.strays.append(_cannot(room, student, error))
    else:
        kept.attempts = attempts
    return kept


def keep_standing(course: Course, name: str, student: str, attempts: Attempts, limits: Limits) -> str:
    """The digest of what stands in submitted/, which becomes an attempt if it came from none.

    Raises OSError.
    """
    folder = course.submitted(student, name)
    if not folder.is_symlink() and not (folder.is_dir() and any(folder.iterdir())):
        return ""
    try:
        submission = read_submission(folder, student, name, limits)
    except UsageError:
        raise OSError("submitted/ has something else than a folder for this assignment") from None
    digest = submission.digest()
    if not attempts.has(digest):
        time = time_text(submission.timestamp)
        where = str(folder.relative_to(course.root))
        attempts.add_standing(folder, Record(STANDING, where, time, "timestamp.txt" if time else "", digest))
    return digest


def place(
    room: Room, student: str, attempts: Attempts, standing: str, chosen: Attempt, points: float | None
) -> Placed | Stray:
    """Lays `chosen` out, unless it stands there: a run that changes nothing writes nothing."""
    record = chosen.record
    change: Change = "unchanged" if record.sha256 == standing else "new"
    if change == "new" and standing:
        change = "replaced"
    target = room.course.submitted(student, room.assignment.name)
    try:
        if not room.dry_run:
            lay_out_if_other(attempts, chosen, target, standing)
    except OSError as error:
        return _cannot(room, student, error)
    others = [attempt for attempt in attempts if attempt is not chosen]
    return Placed(
        student=student,
        change=change,
        attempt=chosen.number,
        file=record.file,
        time=record.time,
        time_from=record.time_from,
        by=record.by,
        earlier=tuple(map(_line, sorted(others, key=lambda attempt: attempt.order))),
        points=points,
    )


def lay_out_if_other(attempts: Attempts, chosen: Attempt, target: Path, standing: str) -> None:
    """Lays the attempt out in the folder `target`, unless its content, with this digest, stands there."""
    if chosen.record.sha256 == standing:
        sweep(target)
    else:
        lay_out(attempts.files(chosen), target, chosen.time)


def _cannot(room: Room, student: str, error: OSError) -> Stray:
    """One folder that cannot be written is one student's; a full disk would be everybody's."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
        raise cannot_write(error, room.course.state) from None
    return Stray(student, f"cannot be written ({error.strerror or error}); mend that and run again")


def _is_empty(prepared: Prepared) -> bool:
    submission = prepared.collected.submission
    return not submission.notebooks and not submission.files


def _line(attempt: Attempt) -> str:
    record = attempt.record
    who = f" by {record.by}" if record.by else ""
    return f"{attempt.number:03} {record.time or 'without a time'}{who}: {record.file}"
