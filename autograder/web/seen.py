"""What a student may see of a submission: at once what could be read, after the release the marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.course import Course
from autograder.formats import NewerFormat
from autograder.result import CellResult, NotebookResult, Outcome, Result, Status, read_if_whole
from autograder.source import Role


@dataclass(frozen=True, slots=True)
class Check:
    """A cell that the instructor gave along to be run: how it ended, and what it said."""

    name: str
    passed: bool
    message: str


@dataclass(frozen=True, slots=True)
class Part:
    """One notebook. `reason` says why it could not be graded, or is empty."""

    name: str
    status: Status
    reason: str
    checks: tuple[Check, ...]
    stopped: tuple[Check, ...]  # the student's own cells that ended in an error


@dataclass(frozen=True, slots=True)
class Outline:
    """What came of a submission, without anything of hidden tests."""

    parts: tuple[Part, ...]
    tampering: tuple[str, ...]
    is_faulty: bool


@dataclass(frozen=True, slots=True)
class Question:
    """The points of one cell; None for what waits for a human."""

    name: str
    points: float | None
    most: float
    comment: str


@dataclass(frozen=True, slots=True)
class Marks:
    """A student's marks as nbgrader counts them."""

    score: float
    most: float
    penalty: float
    questions: tuple[Question, ...]

    @property
    def is_open(self) -> bool:
        """Whether something waits for a human."""
        return any(question.points is None for question in self.questions)


def outline(course: Course, assignment: str, student: str) -> Outline | None:
    """Of the last result, None where there is none yet, or none that can be read."""
    try:
        result = read_if_whole(course.result_path(assignment, student))
    except NewerFormat:  # staff are told; a student can do nothing about it
        return None
    if result is None:
        return None
    return Outline(
        parts=tuple(map(_part, result.notebooks)),
        tampering=result.tampering,
        is_faulty=result.status is Status.FAULT or _has_fault(result),
    )


def _part(notebook: NotebookResult) -> Part:
    checks = [cell for cell in notebook.cells if cell.role == Role.LOCKED and cell.id]
    own = [cell for cell in notebook.cells if cell.role in (Role.SOLUTION, Role.PLAIN)]
    return Part(
        notebook.name,
        notebook.status,
        notebook.reason,
        tuple(_check(cell) for cell in checks if cell.outcome is not Outcome.SKIPPED),
        tuple(_check(cell) for cell in own if cell.outcome not in (Outcome.SKIPPED, Outcome.PASSED)),
    )


def _check(cell: CellResult) -> Check:
    words = {Outcome.TIMEOUT: "took too long", Outcome.MEMORY: "used too much memory"}
    message = words.get(cell.outcome) or cell.message or ("" if _passed(cell) else str(cell.outcome))
    return Check(cell.id or f"cell {cell.index + 1}", _passed(cell), message)


def _passed(cell: CellResult) -> bool:
    return cell.outcome is Outcome.PASSED


def _has_fault(result: Result) -> bool:
    return any(test.outcome is Outcome.FAULT for notebook in result.notebooks for test in notebook.tests)


# one student's rows alone; grade has no index on notebook_id, so it is looked through once
_QUESTIONS = """
SELECT b.name || '/' || c.name, g.manual_score, g.auto_score, g.extra_credit, g.needs_manual_grade,
  coalesce(k.max_score, t.max_score, 0),
  (SELECT coalesce(m.manual_comment, m.auto_comment) FROM comment m
   WHERE m.notebook_id = n.id AND m.cell_id = c.id)
FROM submitted_assignment s JOIN assignment a ON a.id = s.assignment_id AND a.name = :assignment
JOIN submitted_notebook n ON n.assignment_id = s.id JOIN notebook b ON b.id = n.notebook_id
JOIN grade g ON g.notebook_id = n.id JOIN base_cell c ON c.id = g.cell_id
LEFT JOIN grade_cells k ON k.id = c.id LEFT JOIN task_cells t ON t.id = c.id
WHERE s.student_id = :student
"""
_PENALTY = """
SELECT sum(coalesce(n.late_submission_penalty, 0)) FROM submitted_notebook n
JOIN submitted_assignment s ON s.id = n.assignment_id JOIN assignment a ON a.id = s.assignment_id
WHERE s.student_id = :student AND a.name = :assignment
"""


def marks(course: Course, assignment: str, student: str) -> Marks | None:
    """The marks in the gradebook, None where there are none. Raises GraderFault or UsageError."""
    named = {"assignment": assignment, "student": student}
    with course.database.reading("the gradebook", "tell your instructor") as query:
        if query is None:
            return None
        rows = query(_QUESTIONS, named)
        ((penalty,),) = query(_PENALTY, named)
    return _marks(rows, float(penalty or 0.0)) if rows else None


def _marks(rows: Sequence[Sequence[object]], penalty: float) -> Marks:
    questions, score, most = [], 0.0, 0.0
    for name, manual, automatic, extra, waits, maximum, comment in sorted(rows, key=lambda row: str(row[0])):
        given = manual if manual is not None else automatic
        points = None if given is None or waits else float(str(given)) + float(str(extra or 0.0))
        counted = 0.0 if given is None else float(str(given)) + float(str(extra or 0.0))
        questions.append(Question(str(name), points, float(str(maximum)), str(comment or "").strip()))
        score, most = score + counted, most + float(str(maximum))
    return Marks(max(0.0, score - penalty), most, penalty, tuple(questions))
