"""Plain nbgrader, as its users run it: one process for a student's cells and the hidden tests."""

import os
import shutil
import sqlite3
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.commands import environment, nbgrader
from tests.parity.warm_kernel import warm_kernels

ROOT = Path(__file__).resolve().parents[2]
CORES = len(os.sched_getaffinity(0))

Scores = dict[tuple[str, str, str], float | None]  # by student, notebook, grade_id

# Kernels of two nbgraders at once could be given the same free port, so they get sockets with a name.
_CONFIG = """
c = get_config()
c.KernelManager.transport = "ipc"
c.KernelManager.ip = {sockets!r}
"""

_QUERY = """
SELECT a.student_id, n.name, c.name, g.auto_score FROM grade g
JOIN base_cell c ON c.id = g.cell_id
JOIN submitted_notebook s ON s.id = g.notebook_id
JOIN notebook n ON n.id = s.notebook_id
JOIN submitted_assignment a ON a.id = s.assignment_id
"""


def autograde(
    course: Path, assignment: str, submissions: Mapping[str, Mapping[str, bytes]], warm: bool = False
) -> Scores:
    """The scores of `submissions` (student -> notebook -> bytes) by `nbgrader autograde`.

    `course` is a folder with source/ASSIGNMENT in it. nbgrader takes one submission after the other,
    so every core gets a copy of the course and its share of the students. With `warm` its kernels need
    not import the libraries of lab6, which is worth its start from some ten submissions on.
    """
    students = list(submissions)
    shares = [students[core::CORES] for core in range(min(CORES, len(students)))]

    more: dict[str, str] = {}

    def one_share(number: int) -> Scores:
        copy = shutil.copytree(course, course.with_name(f"{course.name}-{number}"))
        share = {student: submissions[student] for student in shares[number]}
        return _autograde(copy, assignment, share, more)

    with ThreadPoolExecutor(len(shares)) as pool, ExitStack() as stack:
        if warm:
            more = stack.enter_context(warm_kernels(environment()))
        return {
            key: score for scores in pool.map(one_share, range(len(shares))) for key, score in scores.items()
        }


def _autograde(
    course: Path,
    assignment: str,
    submissions: Mapping[str, Mapping[str, bytes]],
    more: Mapping[str, str],
) -> Scores:
    for student, notebooks in submissions.items():
        target = course / "submitted" / student / assignment
        target.mkdir(parents=True)
        for name, data in notebooks.items():
            (target / f"{name}.ipynb").write_bytes(data)
    with TemporaryDirectory() as folder:  # not in `course`: the name of a socket has at most 107 bytes
        (course / "nbgrader_config.py").write_text(_CONFIG.format(sockets=f"{folder}/kernel"))
        nbgrader(course, "generate_assignment", assignment, **more)
        nbgrader(course, "autograde", assignment, **more)
    with closing(sqlite3.connect(course / "gradebook.db")) as connection:
        return {
            (student, notebook, cell): score for student, notebook, cell, score in connection.execute(_QUERY)
        }
