"""Marks and comments by hand, written into nbgrader's gradebook as formgrader writes them.

A human's mark is `manual_score`, which counts in place of the automatic one and which no regrade touches.
Who writes says what was on the screen: where somebody else was faster, nothing is written.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autograder.course import Course
from autograder.database import Claim, Query, Writer
from autograder.errors import UsageError
from autograder.gradebook import LatePenalty, claim_of, penalty_of
from autograder.marks.table import ask
from autograder.runtime.outputs import plain

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LONGEST_COMMENT = 10_000
LONGEST_REASON = 1_000


@dataclass(frozen=True, slots=True)
class Place:
    """One question of one student's submission."""

    assignment: str
    student: str
    notebook: str
    cell: str

    @property
    def path(self) -> str:
        return f"{self.notebook}/{self.cell}"

    def __str__(self) -> str:
        return f"{self.student}, {self.path}"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the gradebook has there. `max_score` is None where there are comments only.

    `is_automatic` are tests, whose mark by hand is an override.
    """

    place: Place
    max_score: float | None = None
    is_automatic: bool = False
    auto_score: float | None = None
    manual_score: float | None = None
    extra_credit: float | None = None
    needs_manual_grade: bool = False
    has_comment: bool = False
    auto_comment: str | None = None
    manual_comment: str | None = None

    @property
    def points(self) -> float | None:
        """As nbgrader counts them, extra credit included; None while there are none."""
        points = self.auto_score if self.manual_score is None else self.manual_score
        return None if points is None else points + (self.extra_credit or 0.0)

    @property
    def comment(self) -> str:
        return (self.auto_comment if self.manual_comment is None else self.manual_comment) or ""

    @property
    def given(self) -> Given:
        """What humans gave."""
        return Given(self.manual_score, self.extra_credit, self.manual_comment)

    @property
    def version(self) -> str:
        """Another one whenever anything of this is different."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Given:
    """What a human gives: None takes it back, and the grader's counts."""

    manual_score: float | None = None
    extra_credit: float | None = None
    manual_comment: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A mark or comment by hand that was another one before, in the transaction of this number."""

    before: Standing
    after: Standing
    reason: str = ""
    transaction: int = 0

    @property
    def place(self) -> Place:
        return self.after.place


class Overtaken(UsageError):
    """Somebody else changed it since it was read; `now` is what stands there."""

    def __init__(self, now: Standing) -> None:
        super().__init__(f"{now.place}: somebody else has changed this meanwhile; look again, then decide")
        self.now = now


def standings(course: Course, assignment: str, student: str) -> dict[str, Standing]:
    """By "notebook/cell", what can be marked or commented on; none where nothing was handed in.

    Raises UsageError where there is no gradebook yet.
    """
    rows = ask(course, assignment, lambda query: _read(query, Place(assignment, student, "", "")))
    return _standings(assignment, student, rows)


class HandMarks:
    """Writes marks by hand into the course's gradebook, one transaction each. Threads may share it.

    The late penalty of a notebook follows its score where the course's plugin is given; without one it stays
    as it is, as in formgrader.
    """

    def __init__(self, course: Course, late_penalty: LatePenalty | None = None) -> None:
        self._database = course.database
        self._late_penalty = late_penalty
        self._writer = Writer(self._database)

    def close(self) -> None:
        self._writer.close()

    def write(
        self,
        place: Place,
        given: Given,
        seen: str,
        reason: str = "",
        on_change: Callable[[Change], None] = lambda change: None,
    ) -> Change:
        """Put what was given in the place of what a human gave there before.

        `seen` is the version that the human decided on. The mark of a test needs a reason. `on_change` is
        called before the mark is committed: if it raises, nothing is written. Raises UsageError for marks
        that cannot be, and Overtaken.
        """
        reason = tidy(reason, LONGEST_REASON, "the reason")
        if not self._database.exists():
            raise _unknown(place)

        def work(session: Session) -> Change:
            rows = _read(_query(session), place, _ONE_CELL)
            before = _standings(place.assignment, place.student, rows).get(place.path)
            if before is None:
                raise _unknown(place)
            if before.version != seen:
                raise Overtaken(before)
            _write(session, rows, _checked(before, given, reason), before)
            after = _standings(place.assignment, place.student, _read(_query(session), place, _ONE_CELL))
            number = self._database.number_of(session)
            change = Change(before, after[place.path], reason, number)
            if self._late_penalty is not None:
                _write_penalty(session, place, rows[0].submitted_notebook, self._late_penalty)
            if change.before != change.after:
                on_change(change)
            return change

        claims = Claim(place.assignment, shared=True), claim_of(place.assignment, place.student)
        return self._writer.write(work, *claims)


def _unknown(place: Place) -> UsageError:
    return UsageError(f"{place}: not in the gradebook; run `autograder grade {place.assignment}` first")


def tidy(text: str, longest: int, what: str) -> str:
    """Text that a human typed, without control characters. Raises UsageError if it is too long."""
    text = plain(text.replace("\r\n", "\n")).strip()
    if len(text) > longest:
        raise UsageError(f"{what} has {len(text):,} characters; {longest:,} are the most")
    return text


def _checked(before: Standing, given: Given, reason: str) -> Given:
    """Formgrader's rules, said instead of silently bent. Raises UsageError."""
    points, extra = given.manual_score, given.extra_credit
    if before.max_score is None and (points is not None or extra is not None):
        raise UsageError(f"{before.place}: has no points, only a comment")
    for name, value in (("points", points), ("extra credit", extra)):
        if value is not None and not (math.isfinite(value) and value >= 0):
            raise UsageError(f"{before.place}: {name} must be a number that is not negative")
    if points is not None and before.max_score is not None and points > before.max_score:
        raise UsageError(
            f"{before.place}: {points:g} points of {before.max_score:g}; give the rest as extra credit"
        )
    moved = (points, extra) != (before.manual_score, before.extra_credit)
    if before.is_automatic and moved and not reason:
        raise UsageError(f"{before.place}: the mark of a test is overridden with a reason; write one")
    comment = None
    if given.manual_comment is not None:
        comment = tidy(given.manual_comment, LONGEST_COMMENT, "the comment") or None
    if comment is not None and not before.has_comment:
        raise UsageError(f"{before.place}: nbgrader has no comment there; write it at the answer")
    return Given(points, extra, comment)


