"""One side in a process of its own: reads batches of students from stdin, answers with what they cost.

Usage: python -m benchmarks.worker SIDE COURSE CLASS. Every line is JSON; the first answer is for starting.
"""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.sides import SIDES
from benchmarks.usage import adopt_orphans, core_seconds


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds on the wall and core-seconds (user and system, all processes)."""

    wall: float
    cores: float


class Meter:
    """Measures from its making to `read`, then anew."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._wall, self._cores = time.perf_counter(), core_seconds()

    def read(self) -> Cost:
        cost = Cost(time.perf_counter() - self._wall, core_seconds() - self._cores)
        self._begin()
        return cost


def main(side: str, folder: str, kind: str) -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a side prints is not for the parent
    adopt_orphans()
    meter = Meter()
    with SIDES[side](Path(folder), kind) as run:
        print(json.dumps(asdict(meter.read())), file=answers, flush=True)
        for line in sys.stdin:
            students = json.loads(line)
            meter.read()
            run(students)
            print(json.dumps(asdict(meter.read())), file=answers, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
