"""`python -m benchmarks`: nbgrader, otter, this grader and plain exec in turn, on the same submissions."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from autograder.assignment import Assignment
from benchmarks import report
from benchmarks.course import (
    ASSIGNMENT,
    CLASSES,
    ROOT,
    SOLUTION,
    Submission,
    make_course,
    students,
    submissions,
)
from benchmarks.crossings import microseconds
from benchmarks.sides import SIDES
from benchmarks.stages import measure_stages
from benchmarks.worker import Cost

STAGED = 5  # submissions under the profiler


class Worker:
    """A side at work in its own process; `log` is what it has to say."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self._process = process
        self._log = log
        self.start = self._read()

    def run(self, batch: list[str]) -> Cost:
        assert self._process.stdin is not None
        print(json.dumps(batch), file=self._process.stdin, flush=True)
        return self._read()

    def _read(self) -> Cost:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"a side failed:\n{self._log.read_text()[-5_000:]}")
        return Cost(**json.loads(line))


@contextmanager
def worker(side: str, folder: Path, kind: str) -> Iterator[Worker]:
    environment = os.environ | {"OMP_NUM_THREADS": "1", "MPLBACKEND": "agg"}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    command = [sys.executable, "-m", "benchmarks.worker", side, str(folder), kind]
    log, pipe = folder.with_suffix(".log"), subprocess.PIPE
    with (
        log.open("w") as stderr,
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, stderr=stderr, text=True
        ) as process,
    ):
        yield Worker(process, log)
        assert process.stdin is not None
        process.stdin.close()
        if process.wait():
            raise SystemExit(f"{side} failed:\n{log.read_text()[-5_000:]}")


def measure(
    folder: Path, handed_in: Sequence[Submission], kind: str, size: int
) -> dict[str, report.Measured]:
    """Batches of `size` students, each side's in turn; before that one to warm up, which is not counted."""
    every = students(len(handed_in))
    batches = [every[n : n + size] for n in range(1, len(every), size)]
    costs: dict[str, list[Cost]] = {side: [] for side in SIDES}
    with ExitStack() as stack:
        workers = {}
        for side in SIDES:
            make_course(folder / side, handed_in)
            workers[side] = stack.enter_context(worker(side, folder / side, kind))
            workers[side].run(every[:1])
        for batch in batches:
            for side in SIDES:
                costs[side].append(workers[side].run(batch))
        return {side: report.Measured(workers[side].start, tuple(costs[side])) for side in SIDES}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--submissions", type=int, default=6, help="of each class (a multiple of --batch)")
    parser.add_argument("--batch", type=int, default=2, help="how many before it is another side's turn")
    parser.add_argument("--classes", nargs="+", choices=list(CLASSES), default=list(CLASSES))
    parser.add_argument("--picture", type=Path, help="draw the seconds into this file (svg)")
    given = parser.parse_args()
    if given.batch < 1 or given.submissions < 1 or given.submissions % given.batch:
        parser.error("--submissions must be a multiple of --batch, both positive")
    about = report.machine()
    notebooks = len(Assignment.from_folder(ASSIGNMENT, ROOT / "source" / ASSIGNMENT).notebooks)
    measured = {}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for kind in given.classes:
            handed_in = submissions(kind, given.submissions + 1)
            measured[kind] = measure(folder / kind, handed_in, kind, given.batch)
            print(f"measured: {CLASSES[kind]}", file=sys.stderr, flush=True)
        make_course(folder / "alone", submissions(SOLUTION, STAGED + 1))
        stages = measure_stages(folder / "alone", students(STAGED + 1))
    found = report.Report(about, given.batch, notebooks, measured, stages, microseconds())
    print(found.table())
    if given.picture:
        found.draw(given.picture)
    print(f"\n{found.write()}")


if __name__ == "__main__":
    main()
