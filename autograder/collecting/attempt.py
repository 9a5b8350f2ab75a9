"""What somebody handed in at one time, as its origin tells of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from autograder.collecting.archives import Contents, Entry, Refused

# the platform's own record, nbgrader's file, or the time of the file in the download
TimeFrom = Literal["platform", "timestamp.txt", "file"]


@dataclass(frozen=True, slots=True)
class Who:
    """Whom a submission belongs to, in the words of its origin; what it does not tell is empty."""

    label: str
    student: str = ""  # an id of the roster's
    lms_user_id: str = ""
    email: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class HandIn:
    """One submission as it came: who (several for a group), files by the path that the student gave them.

    `time` is naive UTC, and None where nothing tells it; `time_from` says what does.
    """

    origin: str
    file: str  # the download, and the place in it
    who: tuple[Who, ...]
    files: Mapping[str, Entry]
    time: datetime | None
    time_from: TimeFrom = "file"
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stray:
    """Something that is nobody's submission, with the reason."""

    file: str
    reason: str


@dataclass
class Sorted:
    """A download taken apart: submissions, what is nobody's, what was refused, what there is to say."""

    hand_ins: list[HandIn] = field(default_factory=list)
    strays: list[Stray] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def without_wrapper(contents: Contents) -> list[tuple[tuple[str, ...], Entry]]:
    """Entries by the parts of their paths, without one folder that all of them lie in."""
    tops = {entry.parts[0] for entry in contents.entries}
    wrapped = len(tops) == 1 and all(len(entry.parts) > 1 for entry in contents.entries)
    return [(entry.parts[1:] if wrapped else entry.parts, entry) for entry in contents.entries]


def latest(entries: Sequence[Entry]) -> datetime | None:
    """The time of the newest of them."""
    return max((entry.time for entry in entries if entry.time is not None), default=None)
