"""Every row that grading leaves in a gradebook, and three ways to get there."""

import shutil
from pathlib import Path
from typing import Any

from autograder.course import Course
from autograder.database import time_of
from tests.commands import nbgrader, python

Rows = dict[tuple[str, ...], tuple[Any, ...]]

_GRADES = """
SELECT a.student_id, b.name, c.name, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade
FROM grade g JOIN base_cell c ON c.id = g.cell_id JOIN submitted_notebook n ON n.id = g.notebook_id
JOIN notebook b ON b.id = n.notebook_id JOIN submitted_assignment a ON a.id = n.assignment_id
"""
_COMMENTS = """
SELECT a.student_id, b.name, c.name, k.auto_comment, k.manual_comment
FROM comment k JOIN base_cell c ON c.id = k.cell_id JOIN submitted_notebook n ON n.id = k.notebook_id
JOIN notebook b ON b.id = n.notebook_id JOIN submitted_assignment a ON a.id = n.assignment_id
"""
_NOTEBOOKS = """
SELECT a.student_id, b.name, a.timestamp, n.flagged, n.late_submission_penalty
FROM submitted_notebook n JOIN notebook b ON b.id = n.notebook_id
JOIN submitted_assignment a ON a.id = n.assignment_id
"""


def rows(course: Path) -> Rows:
    """("grade", student, notebook, cell), ("comment", ...) and ("notebook", student, notebook) -> values."""
    found: Rows = {}
    with Course.open(course).database.reading() as query:
        assert query is not None
        for row in query(_GRADES, {}):
            found["grade", *row[:3]] = tuple(row[3:])
        for row in query(_COMMENTS, {}):
            found["comment", *row[:3]] = tuple(row[3:])
        for student, notebook, timestamp, *rest in query(_NOTEBOOKS, {}):
            found["notebook", student, notebook] = (time_of(timestamp), *rest)
    return found


def differences(theirs: Rows, ours: Rows) -> dict[tuple[str, ...], tuple[Any, Any]]:
    return {
        key: (theirs.get(key), ours.get(key))
        for key in theirs.keys() | ours.keys()
        if theirs.get(key) != ours.get(key)
    }


INSTALL = "from autograder.dropin import install; install()\n"


def graded_by_nbgrader(course: Path, assignment: str, code: int = 0) -> Rows:
    """A copy of the course, graded by plain nbgrader."""
    copy = _copy(course, "plain")
    return _by_nbgrader(copy, assignment, code)


def graded_by_dropin(course: Path, assignment: str, code: int = 0) -> Rows:
    """A copy of the course, graded by the same command with our line in its configuration."""
    copy = _copy(course, "dropin")
    config = copy / "nbgrader_config.py"
    config.write_text(INSTALL + (config.read_text() if config.exists() else ""))
    return _by_nbgrader(copy, assignment, code)


def graded_by_us(course: Path, assignment: str, code: int = 0) -> Rows:
    """A copy of the course, graded by `autograder grade`."""
    copy = _copy(course, "ours")
    nbgrader(copy, "generate_assignment", assignment)
    ours = ("-c", "from autograder.cli import main; main()")
    python(copy, *ours, "grade", assignment, "--unverified", code=code)
    return rows(copy)


def _by_nbgrader(course: Path, assignment: str, code: int) -> Rows:
    nbgrader(course, "generate_assignment", assignment)
    nbgrader(course, "autograde", assignment, code=code)
    return rows(course)


def _copy(course: Path, kind: str) -> Path:
    return Path(shutil.copytree(course, course.with_name(f"{course.name}-{kind}")))
