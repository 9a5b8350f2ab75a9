"""A course of our own for each side, with the same submissions of one of three classes."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path

from autograder.assignment import Assignment
from autograder.demo import plan_class
from autograder.result import Status
from autograder.verifying.cases import read_cases, submitted_notebooks

ROOT = Path(__file__).resolve().parents[1]
ASSIGNMENT = "lab6"
SOLUTION, RIGHT, MIXED = "solution", "right", "mixed"
CLASSES = {
    SOLUTION: "the instructor's solution",
    RIGHT: "right answers, each another one",
    MIXED: "right and wrong answers",
}

Submission = Mapping[str, bytes]  # notebooks by name


def students(count: int) -> list[str]:
    return [f"student{number:02}" for number in range(count)]


def submissions(kind: str, count: int) -> list[Submission]:
    """The submissions of a class, the same ones every time. At most 28."""
    assignment = Assignment.from_folder(ASSIGNMENT, ROOT / "source" / ASSIGNMENT)
    if kind == SOLUTION:
        return [submitted_notebooks(assignment.notebooks, {})] * count
    folders = ("right/",) if kind == RIGHT else ("right/", "wrong/")
    cases = read_cases(ROOT / "cases" / ASSIGNMENT, assignment)
    planned = plan_class(assignment, [case for case in cases if case.name.startswith(folders)])
    whole = (
        p for p in planned if p.status is Status.GRADED and len(p.notebooks) == len(assignment.notebooks)
    )
    return [one.notebooks for one in islice(whole, count)]


def make_course(folder: Path, handed_in: Sequence[Submission]) -> None:
    """source/ and submitted/, one student a submission, in the empty or missing `folder`."""
    shutil.copytree(ROOT / "source" / ASSIGNMENT, folder / "source" / ASSIGNMENT)
    settings = (ROOT / "autograder.toml").read_text().replace('"."', f'"{ROOT}"')
    (folder / "autograder.toml").write_text(settings)
    for student, notebooks in zip(students(len(handed_in)), handed_in, strict=True):
        target = folder / "submitted" / student / ASSIGNMENT
        target.mkdir(parents=True)
        for name, data in notebooks.items():
            (target / f"{name}.ipynb").write_bytes(data)
