"""One student's feedback on one notebook: a page that stands alone."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from autograder import pages
from autograder.assignment import Assignment
from autograder.course import Course
from autograder.errors import UsageError
from autograder.feedback.marks import NotebookMarks, notebook_marks
from autograder.feedback.questions import feedback_of
from autograder.pages.showing import FRAME_STYLE
from autograder.pictures import Picture, read_pictures
from autograder.result import Result
from autograder.source import SourceNotebook


@dataclass(frozen=True, slots=True)
class Materials:
    """All that a student's pages are made of: the result, its bytes, marks by notebook, pictures by path."""

    course: Course
    assignment: Assignment
    result: Result
    written: bytes
    marks: Mapping[str, NotebookMarks]

    @classmethod
    def read(
        cls, course: Course, assignment: Assignment, student: str, marks: Mapping[str, NotebookMarks]
    ) -> Materials:
        """Raises UsageError where the student has no result, DamagedResult where it cannot be read."""
        path = course.result_path(assignment.name, student)
        result = Result.read(path)
        if result is None:
            raise UsageError(
                f"{student}: no result for {assignment.name}; run `autograder grade {assignment.name}`"
            )
        return cls(course, assignment, result, path.read_bytes(), marks)

    def executed(self, notebook: str) -> bytes | None:
        folder = self.course.autograded(self.result.student, self.assignment.name)
        path = folder / f"{notebook}.ipynb"
        return path.read_bytes() if path.is_file() and not path.is_symlink() else None

    def digest(self, source: SourceNotebook) -> str:
        """Over all that the page of this notebook depends on."""
        told = hashlib.sha256()
        settings = self.course.settings.for_assignment(self.assignment.name).feedback
        for part in (
            _look(),
            repr([(cell.id, cell.points, cell.source) for cell in source.cells]).encode(),
            self.written,
            self.executed(source.name) or b"",
            repr(self.marks.get(source.name)).encode(),
            repr(settings).encode(),
        ):
            told.update(hashlib.sha256(part).digest())
        return told.hexdigest()[:32]

    def pictures(self, notebook: str) -> dict[str, tuple[Picture, ...]]:
        """Those that may be shown, by the test's id."""
        settings = self.course.settings.for_assignment(self.assignment.name).feedback
        path = self.course.result_path(self.assignment.name, self.result.student)
        found = {}
        for test, pictures in read_pictures(path, self.result.key).items():
            of, _, name = test.partition("/")
            shown = tuple(each for each in pictures if each.given or settings.pictures == "all")
            if of == notebook and shown:
                found[name] = shown
        return found

    def page(self, source: SourceNotebook) -> str:
        """The page of one notebook. Raises NotGradable where the executed notebook is none."""
        part = self.result.notebook(source.name)
        if part is None:
            raise UsageError(f"{self.result.student}: the result does not name {source.name}; grade again")
        content = feedback_of(
            self.assignment.name,
            self.result.student,
            source,
            part,
            self.executed(source.name),
            self.marks.get(source.name, NotebookMarks()),
            self.pictures(source.name),
        )
        return pages.page_alone(
            "feedback.html", frame_style=FRAME_STYLE, page=content, digest=self.digest(source)
        )


def page(course: Course, assignment: Assignment, student: str, notebook: str) -> str:
    """The student's page, as `autograder feedback` would write it now. Raises AutograderError."""
    marks = {name: found for (_, name), found in notebook_marks(course, assignment.name, student).items()}
    return Materials.read(course, assignment, student, marks).page(assignment.notebook(notebook))


@cache
def _look() -> bytes:
    """A digest of what makes pages."""
    package = Path(__file__).parents[1]
    files = [
        *(package / "feedback").glob("*.py"),
        *(package / "pages").rglob("*.*"),
        *(package / name for name in ("charts.py", "pictures.py", "runtime/markup.py", "runtime/outputs.py")),
    ]
    told = hashlib.sha256()
    for path in sorted(files):
        if path.suffix in (".py", ".html", ".css"):
            told.update(path.read_bytes())
    return told.digest()
