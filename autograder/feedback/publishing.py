"""`autograder feedback`: a page a student and notebook, where nbgrader's generate_feedback puts its own."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.errors import AutograderError, UsageError, cannot_write, did_you_mean
from autograder.feedback.marks import NotebookMarks, notebook_marks
from autograder.feedback.page import Materials
from autograder.marks.table import require_no_holds
from autograder.result import write_atomically
from autograder.scheduling.local import LocalPool
from autograder.submission import SECRET, TIMESTAMP

_DIGEST = re.compile(rb'<meta name="generator" content="autograder feedback ([0-9a-f]{32})">')
_HEAD = 200_000  # bytes of a page in which its digest stands: after the style sheet


@dataclass(frozen=True, slots=True)
class Published:
    """One student's pages: how many were written, how many were as they should be, and what went wrong."""

    student: str
    written: int = 0
    unchanged: int = 0
    problem: str = ""


class Publisher:
    """Writes the pages of a class; worker processes inherit it."""

    def __init__(
        self, course: Course, assignment: Assignment, notebook: str | None = None, force: bool = False
    ) -> None:
        self.course = course
        self.assignment = assignment
        self.sources = (assignment.notebook(notebook),) if notebook else assignment.notebooks
        self.force = force
        self._marks: dict[str, dict[str, NotebookMarks]] = defaultdict(dict)
        for (student, name), marks in notebook_marks(course, assignment.name).items():
            self._marks[student][name] = marks

    def students(self, only: tuple[str, ...]) -> list[str]:
        """Whose pages to write. Raises UsageError if there are none, or no such ones."""
        graded = self.course.students_graded(self.assignment.name)
        for student in only:
            if student not in graded:
                raise UsageError(
                    f"no result of {student!r} for {self.assignment.name}{did_you_mean(student, graded)}"
                )
        if not graded:
            name = self.assignment.name
            raise UsageError(f"nothing of {name!r} is graded; run `autograder grade {name}` first")
        return list(dict.fromkeys(only)) or graded

    def publish(self, student: str) -> Published:
        """Writes the student's pages that are not there as they should be."""
        try:
            return self._publish(student)
        except AutograderError as error:
            return Published(student, problem=str(error))

    def _publish(self, student: str) -> Published:
        materials = Materials.read(self.course, self.assignment, student, self._marks.get(student, {}))
        folder = self.course.feedback(student, self.assignment.name)
        written = unchanged = 0
        for source in self.sources:
            target = folder / f"{source.name}.html"
            if not self.force and _digest_of(target) == materials.digest(source):
                unchanged += 1
                continue
            write_atomically(target, materials.page(source))
            target.chmod(0o644)
            written += 1
        self._lay_beside(student, folder)
        return Published(student, written, unchanged)

    def _lay_beside(self, student: str, folder: Path) -> None:
        """What `nbgrader release_feedback` looks for beside the pages."""
        autograded = self.course.autograded(student, self.assignment.name)
        for name in (TIMESTAMP, SECRET):
            source, target = autograded / name, folder / name
            if source.is_file() and not source.is_symlink():
                text = source.read_text("utf-8", "replace")
                if not target.is_file() or target.read_text("utf-8", "replace") != text:
                    write_atomically(target, text)
                    target.chmod(0o644)


def publish_class(
    course: Course,
    assignment: Assignment,
    students: tuple[str, ...] = (),
    *,
    notebook: str | None = None,
    force: bool = False,
    anyway: bool = False,
    jobs: int | None = None,
    on_start: Callable[[int], None] = lambda total: None,
    on_done: Callable[[Published], None] = lambda one: None,
) -> list[Published]:
    """Writes feedback/STUDENT/ASSIGNMENT/NOTEBOOK.html for a class; one bad entry stops no other.

    Raises UsageError, also, but for `anyway`, where there is a reason to look before marks go out, and
    GraderFault where nothing can be written.
    """
    publisher = Publisher(course, assignment, notebook, force)
    names = publisher.students(students)
    if not anyway:
        require_no_holds(course, assignment.name, "feedback")
    on_start(len(names))
    done = []
    for student, answer in LocalPool(publisher.publish, jobs or len(os.sched_getaffinity(0))).run(names):
        one = _accepted(student, answer)
        done.append(one)
        on_done(one)
    return sorted(done, key=lambda one: one.student)


def _accepted(student: str, answer: Published | BaseException) -> Published:
    if isinstance(answer, Published):
        return answer
    if isinstance(answer, OSError):
        raise cannot_write(answer, student) from None
    if isinstance(answer, KeyboardInterrupt):
        raise answer
    return Published(student, problem=f"{type(answer).__name__}: {answer}")


def _digest_of(page: Path) -> str:
    """What the page was made of, if it is one of ours."""
    try:
        with page.open("rb") as file:
            found = _DIGEST.search(file.read(_HEAD))
    except OSError:
        return ""
    return found[1].decode() if found else ""
