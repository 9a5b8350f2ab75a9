"""`python -m benchmarks`: nbgrader, this grader and plain exec in turn, on the same submissions."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from autograder.assignment import Assignment
from benchmarks import report
from benchmarks.course import ASSIGNMENT, ROOT, make_course, students
from benchmarks.sides import SIDES
from benchmarks.stages import stage_seconds
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
def worker(side: str, folder: Path) -> Iterator[Worker]:
    environment = os.environ | {"OMP_NUM_THREADS": "1", "MPLBACKEND": "agg"}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    command = [sys.executable, "-m", "benchmarks.worker", side, str(folder)]
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


def measure(folder: Path, count: int, size: int) -> dict[str, report.Measured]:
    """Batches of `size` students, each side's in turn; before that one to warm up, which is not counted."""
    every = students(count + 1)
    batches = [every[n : n + size] for n in range(1, count + 1, size)]
    costs: dict[str, list[Cost]] = {side: [] for side in SIDES}
    with ExitStack() as stack:
        workers = {}
        for side in SIDES:
            make_course(folder / side, count + 1)
            workers[side] = stack.enter_context(worker(side, folder / side))
            workers[side].run(every[:1])
        for batch in batches:
            for side in SIDES:
                costs[side].append(workers[side].run(batch))
        return {side: report.Measured(workers[side].start, tuple(costs[side])) for side in SIDES}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--submissions", type=int, default=10, help="how many (a multiple of --batch)")
    parser.add_argument("--batch", type=int, default=5, help="how many before it is another side's turn")
    given = parser.parse_args()
    if given.batch < 1 or given.submissions < 1 or given.submissions % given.batch:
        parser.error("--submissions must be a multiple of --batch, both positive")
    about = report.machine()
    notebooks = len(Assignment.from_folder(ASSIGNMENT, ROOT / "source" / ASSIGNMENT).notebooks)
    with tempfile.TemporaryDirectory() as folder:
        measured = measure(Path(folder), given.submissions, given.batch)
        stages = stage_seconds(Path(folder) / "ours", students(min(given.submissions, STAGED) + 1))
    costs = {side: each.per_submission(given.batch) for side, each in measured.items()}
    found = report.ratios(costs["nbgrader"], costs["ours"], costs["plain"], about["cores"], notebooks)
    print(report.table(about, measured, given.batch, found, stages))
    print(f"\n{report.write(about, measured, found, stages)}")


if __name__ == "__main__":
    main()
