"""`python -m benchmarks.postgres`: marks of 5,000 submissions into PostgreSQL, and into a file, in one run.

The projection is the one that `grade` uses: one transaction for so many submissions. The server is Debian's
own package, started here with its default settings, on the loopback, with passwords.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.gradebook import Projection, Submitted
from autograder.projecting import MOST_WAITING
from autograder.result import Result
from autograder.web.classtable import read_class
from benchmarks.classes import results_of_class
from benchmarks.course import ASSIGNMENT, ROOT
from benchmarks.postgres_server import Server, server

STUDENTS = 5_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.postgres", description=__doc__)
    parser.add_argument("--students", type=int, default=STUDENTS)
    count = parser.parse_args().students
    with tempfile.TemporaryDirectory() as place, server() as running:
        os.environ["PGPASSWORD"] = running.password
        address = running.make("grades")
        lines = {
            "a file of SQLite's": _measured(_course(Path(place, "file")), count),
            "PostgreSQL": _measured(_course(Path(place, "server"), address), count, running),
        }
    cores = len(os.sched_getaffinity(0))
    print(f"{count:,} submissions of {ASSIGNMENT}; {cores} cores, load {os.getloadavg()[0]:.1f} at the end")
    names = list(next(iter(lines.values())))
    print("| seconds | " + " | ".join(lines) + " |\n|---|" + "---:|" * len(lines))
    for name in names:
        print(f"| {name} | " + " | ".join(found[name] for found in lines.values()) + " |")


def _course(root: Path, address: str = "") -> Course:
    (root / "source").mkdir(parents=True)
    (root / "source" / ASSIGNMENT).symlink_to(ROOT / "source" / ASSIGNMENT)
    (root / "autograder.toml").write_text(f'db_url = "{address}"\n' if address else "")
    return Course.open(root)


def _measured(course: Course, count: int, running: Server | None = None) -> dict[str, str]:
    assignment = Assignment.load(course, ASSIGNMENT)
    results = list(results_of_class(assignment, [f"s{number:05}" for number in range(count)]))
    found: dict[str, str] = {}

    def step(name: str, work: Callable[[], object]) -> None:
        busy, started = running.core_seconds() if running else 0.0, time.perf_counter()
        own = time.process_time()
        work()
        own = time.process_time() - own
        wall = time.perf_counter() - started
        busy = (running.core_seconds() if running else 0.0) - busy
        found[name] = f"{wall:.1f} (processor: {own:.1f}" + (f" + {busy:.1f} of the server)" if busy else ")")

    with Projection(course.db_url) as projection:
        projection.register(assignment)
        step("first marks of everyone", lambda: _project(projection, assignment, results))
        step("the same once more", lambda: _project(projection, assignment, results))
    step("a copy", lambda: course.database.back_up(course.backups))
    (copy,) = course.backups.iterdir()
    step("the copy put back", lambda: course.database.put_back(copy))
    step("the class read", lambda: read_class(course, ASSIGNMENT, {}))
    step("ten times opened and asked", lambda: [course.database.exists() for _ in range(10)])
    return found


def _project(projection: Projection, assignment: Assignment, results: list[Result]) -> None:
    for first in range(0, len(results), MOST_WAITING):
        part = results[first : first + MOST_WAITING]
        projection.project_all(assignment, [Submitted(result, None) for result in part])


if __name__ == "__main__":
    main()