# The rows of nbgrader's database ------------------------------------------------------------------

# in an order in which every step has an index: the names of the assignment, then UNIQUE pairs of ids;
# SQLite keeps to the order of a CROSS JOIN
_STANDINGS = """
SELECT b.name AS notebook, c.name AS cell, c.type, coalesce(k.max_score, t.max_score) AS max_score,
  n.id AS submitted_notebook, g.id AS grade, g.auto_score, g.manual_score, g.extra_credit,
  g.needs_manual_grade, m.id AS comment, m.auto_comment, m.manual_comment
FROM assignment a CROSS JOIN notebook b CROSS JOIN submitted_assignment s CROSS JOIN submitted_notebook n
CROSS JOIN base_cell c
LEFT JOIN grade_cells k ON k.id = c.id LEFT JOIN task_cells t ON t.id = c.id
LEFT JOIN grade g ON g.cell_id = c.id AND g.notebook_id = n.id
LEFT JOIN comment m ON m.cell_id = c.id AND m.notebook_id = n.id
WHERE a.name = :assignment AND b.assignment_id = a.id
AND s.assignment_id = a.id AND s.student_id = :student
AND n.notebook_id = b.id AND n.assignment_id = s.id AND c.notebook_id = b.id {only}
"""


@dataclass(frozen=True, slots=True)
class _Row:
    """One cell of the gradebook: an answer that a human marks has two, for its mark and for its comment."""

    notebook: str
    cell: str
    type: str
    max_score: float | None
    submitted_notebook: str
    grade: str | None
    auto_score: float | None
    manual_score: float | None
    extra_credit: float | None
    needs_manual_grade: int | None  # or a bool
    comment: str | None
    auto_comment: str | None
    manual_comment: str | None


