"""`python -m benchmarks.collecting [STUDENTS]`: `autograder collect` of a large class's Canvas download.

Beside it, how long Python takes only to unpack the same zip: what the disk and the machine's load allow.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.students import import_students
from autograder.verifying.cases import submitted_notebooks
from benchmarks.course import ASSIGNMENT, ROOT

STUDENTS = 5_000


def make(folder: Path, students: int) -> tuple[Course, Path]:
    """A course with that many students, and a zip as Canvas makes it with lab6's notebooks for each."""
    source = folder / "source"
    source.mkdir(parents=True)
    (source / ASSIGNMENT).symlink_to(ROOT / "source" / ASSIGNMENT)
    course = Course.open(folder)
    rows = "".join(f"s{n},First{n},Last{n},{10_000 + n}\n" for n in range(students))
    roster = folder / "students.csv"
    roster.write_text(f"id,first_name,last_name,lms_user_id\n{rows}")
    import_students(course, roster)
    notebooks = submitted_notebooks(Assignment.load(course, ASSIGNMENT).notebooks, {})
    download = folder / "submissions.zip"
    with zipfile.ZipFile(download, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(students):
            for place, (name, data) in enumerate(notebooks.items()):
                # no two alike
                ours = data.replace(b'"nbformat"', f'"number": {n}, "nbformat"'.encode(), 1)
                archive.writestr(f"last{n}first{n}_{10_000 + n}_{n}{place}_{name}.ipynb", ours)
    return course, download


def seconds(course: Course, download: Path) -> float:
    """Wall time of the whole command."""
    command = [sys.executable, "-c", "from autograder.cli import main; main()", "--course", str(course.root)]
    started = time.perf_counter()
    subprocess.run([*command, "collect", ASSIGNMENT, str(download)], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def unpacking(download: Path, folder: Path) -> float:
    """Wall time of `extractall`."""
    started = time.perf_counter()
    with zipfile.ZipFile(download) as archive:
        archive.extractall(folder)
    return time.perf_counter() - started


def main() -> None:
    students = int(sys.argv[1]) if len(sys.argv) > 1 else STUDENTS
    with tempfile.TemporaryDirectory() as place:
        course, download = make(Path(place) / "course", students)
        print(f"{students:,} students, {download.stat().st_size / 2**20:.0f} MiB")
        print(f"unpacked by zipfile: {unpacking(download, Path(place) / 'unpacked'):.1f} s")
        for what in ("for the first time", "again, unchanged", "again, unchanged"):
            print(f"collected {what}: {seconds(course, download):.1f} s")


if __name__ == "__main__":
    main()
