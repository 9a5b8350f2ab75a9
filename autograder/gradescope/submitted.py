"""What Gradescope lays before an autograder: whose submission it is, and its files."""

from __future__ import annotations

import itertools
import json
import os
from pathlib import Path

from autograder.assignment import Assignment, is_ignored
from autograder.course import valid_name
from autograder.errors import some_of
from autograder.settings import Limits
from autograder.submission import MAX_FOLDER_DEPTH, Submission, read_submission

MAX_FOLDERS = 10_000  # that are looked into for notebooks
_LEFTOVERS = "__MACOSX"


def owner(metadata: Path) -> str:
    """The student's id in submission_metadata.json: the `sid` of its first user, or the email, or "unknown".

    Marks do not depend on it, so a file that cannot be read costs nobody a mark.
    """
    try:
        user = json.loads(metadata.read_bytes())["users"][0]
        for name in (user.get("sid"), user.get("email")):
            if isinstance(name, str) and valid_name(name):
                return name
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        pass
    return "unknown"


def handed_in(folder: Path, student: str, assignment: Assignment, limits: Limits) -> Submission:
    """The submission in the folder, or in the one folder in it that holds notebooks.

    The platform unpacks a zip that a student uploads, and a zip of a folder leaves that folder. Where
    several hold notebooks it is for a human to say which counts. Raises UsageError if there is no folder.
    """
    found = _folders_of_notebooks(folder)
    if len(found) < 2:
        return read_submission(found[0] if found else folder, student, assignment.name, limits)
    names = some_of(sorted(path.relative_to(folder).as_posix() for path in found))
    reason = f"notebooks lie in more than one folder ({names}), so it is not clear which ones count"
    unreadable = dict.fromkeys((notebook.name for notebook in assignment.notebooks), reason)
    return Submission(student, assignment.name, folder, {}, unreadable=unreadable)


def _folders_of_notebooks(top: Path) -> list[Path]:
    """The top folder alone if it holds notebooks, else all below it that do."""
    found = []
    for path, folders, files in itertools.islice(os.walk(top), MAX_FOLDERS):
        here = Path(path)
        if any(name.endswith(".ipynb") and valid_name(name) for name in files):
            if here == top:
                return [top]
            found.append(here)
        is_deep = len(here.relative_to(top).parts) == MAX_FOLDER_DEPTH
        folders[:] = [] if is_deep else sorted(name for name in folders if _may_hold(name))
    return found


def _may_hold(folder: str) -> bool:
    return valid_name(folder) and not is_ignored(folder) and folder != _LEFTOVERS
