"""Every attempt that was ever collected: `.autograder/attempts/ASSIGNMENT/STUDENT/NNN/`.

    files/           what was handed in, as it is laid into submitted/
    original/        notebooks as they came, where metadata had to be restored
    attempt.json     where it came from, when, and its digest

An attempt is written beside its place and renamed, so that it is there whole or not at all; it is never
changed after that, and nothing but the deletion of a student takes it away.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from autograder.course import Course, checked_student
from autograder.records import BadRecord, decode, encode
from autograder.result import write_atomically
from autograder.scratch import remove_tree
from autograder.submission import Submission

RECORD, FILES, ORIGINAL = "attempt.json", "files", "original"
_DIGITS = re.compile(r"(\d{1,20})")
STANDING = "submitted"  # the origin of what stood in submitted/ and came from no attempt


@dataclass(frozen=True, slots=True)
class Record:
    """attempt.json. `by` is who handed it in, where that was another member of the group.

    `came` is the digest of what was handed in, where `sha256` is that of restored notebooks.
    """

    origin: str
    file: str
    time: str
    time_from: str
    sha256: str
    by: str = ""
    came: str = ""

    def holds(self, sha256: str) -> bool:
        """Whether that is its content, or what was handed in for it."""
        return sha256 in (self.sha256, self.came)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt of a student's, by its number from 1."""

    number: int
    record: Record

    @property
    def time(self) -> datetime | None:
        return _time(self.record)

    @property
    def order(self) -> tuple[datetime, bool, list[tuple[int, str]], int]:
        """By time. Of the same time, what was put into submitted/ by hand comes last; else the names decide,
        so that all members of a group have the same last one, and then the order in which they came."""
        record = self.record
        names = [(int(part) if part.isdecimal() else -1, part) for part in _DIGITS.split(record.file)]
        return (self.time or datetime.min, record.origin == STANDING, names, self.number)


@dataclass(frozen=True, slots=True)
class Collected:
    """What is about to be an attempt: a record, the files, and notebooks as they came before restoring."""

    record: Record
    submission: Submission
    original: Mapping[str, bytes] = field(default_factory=dict)


def time_text(time: datetime | None) -> str:
    """The form of nbgrader's timestamp.txt; naive UTC."""
    return f"{time.isoformat(' ', 'microseconds')} UTC" if time is not None else ""


def _time(record: Record) -> datetime | None:
    return datetime.fromisoformat(record.time.removesuffix(" UTC")) if record.time else None


class Attempts:
    """The attempts of one student. With `dry`, they are counted and not written."""

    def __init__(self, course: Course, assignment: str, student: str, dry: bool = False) -> None:
        self.folder = course.state / "attempts" / assignment / checked_student(student)
        self._dry = dry
        names = [path.name for path in self.folder.iterdir()] if self.folder.is_dir() else []
        self._taken = [int(name) for name in names if name.isdecimal()]
        if not dry:
            remove_tree(self.folder / ".new")  # of a run that was killed
        read = (self._read(number) for number in sorted(self._taken))
        self._known = [attempt for attempt in read if attempt is not None]

    def __iter__(self) -> Iterator[Attempt]:
        return iter(self._known)

    def files(self, attempt: Attempt) -> Path:
        """The folder of what was handed in."""
        return self._place(attempt.number) / FILES

    def has(self, sha256: str) -> bool:
        return any(attempt.record.sha256 == sha256 for attempt in self._known)

    def add(self, collected: Collected) -> Attempt:
        """Keeps it, unless it is there: the same content twice, with no other between, is one attempt."""
        found = self._same(collected.record)
        if found is not None:
            return found

        def write(folder: Path) -> None:
            files = _as_files(collected.submission.notebooks)
            _fill(folder / FILES, {**files, **collected.submission.files})
            if collected.original:
                _fill(folder / ORIGINAL, _as_files(collected.original))

        return self._keep(collected.record, write)

    def add_standing(self, folder: Path, record: Record) -> Attempt:
        """Keeps a copy of a folder in submitted/, to the last file. Raises OSError."""
        return self._keep(record, lambda new: _copy_tree(folder, new / FILES))

    def _same(self, record: Record) -> Attempt | None:
        time = _time(record)
        for attempt in self._known:
            if not attempt.record.holds(record.sha256):
                continue
            if time is None or attempt.time is None:
                return attempt
            first, last = min(time, attempt.time), max(time, attempt.time)
            others = (each for each in self._known if not each.record.holds(record.sha256))
            if not any(first < each.time < last for each in others if each.time is not None):
                return attempt
        return None

    def _keep(self, record: Record, write: Callable[[Path], None]) -> Attempt:
        number = max(self._taken, default=0) + 1
        if not self._dry:
            new = self.folder / ".new"
            new.mkdir(parents=True)
            write(new)
            (new / RECORD).write_text(json.dumps(encode(record), indent=1), "utf-8")
            new.rename(self._place(number))
        attempt = Attempt(number, record)
        self._taken.append(number)
        self._known.append(attempt)
        return attempt

    def _read(self, number: int) -> Attempt | None:
        record = _read_record(self._place(number) / RECORD)
        return None if record is None else Attempt(number, record)

    def _place(self, number: int) -> Path:
        return self.folder / f"{number:03}"


