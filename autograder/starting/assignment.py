"""`autograder new`: an assignment with one question of each kind, and cases that say how to judge answers."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.course import Course, checked_assignment
from autograder.errors import UsageError
from autograder.starting.files import ASSIGNMENT, content

NOTEBOOK = "assignment.ipynb"


@dataclass(frozen=True, slots=True)
class NewAssignment:
    """Where its notebook and its cases lie."""

    name: str
    notebook: Path
    cases: Path


def start_assignment(course: Course, name: str) -> NewAssignment:
    """Makes source/NAME and cases/NAME, both whole or not at all. Raises UsageError if NAME is taken."""
    checked_assignment(name)
    if name != name.strip():
        raise UsageError(f"assignment name {name!r} is not allowed: nbgrader would strip its blanks")
    source, cases = course.source(name), course.root / "cases" / name
    for place in (source, cases, course.release(name)):
        if os.path.lexists(place):
            raise UsageError(f"{place}: is there already; choose another name, or move it away")
    files = content(ASSIGNMENT)
    notebook = files.pop(NOTEBOOK)
    examples = {path.removeprefix("cases/"): data for path, data in files.items()}
    try:
        course.state.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="new-", dir=course.state) as folder:
            _write(Path(folder, "cases"), examples)
            _write(Path(folder, "source"), {f"{name}.ipynb": notebook})
            for made, place in ((Path(folder, "cases"), cases), (Path(folder, "source"), source)):
                place.parent.mkdir(exist_ok=True)
                made.rename(place)
    except OSError as error:
        raise UsageError(
            f"{course.root}: the assignment {name!r} cannot be written ({error.strerror}); "
            "choose a shorter name if that is what it says, or make room"
        ) from None
    return NewAssignment(name, source / f"{name}.ipynb", cases)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
