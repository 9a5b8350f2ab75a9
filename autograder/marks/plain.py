"""Marks as CSV or JSON: the columns of `nbgrader export`, and what it leaves out."""

from __future__ import annotations

import csv
import io
import json
from typing import Any, Literal

from autograder.marks.filling import Filling, Given, about, notes_on_marks
from autograder.marks.spreadsheets import safe_cell, written
from autograder.marks.table import Mark, Table

COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score", "needs_manual_grade"),
    *("extra_credit", "submitted", "excused", "lms_user_id"),
)


def filling(table: Table, form: Literal["csv", "json"]) -> Filling:
    """The marks in that form, and what to know of them."""
    text = csv_of(table) if form == "csv" else json_of(table)
    given = tuple(
        Given(mark.student_id, "", written(mark.score, 2, comma=False, trailing=False), "")
        for mark in table.marks
        if not mark.excused
    )
    absent = about("without a submission", (mark.student_id for mark in table.marks if not mark.submitted))
    return Filling(text, given, (*notes_on_marks(table.assignment, table.marks), *absent))


def csv_of(table: Table) -> str:
    """A row for everyone on the roster, safe to open in a spreadsheet."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows(
        {name: safe_cell(value) for name, value in _row(table, mark).items()} for mark in table.marks
    )
    return out.getvalue()


def json_of(table: Table) -> str:
    """The same as a list of objects, every value as it is."""
    return json.dumps([_row(table, mark) for mark in table.marks], indent=1) + "\n"


def _row(table: Table, mark: Mark) -> dict[str, Any]:
    """As nbgrader counts: zero without a submission. Who is excused has no score."""
    return {
        "assignment": table.assignment,
        "duedate": str(table.duedate) if table.duedate else None,
        "timestamp": str(mark.timestamp) if mark.timestamp else None,
        "student_id": mark.student_id,
        "last_name": mark.last_name,
        "first_name": mark.first_name,
        "email": mark.email,
        "raw_score": mark.raw_score,
        "late_submission_penalty": mark.late_submission_penalty,
        "score": None if mark.excused else mark.score,
        "max_score": table.max_score,
        "needs_manual_grade": bool(mark.open),
        "extra_credit": mark.extra_credit,
        "submitted": mark.submitted,
        "excused": mark.excused,
        "lms_user_id": mark.lms_user_id,
    }
