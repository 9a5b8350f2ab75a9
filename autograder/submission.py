"""What a student handed in, read as hostile data: bytes, sizes and regular files only."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from autograder.assignment import is_ignored
from autograder.course import valid_name
from autograder.errors import UsageError
from autograder.runtime.files import MAX_PATH
from autograder.settings import Limits

TIMESTAMP, SECRET = "timestamp.txt", "submission_secret.txt"
MAX_FOLDER_DEPTH = 16
MAX_NAMES = 100_000  # in one folder
MAX_NOTES = 20
_TIMESTAMP_FORM = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})? UTC")


@dataclass(frozen=True, slots=True)
class Submission:
    """The files of one student for one assignment.

    `notebooks` are those in the top folder, by name without suffix; `files` all others by path.
    `unreadable` are notebooks that are there but were not read, with the reason: no case for zero
    points. `notes` tell of whatever else was skipped.
    """

    student: str
    assignment: str
    path: Path
    notebooks: Mapping[str, bytes]
    files: Mapping[str, bytes] = field(default_factory=dict)
    timestamp: datetime | None = None  # naive, in UTC, as nbgrader keeps it
    unreadable: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def digest(self) -> str:
        """sha256 over names and contents, without the timestamp and the secret."""
        contents = {f"{name}.ipynb": data for name, data in self.notebooks.items()} | dict(self.files)
        total = hashlib.sha256()
        for name in sorted(contents.keys() - {TIMESTAMP, SECRET}):
            total.update(f"{len(name.encode())}:{name}:{len(contents[name])}:".encode())
            total.update(contents[name])
        for name, reason in sorted(self.unreadable.items()):
            total.update(f"unreadable:{name}:{reason}".encode())
        return total.hexdigest()


def read_submission(path: Path, student: str, assignment: str, limits: Limits) -> Submission:
    """The submission in the folder `path`, no link followed, nothing but regular files opened.

    Raises UsageError if there is no such folder.
    """
    try:
        root = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        raise UsageError(f"{path}: no such folder; the submission of {student!r} should be there") from None
    reader = _Reader(limits)
    try:
        reader.read_folder(root, "", 0)
    finally:
        os.close(root)
    timestamp, note = parse_timestamp(reader.files.get(TIMESTAMP, b""))
    notes = [*reader.notes, *([note] if note else [])]
    if len(notes) > MAX_NOTES:
        notes[MAX_NOTES:] = [f"and {len(notes) - MAX_NOTES} more files were skipped"]
    return Submission(
        student=student,
        assignment=assignment,
        path=path,
        notebooks=reader.notebooks,
        files=reader.files,
        timestamp=timestamp,
        unreadable=reader.unreadable,
        notes=tuple(notes),
    )


def parse_timestamp(content: bytes) -> tuple[datetime | None, str | None]:
    """The time in a timestamp.txt, as nbgrader reads it, in naive UTC; or None and what is wrong with it."""
    try:
        text = content.decode().strip()
        if not text:
            return None, None
        if _TIMESTAMP_FORM.fullmatch(text):
            return datetime.fromisoformat(text.removesuffix(" UTC")), None
        return _parse_any(text), None
    except (ValueError, OverflowError):
        return None, f"{TIMESTAMP} holds no time; the submission counts as one without a time"


def _parse_any(text: str) -> datetime:
    """Other forms than nbgrader's own, by the rules of nbgrader.utils.parse_utc."""
    from dateutil import parser, tz  # type: ignore[import-untyped]

    if len(text) > 100:
        raise ValueError("too long for a time")
    zones = {}
    parts = text.split(" ")
    if len(parts) == 3:
        text = " ".join([*parts[:2], "TZ"])
        zone = parts[2]
        zones["TZ"] = int(zone) if re.fullmatch(r"[+-]?\d{1,6}", zone) else tz.gettz(_zone_name(zone))
    time: datetime = parser.parse(text, tzinfos=zones)
    return time if time.tzinfo is None else time.astimezone(UTC).replace(tzinfo=None)


def _zone_name(zone: str) -> str:
    """A zone's name, if it is one: `gettz` would open any file that a submission names."""
    if not re.fullmatch(r"[A-Za-z][\w+-]*(/[A-Za-z][\w+-]*){0,2}", zone):
        raise ValueError("no time zone")
    return zone


class _Reader:
    """Walks a folder by descriptors, within the limits of one submission."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.notebooks: dict[str, bytes] = {}
        self.files: dict[str, bytes] = {}
        self.unreadable: dict[str, str] = {}
        self.notes: list[str] = []
        self.bytes_left = limits.submission_bytes
        self.files_left = limits.files

    def read_folder(self, folder: int, prefix: str, depth: int) -> None:
        for name in self._names(folder):
            path = prefix + name
            try:
                self._read_entry(folder, name, path, depth)
            except _Skipped as error:
                self._skip(path, str(error))
            except OSError as error:
                self._skip(path, f"cannot be read ({error.strerror})")

    def _names(self, folder: int) -> Iterator[str]:
        with os.scandir(folder) as entries:
            names = [entry.name for entry, _ in zip(entries, range(MAX_NAMES), strict=False)]
        # Notebooks first: no crowd of other files may use up the limits before them.
        for name in sorted(names, key=lambda name: (not name.endswith(".ipynb"), name)):
            if valid_name(name):
                if not is_ignored(name):
                    yield name
            elif not name.startswith("."):
                self.notes.append(f"{ascii(name)[:80]} was skipped: its name is not printable")

    def _read_entry(self, folder: int, name: str, path: str, depth: int) -> None:
        # Non-blocking, else opening a FIFO waits for its writer for ever.
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
        if len(path.encode()) > MAX_PATH:
            raise _Skipped("has too long a path")
        kind = os.stat(name, dir_fd=folder, follow_symlinks=False)
        if not (stat.S_ISREG(kind.st_mode) or stat.S_ISDIR(kind.st_mode)):
            raise _Skipped("is no regular file")
        descriptor = os.open(name, flags, dir_fd=folder)
        try:
            opened = os.fstat(descriptor)
            if stat.S_ISDIR(opened.st_mode):
                if path.endswith(".ipynb"):
                    raise _Skipped("is a folder")
                if depth == MAX_FOLDER_DEPTH:
                    raise _Skipped("lies too deep")
                self.read_folder(descriptor, f"{path}/", depth + 1)
            elif stat.S_ISREG(opened.st_mode):
                self._keep(path, self._content(descriptor, opened.st_size))
            else:
                raise _Skipped("is no regular file")
        finally:
            os.close(descriptor)

    def _content(self, descriptor: int, size: int) -> bytes:
        allowed = min(self.limits.file_bytes, self.bytes_left)
        if size > allowed:
            raise _Skipped(f"is too large ({size:,} bytes)")
        if self.files_left == 0:
            raise _Skipped("is one file too many")
        with os.fdopen(os.dup(descriptor), "rb") as file:
            content = file.read(allowed + 1)
        if len(content) > allowed:
            raise _Skipped("is too large")
        self.files_left -= 1
        self.bytes_left -= len(content)
        return content

    def _keep(self, path: str, content: bytes) -> None:
        if "/" not in path and path.endswith(".ipynb"):
            self.notebooks[path.removesuffix(".ipynb")] = content
        else:
            self.files[path] = content

    def _skip(self, path: str, reason: str) -> None:
        if "/" not in path and path.endswith(".ipynb"):
            self.unreadable[path.removesuffix(".ipynb")] = f"{path} {reason}"
        self.notes.append(f"{path[:200]} was skipped: it {reason}")


class _Skipped(Exception):
    """An entry that is not read; the message completes "it ..."."""
