"""`autograder init`: a course folder that grades at once, beside whatever is in it already."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UsageError
from autograder.settings import FILE_NAME
from autograder.starting.files import COURSE, content

FOLDERS = ("source", "release", "reference", "cases")
CONFIGURATION = "nbgrader_config.py"
NAME = "COURSE_ID"  # in the templates
_ROOT_FILES = (FILE_NAME, CONFIGURATION)  # what tells that a folder is the root of a course


@dataclass(frozen=True, slots=True)
class Started:
    """What was made in the course's folder, and what was there already and left as it was."""

    root: Path
    made: tuple[str, ...]
    left: tuple[str, ...]


def start_course(folder: Path) -> Started:
    """Makes `folder` a course; nothing that is there is changed, and nothing is written through a link.

    Raises UsageError, before anything is made, for a place where no course should be.
    """
    _require_place(folder)
    root = folder.resolve()
    made: list[str] = []
    left: list[str] = []
    try:
        root.mkdir(parents=True, exist_ok=True)
        for name, data in _wanted(root):
            # a name below a folder of somebody else's is left alone with that folder
            if any(str(above) in left for above in Path(name).parents):
                continue
            (made if _put(root / name, data) else left).append(name)
    except OSError as error:
        raise UsageError(
            f"{root}: cannot be written to ({error.strerror}); name a folder where you may write"
        ) from None
    return Started(root, tuple(made), tuple(left))


def _wanted(root: Path) -> Iterator[tuple[str, bytes | None]]:
    """Paths with their content, None for a folder. The settings first: they say that this is a course."""
    course = re.sub(r"[^A-Za-z0-9_.-]+", "-", root.name).strip("-.") or "course"
    files = {name: data.replace(NAME.encode(), course.encode()) for name, data in content(COURSE).items()}
    yield FILE_NAME, files.pop(FILE_NAME)
    for folder in FOLDERS:
        yield folder, None
    yield from sorted(files.items())


def _put(path: Path, data: bytes | None) -> bool:
    """Whether it was made; False if there is something of that name, be it a link that leads nowhere."""
    try:
        if data is None:
            path.mkdir()
        else:
            with path.open("xb") as file:
                file.write(data)
    except FileExistsError:
        return False
    return True


def _require_place(folder: Path) -> None:
    if folder.is_symlink():
        raise UsageError(f"{folder}: is a link; name the folder that it leads to")
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is a file; name a folder")
    root = folder.resolve()
    for above in root.parents:
        if any(os.path.lexists(above / name) for name in _ROOT_FILES):
            raise UsageError(f"{root}: lies in the course {above}; name a folder outside of it")
    if not os.path.lexists(root / FILE_NAME) and _is_nbgrader_s(root):
        raise UsageError(f"{root}: is a course of nbgrader's; run `autograder adopt` in it")


def _is_nbgrader_s(root: Path) -> bool:
    if any(os.path.lexists(root / name) for name in (CONFIGURATION, "gradebook.db")):
        return True
    return any((root / "source").glob("*/*.ipynb"))
