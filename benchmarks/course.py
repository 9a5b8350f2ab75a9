"""A course of our own for each side, with the same students: all hand in the instructor's solution."""

from __future__ import annotations

import shutil
from pathlib import Path

from autograder.assignment import Assignment
from autograder.cases import submitted_notebooks

ROOT = Path(__file__).resolve().parents[1]
ASSIGNMENT = "lab6"


def students(count: int) -> list[str]:
    return [f"student{number:02}" for number in range(count)]


def make_course(folder: Path, count: int) -> None:
    """source/ and submitted/ with `count` students in the empty or missing `folder`."""
    shutil.copytree(ROOT / "source" / ASSIGNMENT, folder / "source" / ASSIGNMENT)
    settings = (ROOT / "autograder.toml").read_text().replace('"."', f'"{ROOT}"')
    (folder / "autograder.toml").write_text(settings)
    assignment = Assignment.from_folder(ASSIGNMENT, ROOT / "source" / ASSIGNMENT)
    notebooks = submitted_notebooks(assignment.notebooks, {})
    for student in students(count):
        target = folder / "submitted" / student / ASSIGNMENT
        target.mkdir(parents=True)
        for name, data in notebooks.items():
            (target / f"{name}.ipynb").write_bytes(data)
