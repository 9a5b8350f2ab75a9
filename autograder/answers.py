"""Answers as students wrote them: question by question, out of what they handed in."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.errors import NotGradable, UsageError, cannot_write
from autograder.notebook import lay_over
from autograder.settings import Limits
from autograder.source import stub_of
from autograder.submission import read_submission

TEMPLATE = "template"
_LONGEST = 250  # bytes of a file name, without the suffix


@dataclass(frozen=True, slots=True)
class Question:
    """An answer cell of the assignment. `template` is its text in the release."""

    notebook: str
    id: str
    is_code: bool
    template: str

    @property
    def name(self) -> str:
        return f"{self.notebook}/{self.id}"

    @property
    def suffix(self) -> str:
        return ".py" if self.is_code else ".md"


@dataclass(frozen=True, slots=True)
class Answers:
    """One student's, by name of the question: those that differ from the template.

    `notes` tell of notebooks that cannot be read.
    """

    student: str
    texts: Mapping[str, str]
    notes: tuple[str, ...] = ()


def questions_of(assignment: Assignment) -> tuple[Question, ...]:
    return tuple(
        Question(notebook.name, cell.id, cell.cell_type == "code", stub_of(cell))
        for notebook in assignment.notebooks
        for cell in notebook.anchors
        if cell.role.is_answer
    )


def read_answers(course: Course, assignment: Assignment, limits: Limits) -> Iterator[Answers]:
    """Everyone's who handed in, one after the other: a class does not have to fit into memory."""
    for student in course.students_submitted(assignment.name):
        yield _answers_of(course, student, assignment, limits)


def _answers_of(course: Course, student: str, assignment: Assignment, limits: Limits) -> Answers:
    texts: dict[str, str] = {}
    notes = []
    try:
        submission = read_submission(
            course.submitted(student, assignment.name), student, assignment.name, limits
        )
    except UsageError as error:  # gone since, or a link
        return Answers(student, {}, (str(error),))
    for notebook in assignment.notebooks:
        if notebook.name not in submission.notebooks:
            notes.append(submission.unreadable.get(notebook.name, f"{notebook.name}.ipynb was not handed in"))
            continue
        try:
            laid = lay_over(notebook, submission.notebooks[notebook.name], limits)
        except NotGradable as error:
            notes.append(f"{notebook.name}.ipynb: {error}")
            continue
        texts |= {f"{notebook.name}/{cell.id}": cell.source for cell in laid.cells if cell.changed}
    return Answers(student, texts, tuple(notes))


def export_answers(
    course: Course, name: str, to: Path, name_of: Callable[[str], str]
) -> tuple[int, list[str]]:
    """A folder a question in the new folder `to`; how many answers there are, and a line for each one lost.

    NOTEBOOK/QUESTION/answers/STUDENT.py (.md for written answers) and NOTEBOOK/QUESTION/template/ hold
    the answers and what the release had in their place. `name_of` gives the name of a student's file.
    Raises UsageError where `to` is there already, and GraderFault for a full disk.
    """
    assignment = Assignment.load(course, name)
    limits = course.settings.for_assignment(name).limits
    if to.exists() or to.is_symlink():
        raise UsageError(f"{to}: is there already; name a new folder with --to")
    questions = {question.name: question for question in questions_of(assignment)}
    count, notes = 0, []
    try:
        for question in questions.values():
            folder = to / question.notebook / question.id
            (folder / "answers").mkdir(parents=True)
            (folder / TEMPLATE).mkdir()
            _write(folder / TEMPLATE / f"{TEMPLATE}{question.suffix}", question.template)
        for found in read_answers(course, assignment, limits):
            who = name_of(found.student)
            notes += [f"{who}: {note}" for note in found.notes]
            for place, text in found.texts.items():
                question = questions[place]
                folder = to / question.notebook / question.id / "answers"
                _write(folder / f"{_fitting(who)}{question.suffix}", text)
                count += 1
    except OSError as error:
        shutil.rmtree(to, ignore_errors=True)
        raise cannot_write(error, to) from None
    return count, notes


def _fitting(who: str) -> str:
    """An id may be as long as a file name, and then has no room for a suffix."""
    name = who.encode()
    return who if len(name) <= _LONGEST else f"{who[:40]}-{hashlib.sha256(name).hexdigest()}"


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8", newline="")