_ONE_CELL = "AND b.name = :notebook AND c.name = :cell"
_ONE_NOTEBOOK = "AND b.name = :notebook"


def _query(session: Session) -> Query:
    from sqlalchemy import text

    return lambda statement, values: session.execute(text(statement), dict(values)).fetchall()


def _read(query: Query, place: Place, only: str = "") -> list[_Row]:
    named = {
        "assignment": place.assignment,
        "student": place.student,
        "notebook": place.notebook,
        "cell": place.cell,
    }
    rows = [_Row(*row) for row in query(_STANDINGS.format(only=only), named)]
    return sorted(rows, key=lambda row: (row.notebook, row.cell, row.type))


def _standings(assignment: str, student: str, rows: Iterable[_Row]) -> dict[str, Standing]:
    together: dict[tuple[str, str], list[_Row]] = {}
    for row in rows:
        if row.grade is not None or row.comment is not None:
            together.setdefault((row.notebook, row.cell), []).append(row)
    return {
        f"{notebook}/{cell}": _standing(Place(assignment, student, notebook, cell), of_cell)
        for (notebook, cell), of_cell in together.items()
    }


def _standing(place: Place, rows: Sequence[_Row]) -> Standing:
    graded = next((row for row in rows if row.grade is not None), None)
    commented = next((row for row in rows if row.comment is not None), None)
    return Standing(
        place,
        max_score=graded.max_score if graded else None,
        is_automatic=graded is not None and graded.type == "GradeCell" and commented is None,
        auto_score=graded.auto_score if graded else None,
        manual_score=graded.manual_score if graded else None,
        extra_credit=graded.extra_credit if graded else None,
        needs_manual_grade=bool(graded and graded.needs_manual_grade),
        has_comment=commented is not None,
        auto_comment=commented.auto_comment if commented else None,
        manual_comment=commented.manual_comment if commented else None,
    )


def _write(session: Session, rows: Sequence[_Row], given: Given, before: Standing) -> None:
    """As formgrader's GradeHandler and CommentHandler do it (nbgrader, formgrader/apihandlers.py)."""
    from nbgrader.api import Comment, Grade

    for row in rows:
        if row.grade is not None:
            needs = given.manual_score is None and before.auto_score is None
            values = {
                "manual_score": given.manual_score,
                "extra_credit": given.extra_credit,
                "needs_manual_grade": needs,
            }
            _update(session, Grade.__table__, row.grade, values)
        if row.comment is not None and given.manual_comment != before.manual_comment:
            _update(session, Comment.__table__, row.comment, {"manual_comment": given.manual_comment})


def _update(session: Session, table: Any, row_id: str, values: Mapping[str, Any]) -> None:
    session.execute(table.update().where(table.c.id == row_id).values(**values))


def _write_penalty(session: Session, place: Place, notebook_id: str, plugin: LatePenalty) -> None:
    from nbgrader.api import SubmittedNotebook

    notebook = session.get(SubmittedNotebook, notebook_id)
    assert notebook is not None
    submission = notebook.assignment
    late = submission.total_seconds_late if submission.assignment.duedate is not None else 0.0
    penalty = penalty_of(plugin, submission.student_id, late, _score(session, place))
    if notebook.late_submission_penalty != penalty:
        notebook.late_submission_penalty = penalty


def _score(session: Session, place: Place) -> float:
    rows = _read(_query(session), place, _ONE_NOTEBOOK)
    found = _standings(place.assignment, place.student, rows).values()
    return sum(standing.points or 0.0 for standing in found)
