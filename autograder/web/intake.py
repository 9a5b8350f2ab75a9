"""Uploads on their way to the disk: `.autograder/uploads/ASSIGNMENT/STUDENT/RECEIPT/NAME`.

Here a file is bytes under a name: what is in it is read by the grading process alone. It stays as it came,
so that a receipt can be proved years later.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from autograder.collecting.archives import MAX_NAME, is_archive
from autograder.course import Course, valid_name
from autograder.errors import some_of
from autograder.scratch import remove_tree
from autograder.web.receipts import File, Receipt, Receipts

ROOM = 256 * 2**20  # bytes of the disk that uploads leave free: results and marks have to be written
_CHUNK = 256 * 1024
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that looks like something else


class NotTaken(Exception):
    """An upload that is no submission, or for which there is no room; the message is for the student."""


def uploads_of(course: Course, student: str, assignment: str) -> Path:
    """The folder of a student's uploads for an assignment."""
    return course.state / "uploads" / assignment / student


def files_of(course: Course, receipt: Receipt) -> list[Path]:
    """The files that an upload brought."""
    folder = uploads_of(course, receipt.student, receipt.assignment) / receipt.id
    return [folder / file.name for file in receipt.files]


def take_in(
    course: Course,
    receipts: Receipts,
    student: str,
    assignment: str,
    files: Sequence[tuple[str, BinaryIO]],
    due: datetime | None,
) -> Receipt:
    """Keeps an upload, by name and content, and gives the receipt for it. Raises NotTaken."""
    at = time.time()
    names = _checked([name for name, _ in files])
    folder = uploads_of(course, student, assignment)
    _require_room(course)
    receipt = "".join(secrets.choice(_ALPHABET) for _ in range(10))
    new = folder / f".new-{receipt}"
    try:
        _make_folder(folder)
        new.mkdir()
        kept = [_copied(name, file, new) for name, (_, file) in zip(names, files, strict=True)]
        _sync(new)
        new.rename(folder / receipt)
        _sync(folder)
    except OSError as error:
        remove_tree(new)
        raise NotTaken(
            f"the server cannot write it down ({error.strerror or error}); nothing was taken. Tell your "
            "instructor, and try again"
        ) from None
    if all(file.size == 0 for file in kept):
        remove_tree(folder / receipt)
        raise NotTaken("the file is empty; save the notebook and hand it in again")
    late = max(0.0, at - due.timestamp()) if due is not None else None
    return receipts.add(receipt, student, assignment, at, kept, late)


def _checked(given: Sequence[str]) -> list[str]:
    """The plain names of the files; some browsers send the folder, too."""
    if not given:
        raise NotTaken("no file was chosen; choose your notebook and hand it in again")
    names = [name.replace("\\", "/").rpartition("/")[2] for name in given]
    for name in names:
        if not valid_name(name) or len(name.encode("utf-8", "surrogatepass")) > MAX_NAME:
            raise NotTaken(f"a file is called {name[:80]!r}, which is no name for one; rename it")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise NotTaken(f"two files are called alike ({some_of(twice)}); hand in one of them")
    if not any(name.endswith(".ipynb") or is_archive(name) for name in names):
        raise NotTaken(f"there is no notebook (.ipynb) and no archive (.zip) in it, but {some_of(names)}")
    return names


def _require_room(course: Course) -> None:
    if shutil.disk_usage(course.root).free < ROOM:
        raise NotTaken("the server's disk is full; nothing was taken. Tell your instructor, and try again")


def _copied(name: str, file: BinaryIO, folder: Path) -> File:
    total, size = hashlib.sha256(), 0
    descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o444)
    with os.fdopen(descriptor, "wb") as target:
        while chunk := file.read(_CHUNK):
            total.update(chunk)
            size += len(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    return File(name, size, total.hexdigest())


def _make_folder(folder: Path) -> None:
    """With its parents, whose entries survive a power cut as well."""
    if folder.is_dir():
        return
    if not folder.parent.is_dir():
        _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync(folder.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
