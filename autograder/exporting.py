"""Marks out of the gradebook, as nbgrader counts them: manual scores, extra credit and penalties included."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Any, Literal

from autograder.course import Course
from autograder.errors import UsageError
from autograder.holding import holds, results_of

# those of `nbgrader export`, and whether a human still has to mark something
COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score", "needs_manual_grade"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export(course: Course, assignment: str, form: Literal["csv", "json"], anyway: bool = False) -> str:
    """The marks of an assignment as text: a row for everyone on the roster.

    Raises UsageError where nothing was graded, and, but for `anyway`, where there is a reason to hold back.
    """
    course.require_assignment(assignment)
    if not anyway:
        found = holds(results_of(course, assignment))
        if found:
            raise UsageError(f"marks are held back: {'; '.join(found)}; or export with --anyway")
    rows = [_row(row) for row in _marks(course, assignment)]
    if form == "json":
        return json.dumps(rows, indent=1) + "\n"
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return out.getvalue()


def _marks(course: Course, assignment: str) -> list[dict[str, Any]]:
    from nbgrader.api import Assignment, Gradebook, Student, SubmittedAssignment, SubmittedNotebook
    from sqlalchemy import func

    if not course.gradebook.is_file():
        raise UsageError(f"there is no gradebook yet; run `autograder grade {assignment}` first")
    with Gradebook(course.db_url) as book:
        row = book.db.query(Assignment).filter_by(name=assignment).one_or_none()
        if row is None:
            raise UsageError(
                f"{assignment!r} is not in the gradebook; run `autograder grade {assignment}` first"
            )
        handed_in = {each["student"]: each for each in book.submission_dicts(assignment)}
        penalty = func.coalesce(func.sum(SubmittedNotebook.late_submission_penalty), 0.0)
        penalties = dict(
            book.db.query(SubmittedAssignment.student_id, penalty)
            .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .filter(SubmittedAssignment.assignment_id == row.id)
            .group_by(SubmittedAssignment.student_id)
            .all()
        )
        return [
            {
                "assignment": assignment,
                "duedate": row.duedate,
                "timestamp": found.get("timestamp"),
                "student_id": student.id,
                "last_name": student.last_name,
                "first_name": student.first_name,
                "email": student.email,
                "raw_score": found.get("score", 0.0),
                "late_submission_penalty": penalties.get(student.id, 0.0),
                "score": max(0.0, found.get("score", 0.0) - penalties.get(student.id, 0.0)),
                "max_score": row.max_score,
                "needs_manual_grade": bool(found.get("needs_manual_grade", False)),
            }
            for student in book.db.query(Student).order_by(Student.id)
            for found in [handed_in.get(student.id, {})]
        ]


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    """Times as text, all else as it is."""
    return {name: str(value) if hasattr(value, "isoformat") else value for name, value in row.items()}


def _cell(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
