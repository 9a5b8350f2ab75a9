"""The files that a course and an assignment start with; they come with the package."""

from __future__ import annotations

from pathlib import Path

from autograder.assignment import is_ignored

TEMPLATES = Path(__file__).with_name("templates")
COURSE, ASSIGNMENT = TEMPLATES / "course", TEMPLATES / "assignment"
# under its own name git would obey it here
_RENAMED = {"gitignore": ".gitignore"}


def content(folder: Path) -> dict[str, bytes]:
    """Every file below one of the two folders, by its path with "/" between."""
    found = {}
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder)
        if path.is_file() and not any(map(is_ignored, place.parts)):
            found[_RENAMED.get(place.as_posix(), place.as_posix())] = path.read_bytes()
    return found
