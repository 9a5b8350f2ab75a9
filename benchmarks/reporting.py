"""`python -m benchmarks.reporting`: the report on a class of 5,000, and what of it is reading the results."""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from autograder.holding import results_of
from autograder.reporting.page import page_of
from autograder.reporting.reading import read_report
from autograder.reporting.sheets import sheets_of
from benchmarks.classes import cost_of, make_class, mark_by_hand
from benchmarks.course import ASSIGNMENT

STUDENTS = 5_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reporting", description=__doc__)
    parser.add_argument("--students", type=int, default=STUDENTS)
    count = parser.parse_args().students
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "course"
        course = make_class(root, [f"s{number:05}" for number in range(count)])
        mark_by_hand(course)
        print(f"report: {cost_of(root, 'report', ASSIGNMENT)}", flush=True)
        largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"most memory of it: {largest:.0f} MiB")
        times = [time.process_time()]
        for _ in results_of(course, ASSIGNMENT):
            pass
        times.append(time.process_time())
        report = read_report(course, ASSIGNMENT)
        times.append(time.process_time())
        sheets = sheets_of(report)
        times.append(time.process_time())
        page = page_of(report, datetime.now(UTC), list(sheets))
        times.append(time.process_time())
        names = "results read alone", "read and counted", "CSV files", "page and charts"
        for name, start, end in zip(names, times, times[1:], strict=False):
            print(f"{name}: {end - start:.1f} s of a processor")
        print(f"page: {len(page) / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
