"""The folder `autograded/STUDENT/ASSIGNMENT`, as nbgrader's tools expect it."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path

from autograder.assignment import Assignment
from autograder.marking import Marked
from autograder.result import Status
from autograder.scratch import remove_tree
from autograder.standin import ORIGINAL_SUFFIX
from autograder.submission import Submission
from autograder.workspace import laid_over


def write_autograded(
    folder: Path, assignment: Assignment, submission: Submission, marked: Marked, keep: Path | None = None
) -> None:
    """Replaces `folder` by the executed notebooks and all files, by two renames.

    What was replaced goes to `keep`, unless something is there already.
    Beside a notebook that could not be graded lies what was handed in, to the last byte. Files are
    read-only, as nbgrader leaves them. The caller holds the lock of this student and assignment, so that what
    lies at the temporary names is what a killed grader left there.
    """
    new, old = (folder.with_name(f".{kind}-{folder.name}") for kind in ("new", "old"))
    remove_tree(new)
    remove_tree(old)
    try:
        new.mkdir(parents=True)
        fill(new, files_of(assignment, submission, marked))
        new.chmod(0o755)
        if folder.is_dir():
            _put_aside(folder, old, keep)
        new.rename(folder)
    finally:
        remove_tree(new)
        remove_tree(old)


def _put_aside(folder: Path, old: Path, keep: Path | None) -> None:
    if keep is not None and not keep.exists():
        keep.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(OSError):  # another file system: then it is not kept
            folder.rename(keep)
            return
    folder.rename(old)


def files_of(assignment: Assignment, submission: Submission, marked: Marked) -> Mapping[str, bytes]:
    """What belongs into the folder, by path: what was handed in, what the instructor gives, what was made."""
    support = {name: path.read_bytes() for name, path in assignment.support_files.items()}
    files = laid_over(laid_over(submission.files, marked.written), support)
    ours = {f"{name}.ipynb": text.encode() for name, text in marked.executed.items()}
    known = {notebook.name for notebook in assignment.notebooks}
    for part in marked.result.notebooks:
        if part.status is Status.NOT_GRADABLE:
            there = part.name in submission.notebooks
            for name in [part.name] if there else submission.notebooks.keys() - known:
                ours[f"{name}.ipynb{ORIGINAL_SUFFIX}"] = submission.notebooks[name]
    return laid_over(files, ours)


def fill(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes the files, read-only, in place of what lies there under their names."""
    for name, data in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        target.write_bytes(data)
        target.chmod(0o444)
