"""The files that the student's cells wrote, as a test sees them: copies, without links."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

MAX_FILES = 1_000
MAX_BYTES = 64 * 2**20
MAX_LEVELS = 8

_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class FileView:
    """Copies the student's regular files from `source` to `target`, where a test reads them.

    Links are not followed and not copied: a link to the course's folder would be read with the
    examiner's rights.
    """

    def __init__(self, source: Path, target: Path) -> None:
        self._source = source
        self._target = target
        self._seen: dict[str, tuple[int, int, int]] = {}

    def refresh(self) -> None:
        """Brings the copies up to date; what is over the limits is left out."""
        found: dict[str, tuple[int, int, int]] = {}
        with contextlib.suppress(OSError):
            root = os.open(self._source, _OPEN | os.O_DIRECTORY)
            try:
                self._walk(root, "", found, 0)
            finally:
                os.close(root)
        for gone in self._seen.keys() - found.keys():
            (self._target / gone).unlink(missing_ok=True)
        self._seen = found

    def _walk(self, folder: int, prefix: str, found: dict[str, tuple[int, int, int]], level: int) -> None:
        with os.scandir(folder) as entries:
            for entry in entries:
                path = prefix + entry.name
                if len(found) >= MAX_FILES:
                    return
                with contextlib.suppress(OSError):
                    if entry.is_dir(follow_symlinks=False) and level < MAX_LEVELS:
                        inner = os.open(entry.name, _OPEN | os.O_DIRECTORY, dir_fd=folder)
                        try:
                            self._walk(inner, path + "/", found, level + 1)
                        finally:
                            os.close(inner)
                    elif entry.is_file(follow_symlinks=False):
                        self._copy(folder, entry.name, path, found)

    def _copy(self, folder: int, name: str, path: str, found: dict[str, tuple[int, int, int]]) -> None:
        source = os.open(name, _OPEN, dir_fd=folder)
        try:
            about = os.fstat(source)
            if not stat.S_ISREG(about.st_mode) or about.st_size > MAX_BYTES:
                return
            state = found[path] = (about.st_ino, about.st_ctime_ns, about.st_size)
            if self._seen.get(path) != state:
                target = self._target / path
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("wb") as copy:
                    copy.write(os.read(source, MAX_BYTES))
        finally:
            os.close(source)
