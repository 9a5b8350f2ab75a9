"""`python -m benchmarks.cluster`: a submission on a Dask cluster, and on this machine without one."""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from autograder.context import Context
from autograder.course import Course
from autograder.grading import grade_class
from autograder.result import Status
from benchmarks.course import ASSIGNMENT, CLASSES, MIXED, make_course, students, submissions
from benchmarks.dask_cluster import Dask
from benchmarks.usage import adopt_orphans, core_seconds

# docs/operators.md asks for these: by default Dask looks at itself fifty and a hundred times a second
QUIET = {
    "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "1s",
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
}
WANTED = 0.9  # of the throughput a core of one machine
HERE = "one machine"

Run = Callable[[], None]


@contextmanager
def dask(workers: int, folder: Path) -> Iterator[str]:
    """The address of a scheduler with so many workers of one thread each."""
    running = Dask(folder, QUIET)
    try:
        running.start_workers(workers)
        yield running.address
    finally:
        running.stop()


@contextmanager
def side(workers: int, folder: Path, kind: str, count: int) -> Iterator[Run]:
    """Grades the class once, warm, on so many workers of a cluster, or with 0 on this machine."""
    make_course(folder, submissions(kind, count))
    context = Context.of(Course.open(folder), ASSIGNMENT)
    with ExitStack() as stack:
        scheduler = stack.enter_context(dask(workers, folder)) if workers else None
        servers = None if workers else stack.enter_context(context.servers())

        def run(some: Sequence[str] = ()) -> None:
            graded = grade_class(
                context, tuple(some), force=True, unverified=True, servers=servers, scheduler=scheduler
            )
            assert all(one.result.status is Status.GRADED for one in graded)

        run(students(count)[: max(1, workers)])  # warm
        yield run


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cluster", description=__doc__)
    parser.add_argument("--submissions", type=int, default=20, help="of each round, at most 28")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, nargs="*", default=[2, 3])
    parser.add_argument("--class", dest="kind", choices=CLASSES, default=MIXED)
    given = parser.parse_args()
    adopt_orphans()
    names = {HERE: 0} | {f"a cluster of {workers}": workers for workers in given.workers}
    wall: dict[str, list[float]] = {name: [] for name in names}
    cores: dict[str, list[float]] = {name: [] for name in names}
    with tempfile.TemporaryDirectory() as place:
        for _ in range(given.rounds):
            for name, workers in names.items():
                folder = Path(place) / f"course-{workers}-{len(wall[name])}"
                with side(workers, folder, given.kind, given.submissions) as run:
                    began, used = time.perf_counter(), core_seconds()
                    run()
                    wall[name].append((time.perf_counter() - began) / given.submissions)
                    cores[name].append((core_seconds() - used) / given.submissions)
    print(f"{given.submissions} submissions of lab6 ({CLASSES[given.kind]}), {given.rounds} rounds")
    print(f"load {os.getloadavg()[0]:.1f}, {len(os.sched_getaffinity(0))} cores; medians, a submission")
    base_wall, base_cores = statistics.median(wall[HERE]), statistics.median(cores[HERE])
    for name in names:
        seconds, used = statistics.median(wall[name]), statistics.median(cores[name])
        print(
            f"{name}: {seconds:.2f} s of wall time, {used:.2f} core-seconds; throughput "
            f"{base_wall / seconds:.2f}, a core {base_cores / used:.2f} (wanted: {WANTED})"
        )


if __name__ == "__main__":
    main()
