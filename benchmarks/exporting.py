"""`python -m benchmarks.exporting`: marks of a class of 5,000 exported, and their answers compared."""

from __future__ import annotations

import argparse
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from autograder.assignment import Assignment
from autograder.cases import submitted_notebooks
from autograder.course import Course
from autograder.gradebook import Projection
from autograder.result import NotebookResult, Outcome, Result, Status, TestResult
from autograder.source import Role
from benchmarks.course import ASSIGNMENT, ROOT

STUDENTS = 5_000
DISTINCT = 500  # answers to a question: the others are among them
HEADER = "Student,ID,SIS User ID,SIS Login ID,Section,lab6 (7)\n"
WORKSHEET = (
    'Identifier,"Full name","Email address",Status,Grade,"Maximum grade","Grade can be changed",'
    '"Last modified (submission)","Last modified (grade)","Feedback comments"\n'
)


def make_class(root: Path, students: Sequence[str]) -> None:
    """The course with a result and marks for everyone, as grading leaves them, and the platforms' files."""
    (root / "source").mkdir(parents=True)
    (root / "source" / ASSIGNMENT).symlink_to(ROOT / "source" / ASSIGNMENT)
    (root / "autograder.toml").write_text("")
    course = Course.open(root)
    assignment = Assignment.load(course, ASSIGNMENT)
    chance = random.Random(0)
    result = _result(assignment)
    with Projection(course.db_url) as projection:
        projection.register(assignment)
        projection.project(replace(result, student=students[0]), assignment, None)
    for student in students:
        parts = tuple(replace(p, tests=_failing(p.tests, chance)) for p in result.notebooks)
        path = course.result_path(ASSIGNMENT, student)
        path.parent.mkdir(parents=True)
        path.write_text(replace(result, student=student, notebooks=parts).to_json())
    with closing(sqlite3.connect(course.gradebook)) as book, book:
        _copy_marks(book, students[0], students[1:])
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


def _copy_marks(book: sqlite3.Connection, of: str, to: Sequence[str]) -> None:
    """The rows of the only submission once more for others; ids get the student's own behind them."""
    book.executemany("INSERT INTO student (id, email) VALUES (?, ?)", [(who, f"{who}@x.org") for who in to])
    book.execute("UPDATE student SET email = ? WHERE id = ?", (f"{of}@x.org", of))
    for table, own_ids in {
        "submitted_assignment": ("id",),
        "submitted_notebook": ("id", "assignment_id"),
        "grade": ("id", "notebook_id"),
        "comment": ("id", "notebook_id"),
    }.items():
        cursor = book.execute(f"SELECT * FROM {table}")
        columns = [column[0] for column in cursor.description]
        rows = [dict(zip(columns, row, strict=True)) for row in cursor]
        marks = ", ".join("?" * len(columns))
        book.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})",
            (
                [f"{row[c]}{who}" if c in own_ids else who if row[c] == of else row[c] for c in columns]
                for who in to
                for row in rows
            ),
        )


def _result(assignment: Assignment) -> Result:
    parts = tuple(
        NotebookResult(
            notebook.name,
            tests=tuple(
                TestResult(cell.id, cell.points or 0.0, cell.points or 0.0, Outcome.PASSED)
                for cell in notebook.anchors
                if cell.role is Role.TEST
            ),
        )
        for notebook in assignment.notebooks
    )
    return Result(1, ASSIGNMENT, "", Status.GRADED, "", 3, "wall", {}, {}, parts)


def _failing(tests: Sequence[TestResult], chance: random.Random) -> tuple[TestResult, ...]:
    return tuple(
        replace(test, points=0.0, outcome=Outcome.FAILED) if chance.random() < 0.2 else test for test in tests
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


def cost_of(root: Path, *arguments: str) -> str:
    """Wall time and processor time of a whole command."""
    started, used = time.perf_counter(), _processor_seconds()
    command = [sys.executable, "-c", "from autograder.cli import main; main()", *arguments]
    subprocess.run(command, cwd=root, check=True, stdout=subprocess.DEVNULL)
    return f"{time.perf_counter() - started:.1f} s, {_processor_seconds() - used:.1f} s of a processor"


def _processor_seconds() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.exporting", description=__doc__)
    parser.add_argument("--students", type=int, default=STUDENTS)
    count = parser.parse_args().students
    students = [f"s{number:05}" for number in range(count)]
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "course"
        make_class(root, students)
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
