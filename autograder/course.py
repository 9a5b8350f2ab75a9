"""A course folder in nbgrader's layout, and where things lie in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.database import Database, addresses, database_at
from autograder.errors import UsageError, did_you_mean
from autograder.settings import FILE_NAME, Settings

MARKS_OF_A_COURSE = (FILE_NAME, "nbgrader_config.py", "source")


@dataclass(frozen=True, slots=True)
class Course:
    """The course in the folder `root`. Every path it gives is below that folder."""

    root: Path
    settings: Settings

    @classmethod
    def open(cls, root: Path) -> Course:
        """The course whose root is exactly `root`."""
        root = root.resolve()
        if not root.is_dir():
            raise UsageError(f"{root}: no such folder; give the root of a course")
        return cls(root, Settings.load(root))

    @classmethod
    def find(cls, start: Path) -> Course:
        """The course that `start` lies in: the nearest folder upwards that looks like a course root."""
        start = start.resolve()
        for folder in (start, *start.parents):
            if any((folder / mark).exists() for mark in MARKS_OF_A_COURSE):
                return cls.open(folder)
        raise UsageError(f"{start}: not inside a course; run `autograder init` or change to a course folder")

    @property
    def gradebook(self) -> Path:
        """The file that the gradebook is in, where `db_url` of the settings names no server."""
        return self.root / "gradebook.db"

    @property
    def db_url(self) -> str:
        """Where the gradebook is, as nbgrader's `CourseDirectory.db_url` takes it."""
        own = self.settings.db_url
        return addresses.for_sqlalchemy(own) if own else f"{addresses.SQLITE}{self.gradebook}"

    @property
    def database(self) -> Database:
        """The gradebook, copied to the backups before the first write of a day."""
        return database_at(self.db_url, self.backups)

    @property
    def state(self) -> Path:
        return self.root / ".autograder"

    @property
    def backups(self) -> Path:
        return self.state / "backups"

    def test_folders(self, settings: Settings) -> tuple[Path, ...]:
        """The folders of `test_path`. Raises UsageError for one that is none."""
        folders = tuple((self.root / path).resolve() for path in settings.test_path)
        for folder in folders:
            if not folder.is_dir():
                raise UsageError(f"autograder.toml: test_path names {str(folder)!r}, which is no folder")
        return folders

    def source(self, assignment: str) -> Path:
        return self.root / "source" / checked_assignment(assignment)

    def release(self, assignment: str) -> Path:
        return self.root / "release" / checked_assignment(assignment)

    def submitted(self, student: str, assignment: str) -> Path:
        return self._of("submitted", student, assignment)

    def autograded(self, student: str, assignment: str) -> Path:
        return self._of("autograded", student, assignment)

    def feedback(self, student: str, assignment: str) -> Path:
        return self._of("feedback", student, assignment)

    def result_path(self, assignment: str, student: str) -> Path:
        folder = self.state / "results" / checked_assignment(assignment) / checked_student(student)
        return folder / "result.json"

    def assignments(self) -> list[str]:
        """Names of the folders in `source/`, sorted."""
        return _folders(self.root / "source", valid_assignment)

    def students_submitted(self, assignment: str) -> list[str]:
        """Ids of the students with a folder for the assignment in `submitted/`, sorted."""
        checked_assignment(assignment)
        submitted = self.root / "submitted"
        students = _folders(submitted, valid_name)
        return [student for student in students if (submitted / student / assignment).is_dir()]

    def students_graded(self, assignment: str) -> list[str]:
        """Ids of the students with a result for the assignment, sorted."""
        results = self.state / "results" / checked_assignment(assignment)
        return [
            student
            for student in _folders(results, valid_name)
            if (results / student / "result.json").is_file()
        ]

    def require_assignment(self, name: str) -> str:
        """The name, if `source/` has such an assignment; else a UsageError that names the nearest."""
        return _require(name, self.assignments(), "assignment", "source/")

    def require_student(self, student: str, assignment: str) -> str:
        """The id, if this student submitted the assignment; else a UsageError that names the nearest."""
        return _require(
            student, self.students_submitted(assignment), "submission of", f"submitted/ for {assignment}"
        )

    def _of(self, step: str, student: str, assignment: str) -> Path:
        return self.root / step / checked_student(student) / checked_assignment(assignment)


def valid_name(name: str) -> bool:
    """Whether a student id or notebook name can be one folder or file name, safely."""
    return bool(name) and not name.startswith(".") and name.isprintable() and not set(name) & set("/\\")


def valid_assignment(name: str) -> bool:
    """As `valid_name`, and without "+", which nbgrader's exchange uses as its separator."""
    return valid_name(name) and "+" not in name


def checked_student(student: str) -> str:
    if not valid_name(student):
        raise UsageError(
            f"student id {student!r} is not allowed: no separators, no dot in front, printable only"
        )
    return student


def checked_assignment(name: str) -> str:
    if not valid_assignment(name):
        raise UsageError(
            f"assignment name {name!r} is not allowed: no separators, no '+', no dot in front, printable only"
        )
    return name


def _folders(parent: Path, valid: Callable[[str], bool]) -> list[str]:
    if not parent.is_dir():
        return []
    return sorted(entry.name for entry in parent.iterdir() if valid(entry.name) and entry.is_dir())


def _require(name: str, known: Iterable[str], what: str, where: str) -> str:
    known = list(known)
    if name not in known:
        raise UsageError(f"no {what} {name!r} in {where}{did_you_mean(name, known)}")
    return name
