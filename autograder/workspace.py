"""The working directory of a submission: filled anew for every life, and copied out of with care."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import TypeVar

from autograder.runtime.files import TooManyFiles, read_regular, regular_files
from autograder.scratch import PREFIX, remove_tree
from autograder.settings import Limits

Content = TypeVar("Content")

RESERVED = ("timestamp.txt", "submission_secret.txt", "result.json")


class Workspace:
    """The files of a submission, which its notebooks share, and a place to work in; a context manager.

    `given` is what the instructor gives, read-only and as it was for every notebook. The place
    lies in the folder `scratch`, or where temporary files go.
    """

    def __init__(
        self,
        files: Mapping[str, bytes],
        support: Mapping[str, Path],
        limits: Limits,
        scratch: Path | None = None,
    ) -> None:
        self._limits = limits
        self._support = {path: source.read_bytes() for path, source in support.items()}
        handed_in = {path: data for path, data in files.items() if not is_reserved(path)}
        self._base = laid_over(handed_in, self._support)
        self.place = Path(tempfile.mkdtemp(prefix=PREFIX, dir=scratch))
        self.place.chmod(0o711)  # a student with a user id of its own passes through

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        remove_tree(self.place)

    def clear(self) -> Path:
        """An empty folder to work in, for a student who has no file system of its own."""
        folder = self.place / "work"
        remove_tree(folder)
        folder.mkdir(mode=0o700)
        return folder

    def fill(self, root: int, owner: int | None = None) -> None:
        """Lays the files as they were before the first cell into the empty folder `root`.

        They belong to the user id `owner`; what the instructor gives is read-only.
        """
        top = Path(f"/proc/self/fd/{root}")
        for name, content in self._base.items():
            target = top / name
            for folder in reversed(target.relative_to(top).parents[:-1]):
                _make_folder(top / folder, owner)
            target.write_bytes(content)
            if name in self._support:
                target.chmod(0o444)
            elif owner is not None:
                os.chown(target, owner, owner)

    def keep(self, root: int, withheld: Collection[str]) -> None:
        """What is in the folder now, but for `withheld`, is what the next notebook finds.

        The instructor's files are there as they were: locked cells read them in the examiner too.
        To be called when every process of the student's is dead.
        """
        self._base = laid_over(dict(self._contents(root, withheld)), self._support)

    def written(self, handed_in: Mapping[str, bytes]) -> dict[str, bytes]:
        """The files that were kept and are neither the instructor's nor as they were handed in."""
        return {
            path: data
            for path, data in self._base.items()
            if path not in self._support and handed_in.get(path) != data
        }

    def _contents(self, root: int, withheld: Collection[str]) -> Iterator[tuple[str, bytes]]:
        """Regular files within the limits of count and bytes."""
        room, count = self._limits.file_bytes, 0
        with contextlib.suppress(TooManyFiles):
            for path, _, folder, name in regular_files(root):
                if path in withheld or is_reserved(path) or not path.isprintable():
                    continue
                data = read_regular(folder, name, room)
                if data is not None:
                    room -= len(data)
                    count += 1
                    if count > self._limits.files:
                        return
                    yield path, data


def _make_folder(path: Path, owner: int | None) -> None:
    if not path.is_dir():
        path.mkdir(mode=0o700)
        if owner is not None:
            os.chown(path, owner, owner)


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
    """Whether a file of that name, or a folder above it, is the grader's to write."""
    return any(name in RESERVED or name.endswith(".ipynb") for name in PurePosixPath(path).parts)
