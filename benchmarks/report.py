"""What was measured: the numbers that follow from it, a table, and the file with everything."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.worker import Cost

RESULTS = Path(__file__).with_name("results")


@dataclass(frozen=True, slots=True)
class Measured:
    """Costs of one side: of its start, and of every batch."""

    start: Cost
    batches: tuple[Cost, ...]

    def per_submission(self, batch: int) -> Cost:
        """The mean over all batches."""
        count = len(self.batches) * batch
        return Cost(sum(c.wall for c in self.batches) / count, sum(c.cores for c in self.batches) / count)


@dataclass(frozen=True, slots=True)
class Ratios:
    """nbgrader against us. W, the work itself, is taken off both sides where it says overhead.

    `overhead_cores` compares core-seconds; `overhead_wall` compares seconds on the wall, ours times
    the cores that we keep busy or idle, nbgrader's alone.
    """

    overhead_cores: float
    overhead_wall: float
    raw_cores: float
    raw_wall: float
    our_overhead_a_notebook: float


def ratios(nbgrader: Cost, ours: Cost, plain: Cost, cores: int, notebooks: int) -> Ratios:
    """From costs a submission; `cores` of the machine, `notebooks` of a submission."""
    return Ratios(
        overhead_cores=(nbgrader.cores - plain.cores) / (ours.cores - plain.cores),
        overhead_wall=(nbgrader.wall - plain.wall) / (ours.wall * cores - plain.wall),
        raw_cores=nbgrader.cores / ours.cores,
        raw_wall=nbgrader.wall / ours.wall,
        our_overhead_a_notebook=(ours.cores - plain.cores) / notebooks,
    )


def machine() -> dict[str, Any]:
    """What the numbers depend on besides us, how busy the machine was included."""
    return {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": len(os.sched_getaffinity(0)),
        "load_before": os.getloadavg()[0],
        "kernel": platform.release(),
        "python": platform.python_version(),
    }


def write(
    about: Mapping[str, Any],
    measured: Mapping[str, Measured],
    found: Ratios,
    stages: Mapping[str, float],
    folder: Path = RESULTS,
) -> Path:
    """Everything as JSON, in a file named after the time."""
    content = {
        "machine": about,
        "sides": {name: asdict(side) for name, side in measured.items()},
        "ratios": asdict(found),
        "stages": stages,
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{about['time'].replace(':', '')}.json"
    path.write_text(json.dumps(content, indent=1) + "\n")
    return path


def table(
    about: Mapping[str, Any],
    measured: Mapping[str, Measured],
    batch: int,
    found: Ratios,
    stages: Mapping[str, float],
) -> str:
    """The same in lines to read, seconds a submission."""
    lines = [
        f"{about['cores']} cores, load before {about['load_before']:.1f}, {about['time']}",
        f"{'seconds a submission':24}{'wall':>8}{'cores':>8}{'start: wall':>14}{'cores':>8}",
    ]
    for name, side in measured.items():
        each, start = side.per_submission(batch), side.start
        lines.append(f"{name:24}{each.wall:8.3f}{each.cores:8.3f}{start.wall:14.2f}{start.cores:8.2f}")
    lines += [
        "",
        f"overhead, nbgrader / ours, core-seconds      {found.overhead_cores:8.1f}",
        f"overhead, nbgrader / ours, wall x cores      {found.overhead_wall:8.1f}",
        f"raw, nbgrader / ours, core-seconds           {found.raw_cores:8.1f}",
        f"raw, nbgrader / ours, wall                   {found.raw_wall:8.1f}",
        f"our overhead a notebook, core-seconds        {found.our_overhead_a_notebook:8.3f}",
        "",
        "where our time goes, wall seconds a submission, one at a time:",
        *(f"  {stage:12}{seconds:8.3f}" for stage, seconds in stages.items()),
    ]
    return "\n".join(lines)
