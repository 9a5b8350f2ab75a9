"""`python -m benchmarks.exporting`: marks of a class of 5,000 exported, and their answers compared."""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
from collections.abc import Sequence
from pathlib import Path

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.source import Role
from autograder.verifying.cases import submitted_notebooks
from benchmarks.classes import cost_of, make_class
from benchmarks.course import ASSIGNMENT

STUDENTS = 5_000
DISTINCT = 500  # answers to a question: the others are among them
HEADER = "Student,ID,SIS User ID,SIS Login ID,Section,lab6 (7)\n"
WORKSHEET = (
    'Identifier,"Full name","Email address",Status,Grade,"Maximum grade","Grade can be changed",'
    '"Last modified (submission)","Last modified (grade)","Feedback comments"\n'
)


def write_platforms_files(root: Path, students: Sequence[str]) -> None:
    """What Canvas and Moodle export, to be filled in."""
    (root / "canvas.csv").write_text(
        HEADER + "".join(f'"Roe, {who}",{n},S{n},{who},A,\n' for n, who in enumerate(students, 1))
    )
    time_there = '"Wednesday, November 25, 2026, 9:00 PM"'
    (root / "moodle.csv").write_text(
        WORKSHEET
        + "".join(
            f"Participant {n},{who} Roe,{who}@x.org,,,100.00,Yes,{time_there},-,\n"
            for n, who in enumerate(students, 1)
        )
    )


def hand_in(root: Path, students: Sequence[str]) -> None:
    """A submission for everyone, with one of the distinct answers to each question."""
    assignment = Assignment.load(Course.open(root), ASSIGNMENT)
    chance = random.Random(1)
    for student in students:
        seed = chance.randrange(DISTINCT)
        answers = {
            (notebook.name, cell.id): f"{cell.source}\n"
            + "".join(f"v = v * {seed + n} - len(v)\n" for n in range(20))
            for notebook in assignment.notebooks
            for cell in notebook.anchors
            if cell.role is Role.SOLUTION
        }
        folder = root / "submitted" / student / ASSIGNMENT
        folder.mkdir(parents=True)
        for name, data in submitted_notebooks(assignment.notebooks, answers).items():
            (folder / f"{name}.ipynb").write_bytes(data)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.exporting", description=__doc__)
    parser.add_argument("--students", type=int, default=STUDENTS)
    count = parser.parse_args().students
    students = [f"s{number:05}" for number in range(count)]
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "course"
        make_class(root, students)
        write_platforms_files(root, students)
        for name, arguments in {
            "csv": ("csv", ASSIGNMENT),
            "canvas": ("canvas", ASSIGNMENT, "--gradebook", "canvas.csv"),
            "moodle": ("moodle", ASSIGNMENT, "--worksheet", "moodle.csv", "--comments"),
        }.items():
            print(f"export {name}: {cost_of(root, 'export', *arguments)}", flush=True)
        hand_in(root, students)
        print(f"report --similarity: {cost_of(root, 'report', ASSIGNMENT, '--similarity')}")
        largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"most memory of a command: {largest:.0f} MiB")


if __name__ == "__main__":
    main()
