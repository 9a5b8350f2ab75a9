"""The folder `autograded/STUDENT/ASSIGNMENT`, as nbgrader's tools expect it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from autograder.assignment import Assignment
from autograder.marking import Marked
from autograder.submission import Submission


def write_autograded(folder: Path, assignment: Assignment, submission: Submission, marked: Marked) -> None:
    """Replaces `folder` by the executed notebooks and all files; whoever looks sees the old or the new.

    A notebook that could not be graded lies there as it was handed in. Files are read-only, as
    nbgrader leaves them.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    try:
        _fill(new, _files(assignment, submission, marked))
        new.chmod(0o755)
        if folder.is_dir():
            old = Path(tempfile.mkdtemp(prefix=".old-", dir=folder.parent))
            folder.rename(old / "was")
            new.rename(folder)
            shutil.rmtree(old, ignore_errors=True)
        else:
            new.rename(folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _files(assignment: Assignment, submission: Submission, marked: Marked) -> Mapping[str, bytes]:
    files: dict[str, bytes] = dict(submission.files)
    files |= {name: path.read_bytes() for name, path in assignment.support_files.items()}
    files |= marked.written
    known = {notebook.name for notebook in assignment.notebooks}
    files |= {f"{name}.ipynb": data for name, data in submission.notebooks.items() if name in known}
    return files | {f"{name}.ipynb": text.encode() for name, text in marked.executed.items()}


def _fill(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        target.chmod(0o444)
