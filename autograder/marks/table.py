"""Marks out of the gradebook, as nbgrader counts them: manual scores, extra credit and penalties included."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from autograder.allowances import Allowance, Allowances
from autograder.course import Course
from autograder.database import Query, time_of
from autograder.errors import UsageError
from autograder.holding import holds, results_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Mark:
    """One student of the roster. Times are naive UTC, as nbgrader keeps them.

    `raw_score` and `score` are nbgrader's: zero without a submission, never below zero. `marked` tells
    whether any question has points, of the grader or of a human; `open` names those that wait for a human,
    `lacking` those that the assignment got after this submission was graded.
    """

    student_id: str
    last_name: str | None = None
    first_name: str | None = None
    email: str | None = None
    lms_user_id: str | None = None
    submitted: bool = False
    timestamp: datetime | None = None
    raw_score: float = 0.0
    extra_credit: float = 0.0
    late_submission_penalty: float = 0.0
    marked: bool = False
    open: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    excused: bool = False

    @property
    def score(self) -> float:
        return max(0.0, self.raw_score - self.late_submission_penalty)

    @property
    def given(self) -> float | None:
        """What a learning platform is told: nothing of who is excused, or has no mark at all."""
        return self.score if self.marked and not self.excused else None

    @property
    def names(self) -> tuple[str, ...]:
        """The full name in the orders in which lists have it; none where a part is unknown."""
        if not (self.first_name and self.last_name):
            return ()
        return f"{self.first_name} {self.last_name}", f"{self.last_name}, {self.first_name}"


@dataclass(frozen=True, slots=True)
class Table:
    """The marks of an assignment: one for everyone on the roster, by id."""

    assignment: str
    duedate: datetime | None
    max_score: float
    marks: tuple[Mark, ...]


def marks_of(course: Course, assignment: str, anyway: bool = False) -> Table:
    """The marks of an assignment of the course.

    Raises UsageError where nothing was graded, and, but for `anyway`, where there is a reason to hold back.
    """
    course.require_assignment(assignment)
    if not anyway:
        require_no_holds(course, assignment)
    excused = Allowances.read(course).of(assignment)
    return ask(course, assignment, lambda query: read_table(query, assignment, excused))


def require_no_holds(course: Course, assignment: str, verb: str = "export") -> None:
    """Raises UsageError with the reasons to look before marks go out, if there are any."""
    if found := holds(results_of(course, assignment)):
        raise UsageError(f"marks are held back: {'; '.join(found)}; or {verb} with --anyway")


def comments_of(course: Course, assignment: str) -> dict[str, str]:
    """By student, the comments of humans and of the grader, a paragraph a question."""
    return ask(course, assignment, lambda query: read_comments(query, assignment))


def ask(course: Course, assignment: str, question: Callable[[Query], T]) -> T:
    """What the course's gradebook says, read without nbgrader and SQLAlchemy, which take long to import."""
    with course.database.reading() as query:
        if query is None:
            raise UsageError(f"there is no gradebook yet; run `autograder grade {assignment}` first")
        return question(query)


