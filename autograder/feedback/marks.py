"""What the gradebook says of each cell of a notebook, as nbgrader counts it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from autograder.course import Course
from autograder.database import Query
from autograder.marks.table import ask


@dataclass(frozen=True, slots=True)
class CellMark:
    """One graded cell. `score` is a human's, else the grader's; None where neither has marked it.

    `waits`: a human has still to look at it.
    """

    automatic: float | None = None
    by_hand: float | None = None
    extra: float = 0.0
    waits: bool = False

    @property
    def score(self) -> float | None:
        return self.automatic if self.by_hand is None else self.by_hand


@dataclass(frozen=True, slots=True)
class NotebookMarks:
    """One student's notebook: marks and comments by the cell's id, and what is taken off for lateness."""

    name: str = ""
    penalty: float = 0.0
    cells: Mapping[str, CellMark] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)


# through the cells: the tables' one index is on (cell_id, notebook_id)
_OF = """
FROM assignment a JOIN submitted_assignment s ON s.assignment_id = a.id
JOIN submitted_notebook n ON n.assignment_id = s.id JOIN notebook b ON b.id = n.notebook_id
"""
_WHERE = " WHERE a.name = :assignment AND (CAST(:student AS TEXT) IS NULL OR s.student_id = :student)"
_NOTEBOOKS = (
    "SELECT s.student_id, b.name, n.late_submission_penalty, p.first_name, p.last_name "
    f"{_OF} JOIN student p ON p.id = s.student_id {_WHERE}"
)
_CELLS = (
    "SELECT s.student_id, b.name, c.name, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade "
    f"{_OF} JOIN base_cell c ON c.notebook_id = b.id "
    f"JOIN grade g ON g.cell_id = c.id AND g.notebook_id = n.id {_WHERE}"
)
_COMMENTS = (
    "SELECT s.student_id, b.name, c.name, coalesce(m.manual_comment, m.auto_comment) "
    f"{_OF} JOIN base_cell c ON c.notebook_id = b.id "
    f"JOIN comment m ON m.cell_id = c.id AND m.notebook_id = n.id {_WHERE}"
)


def notebook_marks(
    course: Course, assignment: str, student: str | None = None
) -> dict[tuple[str, str], NotebookMarks]:
    """By student and notebook, of one student or of all. Raises UsageError where there is no gradebook."""
    return ask(course, assignment, lambda query: _read(query, assignment, student))


def _read(query: Query, assignment: str, student: str | None) -> dict[tuple[str, str], NotebookMarks]:
    named = {"assignment": assignment, "student": student}
    cells: dict[tuple[str, str], dict[str, CellMark]] = {}
    for who, notebook, cell, automatic, by_hand, extra, waits in query(_CELLS, named):
        mark = CellMark(automatic, by_hand, extra or 0.0, bool(waits))
        cells.setdefault((who, notebook), {})[cell] = mark
    comments: dict[tuple[str, str], dict[str, str]] = {}
    for who, notebook, cell, comment in query(_COMMENTS, named):
        if comment and comment.strip():
            comments.setdefault((who, notebook), {})[cell] = comment.strip()
    return {
        (who, notebook): NotebookMarks(
            " ".join(part for part in (first, last) if part),
            penalty or 0.0,
            cells.get((who, notebook), {}),
            comments.get((who, notebook), {}),
        )
        for who, notebook, penalty, first, last in query(_NOTEBOOKS, named)
    }
