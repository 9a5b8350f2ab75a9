"""The working directory of a submission: filled anew for every life, and copied out of with care."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import TypeVar

from autograder.scratch import PREFIX, remove_tree
from autograder.settings import Limits

Content = TypeVar("Content")

RESERVED = ("timestamp.txt", "submission_secret.txt", "result.json")
_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_MAX_DEPTH = 16


class Workspace:
    """A private folder with the files of a submission, shared by its notebooks; a context manager.

    It lies in the folder `scratch`, or where temporary files go.
    """

    def __init__(
        self,
        files: Mapping[str, bytes],
        support: Mapping[str, Path],
        limits: Limits,
        scratch: Path | None = None,
    ) -> None:
        self._limits = limits
        given: dict[str, bytes | Path] = {p: d for p, d in files.items() if not is_reserved(p)}
        self._base = laid_over(given, dict[str, bytes | Path](support))
        self._folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=scratch))
        self.path = self._folder / "work"

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        remove_tree(self._folder)

    def fill(self) -> None:
        """The folder as it was before the first cell."""
        remove_tree(self.path)
        self.path.mkdir(mode=0o700, parents=True)
        for name, content in self._base.items():
            target = self.path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content if isinstance(content, bytes) else content.read_bytes())

    def keep(self, withheld: Collection[str]) -> None:
        """What is in the folder now, but for `withheld`, is what the next notebook finds.

        To be called when every process of the student's is dead.
        """
        self._base = dict(self._contents(withheld))

    def written(self, handed_in: Mapping[str, bytes], support: Mapping[str, Path]) -> dict[str, bytes]:
        """The files that were kept and are neither the instructor's nor as they were handed in."""
        return {
            path: data
            for path, data in self._base.items()
            if isinstance(data, bytes) and path not in support and handed_in.get(path) != data
        }

    def _contents(self, withheld: Collection[str]) -> Iterator[tuple[str, bytes]]:
        """Regular files, no link followed, within the limits of count and bytes."""
        room, count = self._limits.file_bytes, 0
        try:
            root = os.open(self.path, _OPEN | os.O_DIRECTORY)
        except OSError:  # the student's code took the folder itself away
            return
        try:
            for name, data in _walk(root, "", 0, room):
                if name in withheld or is_reserved(name):
                    continue
                room -= len(data)
                count += 1
                if room < 0 or count > self._limits.files:
                    return
                yield name, data
        finally:
            os.close(root)


def laid_over(files: Mapping[str, Content], winners: Mapping[str, Content]) -> dict[str, Content]:
    """Both, by path; where a file of one would be a folder of the other, the winner's stands."""
    folders = {str(parent) for path in winners for parent in PurePosixPath(path).parents}
    kept = {}
    for path, content in files.items():
        above = map(str, PurePosixPath(path).parents)
        if path not in folders and not any(parent in winners for parent in above):
            kept[path] = content
    return kept | dict(winners)


def is_reserved(path: str) -> bool:
    """Whether a file of that name is the grader's to write."""
    name = PurePosixPath(path).name
    return name in RESERVED or name.endswith(".ipynb")


def _walk(folder: int, prefix: str, depth: int, limit: int) -> Iterator[tuple[str, bytes]]:
    for name in sorted(os.listdir(folder)):
        with contextlib.suppress(OSError):
            opened = os.open(name, _OPEN, dir_fd=folder)
            try:
                about = os.fstat(opened)
                if stat.S_ISDIR(about.st_mode) and depth < _MAX_DEPTH:
                    yield from _walk(opened, f"{prefix}{name}/", depth + 1, limit)
                elif stat.S_ISREG(about.st_mode) and about.st_size <= limit and name.isprintable():
                    with os.fdopen(os.dup(opened), "rb") as file:
                        yield prefix + name, file.read(limit + 1)
            finally:
                os.close(opened)
