"""What a report is made of: results, marks, and the run that moved marks, each read once."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.course import Course
from autograder.database import Query
from autograder.errors import UsageError
from autograder.history import History
from autograder.marks.table import ask, marks_of
from autograder.reporting.counting import ByHand, report_of
from autograder.reporting.figures import Moved, Report
from autograder.result import DamagedResult, Result

# a cell that humans mark: a task, or one that is graded and is an answer too
_BY_HAND = """
SELECT c.id, n.name, c.name, coalesce(g.max_score, t.max_score, 0) FROM base_cell c
JOIN notebook n ON n.id = c.notebook_id JOIN assignment a ON a.id = n.assignment_id
LEFT JOIN grade_cells g ON g.id = c.id LEFT JOIN task_cells t ON t.id = c.id
WHERE a.name = :assignment AND (t.id IS NOT NULL OR g.id IS NOT NULL AND EXISTS (
  SELECT 1 FROM base_cell o JOIN solution_cells s ON s.id = o.id
  WHERE o.notebook_id = c.notebook_id AND o.name = c.name))
"""
_SCORES = """
SELECT s.student_id, CASE WHEN g.needs_manual_grade THEN NULL ELSE coalesce(g.manual_score, g.auto_score) END
FROM submitted_assignment s JOIN submitted_notebook n ON n.assignment_id = s.id
JOIN grade g ON g.cell_id = :cell AND g.notebook_id = n.id
"""


def read_report(course: Course, assignment: str) -> Report:
    """The report of what was graded. Raises UsageError where nothing was.

    A result or a gradebook that cannot be read is named in its notes, and the rest is reported.
    """
    students = course.students_graded(course.require_assignment(assignment))
    if not students:
        raise UsageError(f"{assignment}: nothing is graded yet; run `autograder grade {assignment}` first")
    notes: list[str] = []
    table, by_hand = None, []
    try:
        table = marks_of(course, assignment, anyway=True)
        by_hand = ask(course, assignment, lambda query: read_by_hand(query, assignment))
    except UsageError as error:
        notes.append(f"{error}; the marks below are of the tests alone")
    results = _results(course, assignment, students, notes)
    return report_of(assignment, results, table, by_hand, _moved(course, assignment), notes)


def read_by_hand(query: Query, assignment: str) -> list[ByHand]:
    """The answers of the assignment that humans mark, with what they gave."""
    cells = sorted(query(_BY_HAND, {"assignment": assignment}), key=lambda row: (row[1], row[2]))
    return [
        ByHand(f"{notebook}/{name}", float(most), dict(map(tuple, query(_SCORES, {"cell": cell}))))
        for cell, notebook, name, most in cells
    ]


def _results(course: Course, assignment: str, students: list[str], notes: list[str]) -> Iterator[Result]:
    """The results that can be read; a line in `notes` for each other one."""
    for student in students:
        try:
            result = Result.read(course.result_path(assignment, student))
        except (DamagedResult, OSError) as error:
            notes.append(f"left out: {error}")
            continue
        if result is not None and result.student == student:
            yield result
        else:
            notes.append(f"left out: {student}: the result is gone, or another student's; grade again")


def _moved(course: Course, assignment: str) -> Moved | None:
    history = History(course, assignment)
    run = history.last()
    return None if run is None else Moved(run.time, tuple(history.moves(run)))
