"""Plain nbgrader, as its users run it: one process for a student's cells and the hidden tests."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

Scores = dict[tuple[str, str, str], float | None]  # by student, notebook, grade_id

_QUERY = """
SELECT a.student_id, n.name, c.name, g.auto_score FROM grade g
JOIN base_cell c ON c.id = g.cell_id
JOIN submitted_notebook s ON s.id = g.notebook_id
JOIN notebook n ON n.id = s.notebook_id
JOIN submitted_assignment a ON a.id = s.assignment_id
"""


def autograde(course: Path, assignment: str, submissions: Mapping[str, Mapping[str, bytes]]) -> Scores:
    """The scores of `submissions` (student -> notebook -> bytes) in one run of `nbgrader autograde`.

    `course` is a folder with source/ASSIGNMENT in it.
    """
    (course / "nbgrader_config.py").write_text("c = get_config()\n")
    _run(course, "generate_assignment", assignment)
    for student, notebooks in submissions.items():
        folder = course / "submitted" / student / assignment
        folder.mkdir(parents=True)
        for name, data in notebooks.items():
            (folder / f"{name}.ipynb").write_bytes(data)
    _run(course, "autograde", assignment)
    with closing(sqlite3.connect(course / "gradebook.db")) as connection:
        return {
            (student, notebook, cell): score for student, notebook, cell, score in connection.execute(_QUERY)
        }


def _run(course: Path, *arguments: str) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # nbgrader calls alembic
    ours = {"PATH": path, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=course,
        env=os.environ | ours,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