def _read_record(path: Path) -> Record | None:
    """The record, None where the file is not one that we wrote."""
    try:
        record = decode(Record, json.loads(path.read_bytes()))
        _time(record)
    except (OSError, ValueError, BadRecord, RecursionError):
        return None
    return record


def _as_files(notebooks: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"{name}.ipynb": data for name, data in notebooks.items()}


def _fill(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes the files, read-only, into a new folder."""
    folder.mkdir()
    top = str(folder)  # a class has tens of thousands of files, and pathlib takes longer than they do
    for name, data in files.items():
        if "/" in name:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(f"{top}/{name}", os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o444)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)


def _copy_tree(source: Path, target: Path) -> None:
    """Links as links; pipes and devices, which hold nothing, are left out."""
    shutil.copytree(source, target, symlinks=True, ignore=_special)


def _special(folder: str, names: list[str]) -> list[str]:
    paths = {name: Path(folder) / name for name in names}
    return [n for n, p in paths.items() if not (p.is_symlink() or p.is_dir() or p.is_file())]


def forget_in_attempts(course: Course, student: str) -> Iterator[tuple[Path, Callable[[], None]]]:
    """The records of others' attempts that this student handed in for them, and how to take the name out."""
    for path in sorted((course.state / "attempts").glob(f"*/*/*/{RECORD}")):
        record = _read_record(path)
        if record is not None and record.by == student:
            text = json.dumps(encode(replace(record, by="", file="")), indent=1)
            yield path, partial(write_atomically, path, text)


# Laying out -------------------------------------------------------------------------------------


def lay_out(files: Path, target: Path, time: datetime | None) -> None:
    """Makes the folder `target` hold these files and the time; a kill leaves the old one or the new one."""
    new, old = sweep(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(files, new, symlinks=True, copy_function=_copy)
    if time is not None:
        (new / "timestamp.txt").write_text(time_text(time), "utf-8")
    if target.is_dir():
        _exchange(new, target, old)
        remove_tree(new)
    else:
        new.rename(target)


def sweep(target: Path) -> tuple[Path, Path]:
    """Removes what a kill left beside the folder `target`; the names of the new and the old one."""
    new, old = (target.with_name(f".{kind}-{target.name}") for kind in ("new", "old"))
    remove_tree(new)
    remove_tree(old)
    return new, old


def _copy(source: str, target: str) -> None:
    """Content alone: a copy may be written to, unlike an attempt."""
    shutil.copyfile(source, target, follow_symlinks=False)


_RENAME_EXCHANGE = 2  # renameat2(2)
_AT_FDCWD = -100


def _exchange(new: Path, old: Path, aside: Path) -> None:
    """Both names at once; where the file system cannot, one after the other."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    done = libc.renameat2(_AT_FDCWD, os.fsencode(new), _AT_FDCWD, os.fsencode(old), _RENAME_EXCHANGE)
    if done != 0:
        old.rename(aside)  # its content is kept as an attempt: the same command lays it out again
        new.rename(old)
        remove_tree(aside)