_ASSIGNMENT = """
SELECT a.duedate,
  (SELECT sum(coalesce(c.max_score, t.max_score, 0)) FROM notebook n JOIN base_cell b ON b.notebook_id = n.id
   LEFT JOIN grade_cells c ON c.id = b.id LEFT JOIN task_cells t ON t.id = b.id WHERE n.assignment_id = a.id)
FROM assignment a WHERE a.name = :assignment
"""
# the points of a cell: those of a human, else the grader's, and extra credit where there are any
# (nbgrader.api.Grade.score)
_MARKS = """
SELECT p.id, p.last_name, p.first_name, p.email, p.lms_user_id, s.id, s.timestamp,
  sum(CASE WHEN coalesce(g.manual_score, g.auto_score) IS NULL THEN 0
      ELSE coalesce(g.manual_score, g.auto_score) + coalesce(g.extra_credit, 0) END),
  sum(coalesce(g.extra_credit, 0)),
  sum(CASE WHEN coalesce(g.manual_score, g.auto_score) IS NULL THEN 0 ELSE 1 END)
FROM student p
LEFT JOIN submitted_assignment s ON s.student_id = p.id
  AND s.assignment_id = (SELECT id FROM assignment WHERE name = :assignment)
LEFT JOIN submitted_notebook n ON n.assignment_id = s.id
LEFT JOIN grade g ON g.notebook_id = n.id
GROUP BY p.id, p.last_name, p.first_name, p.email, p.lms_user_id, s.id, s.timestamp
"""
# nbgrader's tables have no index that a join of these two could use
_PENALTIES = """
SELECT n.assignment_id, sum(coalesce(n.late_submission_penalty, 0)) FROM submitted_notebook n
WHERE n.assignment_id IN (SELECT s.id FROM submitted_assignment s JOIN assignment a ON a.id = s.assignment_id
  WHERE a.name = :assignment) GROUP BY n.assignment_id
"""
_OPEN = """
SELECT s.student_id, b.name, c.name FROM submitted_assignment s
JOIN assignment a ON a.id = s.assignment_id JOIN submitted_notebook n ON n.assignment_id = s.id
JOIN notebook b ON b.id = n.notebook_id
JOIN grade g ON g.notebook_id = n.id JOIN base_cell c ON c.id = g.cell_id
WHERE a.name = :assignment AND g.needs_manual_grade
"""
# grading writes a row for each cell with points, also of what was not handed in or could not be marked; rows
# are counted first, which is quick in a large class: as a rule there are as many as submissions
_LACKING = """
WITH later AS (
  SELECT c.id, c.name, c.notebook_id, b.name AS notebook, b.assignment_id FROM assignment a
  JOIN notebook b ON b.assignment_id = a.id JOIN base_cell c ON c.notebook_id = b.id
  LEFT JOIN grade_cells k ON k.id = c.id LEFT JOIN task_cells t ON t.id = c.id
  WHERE a.name = :assignment AND coalesce(k.max_score, t.max_score, 0) > 0
  AND (SELECT count(*) FROM grade g WHERE g.cell_id = c.id)
    < (SELECT count(*) FROM submitted_assignment s WHERE s.assignment_id = a.id))
SELECT s.student_id, later.notebook, later.name FROM later
JOIN submitted_assignment s ON s.assignment_id = later.assignment_id
LEFT JOIN submitted_notebook n ON n.notebook_id = later.notebook_id AND n.assignment_id = s.id
LEFT JOIN grade g ON g.cell_id = later.id AND g.notebook_id = n.id
WHERE g.id IS NULL
"""
_COMMENTS = """
SELECT s.student_id, b.name, c.name, coalesce(m.manual_comment, m.auto_comment) FROM submitted_assignment s
JOIN assignment a ON a.id = s.assignment_id JOIN submitted_notebook n ON n.assignment_id = s.id
JOIN notebook b ON b.id = n.notebook_id
JOIN comment m ON m.notebook_id = n.id JOIN base_cell c ON c.id = m.cell_id
WHERE a.name = :assignment
"""


def read_table(query: Query, assignment: str, allowances: Mapping[str, Allowance]) -> Table:
    """The marks of the assignment, with who is excused. Raises UsageError where it is not registered."""
    named = {"assignment": assignment}
    found = query(_ASSIGNMENT, named)
    if not found:
        raise UsageError(f"{assignment!r} is not in the gradebook; run `autograder grade {assignment}` first")
    duedate, max_score = found[0]
    penalties = {row[0]: row[1] for row in query(_PENALTIES, named)}
    still_open, lacking = (_questions(query(statement, named)) for statement in (_OPEN, _LACKING))
    marks = []
    for row in sorted(query(_MARKS, named), key=lambda row: str(row[0])):
        who, last_name, first_name, email, lms_user_id, submission, timestamp, score, extra, marked = row
        mark = Mark(
            student_id=who,
            last_name=last_name,
            first_name=first_name,
            email=email,
            lms_user_id=lms_user_id,
            submitted=submission is not None,
            timestamp=time_of(timestamp),
            raw_score=float(score or 0.0),
            extra_credit=float(extra or 0.0),
            late_submission_penalty=float(penalties.get(submission, 0.0)),
            marked=bool(marked),
            open=tuple(still_open.get(who, ())),
            lacking=tuple(lacking.get(who, ())),
            excused=who in allowances and allowances[who].excused,
        )
        marks.append(mark)
    return Table(assignment, time_of(duedate), float(max_score or 0.0), tuple(marks))


def _questions(rows: Iterable[Sequence[Any]]) -> dict[str, list[str]]:
    """By student, "notebook/cell" of each row. Sorted here: databases differ in their order of texts."""
    found: dict[str, list[str]] = {}
    for who, notebook, cell in sorted(map(tuple, rows)):
        found.setdefault(who, []).append(f"{notebook}/{cell}")
    return found


def read_comments(query: Query, assignment: str) -> dict[str, str]:
    """As `comments_of`, from a gradebook that is open."""
    found: dict[str, list[str]] = {}
    rows = query(_COMMENTS, {"assignment": assignment})
    for who, notebook, cell, comment in sorted(rows, key=lambda row: (row[1], row[2])):
        if comment and comment.strip():
            found.setdefault(who, []).append(f"{notebook}/{cell}: {comment.strip()}")
    return {who: "\n".join(comments) for who, comments in found.items()}
