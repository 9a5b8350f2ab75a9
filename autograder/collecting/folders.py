"""Folders and archives that name students by their ids, and folders in the shape of a course.

`STUDENT/...`, `STUDENT.zip`, `STUDENT.ipynb`, `STUDENT_notebook.ipynb`, `submitted/STUDENT/ASSIGNMENT/...`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from autograder.collecting.archives import TAR_SUFFIXES, Contents, Entry, Unreadable
from autograder.collecting.attempt import HandIn, Sorted, Stray, Who, latest, without_wrapper
from autograder.roster import Roster
from autograder.submission import TIMESTAMP, parse_timestamp


def sort_out(
    contents: Contents, assignment: str, notebooks: Collection[str], roster: Roster, new_students: bool
) -> Sorted:
    """The submissions of students of the roster, and of others where `new_students` are let in."""
    found = Sorted(refused=contents.refused)
    paths = _unwrapped(contents, roster)
    by_student: defaultdict[str, dict[str, Entry]] = defaultdict(dict)
    firsts: dict[str, str] = {}
    others: set[str] = set()
    for parts, entry in paths:
        if parts[0] == "submitted" and len(parts) > 3:
            if parts[2] != assignment:
                others.add(parts[2])
                continue
            parts = (parts[1], *parts[3:])
        student, path = _student_of(parts, notebooks, roster)
        if roster.by_id(student) is None and not new_students:
            reason = f"no student {student!r} in the roster; import them, or use --new-students"
            found.strays.append(Stray(f"{contents.name}: {entry.path}", reason))
            continue
        by_student[student][path] = entry
        firsts.setdefault(student, entry.path)
    if others:
        found.notes.append(
            f"{contents.name}: other assignments were passed over: {', '.join(sorted(others))}"
        )
    for student, files in by_student.items():
        written = _written_time(files.pop(TIMESTAMP, None))
        who = Who(student, student=student)
        if files:
            where = f"{contents.name}: {firsts[student]}"
            found.hand_ins.append(
                HandIn(
                    "folder",
                    where,
                    (who,),
                    files,
                    written or latest([*files.values()]),
                    "timestamp.txt" if written else "file",
                )
            )
    return found


def _unwrapped(contents: Contents, roster: Roster) -> list[tuple[tuple[str, ...], Entry]]:
    """Without a folder around all, unless that is a student's or `submitted`."""
    tops = {entry.parts[0] for entry in contents.entries}
    if any(roster.by_id(top) is not None or top == "submitted" for top in tops):
        return [(entry.parts, entry) for entry in contents.entries]
    inner = without_wrapper(contents)
    return (
        inner
        if all(len(parts) > 1 or is_file_of(parts[0], roster) for parts, _ in inner)
        else [(entry.parts, entry) for entry in contents.entries]
    )


def is_file_of(name: str, roster: Roster) -> bool:
    """Whether a file of that name is a student's of the roster."""
    return roster.by_id(_student_of((name,), (), roster)[0]) is not None


def _student_of(parts: tuple[str, ...], notebooks: Collection[str], roster: Roster) -> tuple[str, str]:
    """Whose a path is, by id, and the student's own part of it."""
    if len(parts) > 1:
        return parts[0], "/".join(parts[1:])
    name = parts[0]
    for suffix in (".zip", *TAR_SUFFIXES):
        if name.casefold().endswith(suffix):
            return name[: -len(suffix)], name
    stem, _, suffix = name.rpartition(".")
    stem = stem or name
    if roster.by_id(stem) is not None:
        return stem, name
    # an id may hold "_" too: the longest that is one
    cuts = [place for place, character in enumerate(stem) if character == "_"]
    for place in reversed(cuts):
        if roster.by_id(stem[:place]) is not None:
            return stem[:place], f"{stem[place + 1 :]}.{suffix}"
    for notebook in notebooks:
        if stem.endswith(f"_{notebook}"):
            return stem.removesuffix(f"_{notebook}"), f"{notebook}.{suffix}"
    return stem, name


def _written_time(entry: Entry | None) -> datetime | None:
    """What nbgrader's timestamp.txt says, which only stands in folders that an instructor made."""
    if entry is None:
        return None
    try:
        return parse_timestamp(entry.read())[0]
    except Unreadable:
        return None
