"""The files that a student's code wrote, read by somebody with more rights: no link is ever followed.

A link to the course's folder would be read with the reader's rights, and a folder may become a link
while it is looked at; so every step is taken from the descriptor of the folder before.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

MAX_LISTED = 10_000
MAX_COPIED = 1_000
MAX_BYTES = 64 * 2**20  # of all copies
MAX_LEVELS = 16
MAX_PATH = 1_000  # bytes; beyond 4,096 no file can be opened by its whole path

State = tuple[int, int, int]  # inode, change time in ns, size: what changes when a file does

_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class TooManyFiles(Exception):
    """More entries than MAX_LISTED below a folder."""


def regular_files(root: int) -> Iterator[tuple[str, State, int, str]]:
    """Relative path, state, and the descriptor of the folder and the name to open it by.

    Sorted within each folder; raises TooManyFiles.
    """
    left = [MAX_LISTED]
    yield from _walk(root, "", MAX_LEVELS, left)


def _walk(folder: int, prefix: str, levels: int, left: list[int]) -> Iterator[tuple[str, State, int, str]]:
    for name in _names(folder, left):
        if len(os.fsencode(prefix + name)) > MAX_PATH:
            continue
        with contextlib.suppress(OSError):
            about = os.stat(name, dir_fd=folder, follow_symlinks=False)
            if stat.S_ISREG(about.st_mode):
                yield prefix + name, _state(about), folder, name
            elif stat.S_ISDIR(about.st_mode) and levels:
                inner = os.open(name, _OPEN | os.O_DIRECTORY, dir_fd=folder)
                try:
                    yield from _walk(inner, f"{prefix}{name}/", levels - 1, left)
                finally:
                    os.close(inner)


def _names(folder: int, left: list[int]) -> list[str]:
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            left[0] -= 1
            if left[0] < 0:
                raise TooManyFiles
            found.append(entry.name)
    return sorted(found)


def _state(about: os.stat_result) -> State:
    return about.st_ino, about.st_ctime_ns, about.st_size


def read_regular(folder: int, name: str, most: int) -> bytes | None:
    """The content of a regular file of at most `most` bytes; None for anything else."""
    with contextlib.suppress(OSError):
        descriptor = os.open(name, _OPEN, dir_fd=folder)
        with os.fdopen(descriptor, "rb") as file:
            about = os.fstat(descriptor)
            if stat.S_ISREG(about.st_mode) and about.st_size <= most:
                return file.read(most + 1)
    return None


def listing(root: int) -> dict[str, State] | None:
    """Every regular file below `root`; None if there are too many to tell."""
    try:
        return {path: state for path, state, _, _ in regular_files(root)}
    except TooManyFiles:
        return None


class FileView:
    """Copies of the student's files in the folder `target`, where a test reads them.

    At most MAX_COPIED files, of MAX_BYTES together: a sparse file takes no room where it was made.
    """

    def __init__(self, target: Path) -> None:
        self._target = target
        self._seen: dict[str, State] = {}

    def refresh(self, root: int) -> dict[str, State] | None:
        """Brings the copies up to date with what lies below `root`; its listing, as above."""
        found = listing(root)
        if found is None or found == self._seen:
            return found
        for gone in self._seen.keys() - found.keys():  # first: it may stand in the way of a copy
            self._remove(gone)
        with contextlib.suppress(TooManyFiles):  # they come while we look
            self._copy_changed(root)
        self._seen = found
        return found

    def _copy_changed(self, root: int) -> None:
        room = MAX_BYTES
        for number, (path, state, folder, name) in enumerate(regular_files(root)):
            _, _, size = state
            if number < MAX_COPIED and size <= room:
                room -= size
                if self._seen.get(path) != state:
                    self._copy(path, read_regular(folder, name, size))

    def _remove(self, path: str) -> None:
        with contextlib.suppress(OSError):  # a folder that holds more, or what a test put there
            (self._target / path).unlink(missing_ok=True)
            for folder in Path(path).parents[:-1]:
                (self._target / folder).rmdir()

    def _copy(self, path: str, data: bytes | None) -> None:
        if data is not None:
            with contextlib.suppress(OSError):  # what a test put in its place
                (self._target / path).parent.mkdir(parents=True, exist_ok=True)
                (self._target / path).write_bytes(data)
