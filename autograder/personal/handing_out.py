"""`autograder personal`: a file of their own for each student."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import PERSONAL_FILE, Assignment
from autograder.course import Course, checked_student, valid_name
from autograder.errors import UsageError, cannot_write, did_you_mean
from autograder.personal.given import PersonalData
from autograder.personal.seeds import CourseKey
from autograder.roster import Roster

_NOT_INTO = ("source", "release")


@dataclass(frozen=True, slots=True)
class Handed:
    """The files that were written, and where the course's key lies; `is_new`: it was made just now."""

    assignment: str
    files: tuple[Path, ...]
    key: Path
    is_new: bool


def hand_out(
    course: Course, name: str, folder: Path, students: Sequence[str] = (), renew: bool = False
) -> Handed:
    """Writes FOLDER/STUDENT/personal.npz for each student of the roster, or for those named.

    Raises UsageError for an assignment without personal data, for an empty roster, and where other data were
    handed out before, unless they are to be renewed.
    """
    personal = _personal(course, name)
    _require_harmless(course, folder)
    wanted = _wanted(course, students)
    is_new = personal.begin(renew)
    seeds = {student: personal.seed_of(student) for student in wanted}
    personal.make(seeds.values())
    files = []
    for student, seed in seeds.items():
        target = folder / student / PERSONAL_FILE
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(personal.data_of(seed).read_bytes())
        except OSError as error:
            raise cannot_write(error, target) from None
        files.append(target)
    return Handed(name, tuple(files), CourseKey.path(course), is_new)


def own_file(course: Course, name: str, student: str) -> Path:
    """The student's file, to be read. Where it is not there, those of the whole class are made with it."""
    personal = _personal(course, name)
    personal.begin()
    seed = personal.seed_of(student)
    if not personal.is_made(seed):
        personal.make([personal.seed_of(each) for each in sorted({checked_student(student), *_ids(course)})])
    return personal.data_of(seed)


def _personal(course: Course, name: str) -> PersonalData:
    settings = course.settings.for_assignment(name)
    folders = course.test_folders(settings)
    personal = PersonalData.of(course, Assignment.load(course, name), settings, folders)
    if personal is None:
        raise UsageError(
            f"{name} is the same for all students; [assignments.{name}.personal] in autograder.toml gives "
            "each data of their own (docs/personal.md)"
        )
    return personal


def _wanted(course: Course, students: Sequence[str]) -> list[str]:
    known = _ids(course)
    if not known:
        raise UsageError("no student is known; run `autograder students import FILE.csv` first")
    for student in students:
        if student not in known:
            raise UsageError(f"no student {student!r} in the roster{did_you_mean(student, known)}")
    return list(dict.fromkeys(students)) or known


def _ids(course: Course) -> list[str]:
    return [person.id for person in Roster.of(course) if valid_name(person.id)]


def _require_harmless(course: Course, folder: Path) -> None:
    for room in _NOT_INTO:
        if folder.resolve().is_relative_to(course.root / room):
            raise UsageError(
                f"{folder}: every student is given all that lies in {room}/; name another folder with --to"
            )
