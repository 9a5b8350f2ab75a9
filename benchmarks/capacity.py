"""`python -m benchmarks.capacity`: what a submission weighs, and how many a second each part takes."""

from __future__ import annotations

import argparse
import os
import sqlite3
import tempfile
import time
from collections import deque
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

from autograder.assignment import Assignment
from autograder.autograded import write_autograded
from autograder.context import Context
from autograder.course import Course
from autograder.gradebook import Projection
from autograder.marking import Marked, Task, mark
from autograder.result import Result
from autograder.scheduling.members import Member, Members
from autograder.scheduling.parcels import Expected, pack_content, pack_marked, pack_task, unpack_answer
from autograder.submission import Submission, read_submission
from benchmarks.classes import make_class
from benchmarks.cluster import dask
from benchmarks.course import ASSIGNMENT, RIGHT, make_course, submissions

COPIES = 200  # of a result, written and projected


def weigh(place: Path) -> tuple[Context, Submission, Marked]:
    """One submission of lab6 as it travels and lies; returns it as it was marked."""
    make_course(place, submissions(RIGHT, 1))
    context = Context.of(Course.open(place), ASSIGNMENT)
    folder = context.course.submitted("student00", ASSIGNMENT)
    submission = read_submission(folder, "student00", ASSIGNMENT, context.settings.limits)
    with context.servers() as servers:
        marked = mark(context.assignment, submission, context.settings, servers)
    executed = sum(len(text.encode()) for text in marked.executed.values())
    for what, size in {
        "an assignment on its way to a worker": len(pack_content(context)),
        "a submission on its way to a worker": len(pack_task(Task(context.assignment, submission))),
        "its answer on the way back": len(pack_marked(marked)),
        "result.json": len(marked.result.to_json()),
        "the executed notebooks": executed,
    }.items():
        print(f"{what}: {size / 1000:,.1f} kB")
    return context, submission, marked


def keep(context: Context, submission: Submission, marked: Marked, place: Path) -> None:
    """What the grader's own process does for each answer: read it, write it, project it."""
    parcel, expected = pack_marked(marked), Expected(context)
    began = time.process_time()
    for _ in range(COPIES):
        expected.marked(submission.student, *unpack_answer(parcel))
    read = time.process_time() - began
    began, used = time.perf_counter(), time.process_time()
    for number in range(COPIES):
        write_autograded(place / f"s{number}" / ASSIGNMENT, context.assignment, submission, marked)
        marked.result.write_atomically(place / f"s{number}" / "result.json")
    written, busy = time.perf_counter() - began, time.process_time() - used
    print(
        f"an answer read and checked: {1000 * read / COPIES:.1f} ms of processor time; written: "
        f"{1000 * written / COPIES:.1f} ms, {1000 * busy / COPIES:.1f} of them of processor time"
    )


def project(place: Path, marked: Marked, size: int) -> None:
    """Into a gradebook that holds a class of `size` already."""
    course = make_class(place, [f"r{number:06}" for number in range(size)])
    assignment = Assignment.load(course, ASSIGNMENT)
    before = _rows(course), course.gradebook.stat().st_size
    new: list[Result] = [replace(marked.result, student=f"new{number}") for number in range(COPIES)]
    began, used = time.perf_counter(), time.process_time()
    with Projection(course.db_url) as projection:
        projection.register(assignment)
        for result in new:
            projection.project(result, assignment, None)
    seconds, busy = time.perf_counter() - began, time.process_time() - used
    rows = (_rows(course) - before[0]) / COPIES
    weight = (course.gradebook.stat().st_size - before[1]) / COPIES
    print(
        f"projected beside {size:,} students: {1000 * seconds / COPIES:.1f} ms, {1000 * busy / COPIES:.1f} "
        f"of them of processor time; {rows:.0f} rows and {weight / 1000:.1f} kB each"
    )


def _rows(course: Course) -> int:
    with closing(sqlite3.connect(course.gradebook)) as book:
        tables = [name for (name,) in book.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return sum(book.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables)


def exchange(folder: Path, there: int, back: int, count: int) -> None:
    """How many parcels of these sizes a second go to workers and come back, with nothing done."""
    ready: list[Member] = []
    with dask(2, folder) as address, Members(address, ready.append, lambda *_: None, print) as members:
        while len(ready) < 2:
            members.pump(0.2)
        waiting, done = deque(range(count)), 0

        def answered(member: Member, parcel: object) -> None:
            nonlocal done
            assert isinstance(parcel, bytes) and len(parcel) == back
            done += 1
            ask(member)

        def ask(member: Member) -> None:
            if waiting:
                waiting.popleft()
                # a builtin of as many bytes: what is measured is the way
                data = b"x" * there
                members.ask(member, partial(answered, member), bytes.ljust, data, back)

        began = time.perf_counter()
        for member in ready:
            for _ in range(8):
                ask(member)
        while done < count:
            members.pump(0.2)
        seconds = time.perf_counter() - began
    print(f"there and back through a scheduler: {count / seconds:.0f} a second")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.capacity", description=__doc__)
    parser.add_argument(
        "--sizes", type=int, nargs="*", default=[1_000, 10_000], help="classes in a gradebook"
    )
    parser.add_argument("--parcels", type=int, default=2_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        context, submission, marked = weigh(place / "course")
        keep(context, submission, marked, place / "kept")
        for size in given.sizes:
            project(place / f"class{size}", marked, size)
        (place / "dask").mkdir()
        exchange(
            place / "dask",
            len(pack_task(Task(context.assignment, submission))),
            len(pack_marked(marked)),
            given.parcels,
        )
        print(f"load {os.getloadavg()[0]:.1f}, {len(os.sched_getaffinity(0))} cores")


if __name__ == "__main__":
    main()
