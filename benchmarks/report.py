"""What was measured: the numbers that follow from it, a table, a picture, and the file with everything."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.course import CLASSES
from benchmarks.stages import Stages
from benchmarks.worker import Cost

RESULTS = Path(__file__).with_name("results")
NAMES = {"nbgrader": "nbgrader", "otter": "otter", "ours": "this grader", "plain": "W"}
COLOURS = {"nbgrader": "#8a8f98", "otter": "#b9bdc4", "ours": "#1f6f8b", "plain": "#d8a23a"}


@dataclass(frozen=True, slots=True)
class Measured:
    """Costs of one side: of its start, and of every batch."""

    start: Cost
    batches: tuple[Cost, ...]

    def per_submission(self, batch: int) -> Cost:
        """The mean over all batches."""
        count = len(self.batches) * batch
        return Cost(sum(c.wall for c in self.batches) / count, sum(c.cores for c in self.batches) / count)


Class = Mapping[str, Measured]  # by side


@dataclass(frozen=True, slots=True)
class Ratios:
    """Another grader against us. W, the work itself, is taken off both sides where it says overhead.

    `overhead_cores` compares core-seconds; `overhead_wall` compares seconds on the wall, ours times the
    cores that we keep busy or idle, the other's alone. `raw_walls` has the ratio of every batch.
    """

    overhead_cores: float
    overhead_wall: float
    raw_cores: float
    raw_wall: float
    raw_walls: tuple[float, ...]


def ratios(found: Class, side: str, batch: int, cores: int) -> Ratios:
    """`cores` are those of the machine."""
    other, ours, plain = (found[name].per_submission(batch) for name in (side, "ours", "plain"))
    pairs = zip(found[side].batches, found["ours"].batches, strict=True)
    return Ratios(
        overhead_cores=(other.cores - plain.cores) / (ours.cores - plain.cores),
        overhead_wall=(other.wall - plain.wall) / (ours.wall * cores - plain.wall),
        raw_cores=other.cores / ours.cores,
        raw_wall=other.wall / ours.wall,
        raw_walls=tuple(theirs.wall / mine.wall for theirs, mine in pairs),
    )


def overhead_a_notebook(found: Class, batch: int, notebooks: int) -> float:
    """Core-seconds that we take beyond the work itself."""
    ours, plain = (found[name].per_submission(batch) for name in ("ours", "plain"))
    return (ours.cores - plain.cores) / notebooks


def machine() -> dict[str, Any]:
    """What the numbers depend on besides us, how busy the machine was included."""
    return {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": len(os.sched_getaffinity(0)),
        "load_before": os.getloadavg()[0],
        "kernel": platform.release(),
        "python": platform.python_version(),
    }


@dataclass(frozen=True, slots=True)
class Report:
    """All that one run found."""

    about: Mapping[str, Any]
    batch: int
    notebooks: int
    classes: Mapping[str, Class]
    stages: Stages
    crossings: Mapping[str, float]

    def write(self, folder: Path = RESULTS) -> Path:
        """Everything as JSON, in a file named after the time."""
        content = {
            "machine": self.about,
            "batch": self.batch,
            "classes": {
                kind: {
                    "sides": {name: asdict(side) for name, side in found.items()},
                    "ratios": {side: asdict(self._ratios(found, side)) for side in self._others(found)},
                    "overhead_a_notebook": overhead_a_notebook(found, self.batch, self.notebooks),
                }
                for kind, found in self.classes.items()
            },
            "stages": asdict(self.stages),
            "crossings": self.crossings,
        }
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.about['time'].replace(':', '')}.json"
        path.write_text(json.dumps(content, indent=1) + "\n")
        return path

    def _others(self, found: Class) -> list[str]:
        return [side for side in found if side not in ("ours", "plain")]

    def _ratios(self, found: Class, side: str) -> Ratios:
        return ratios(found, side, self.batch, self.about["cores"])

    def table(self) -> str:
        """The same as Markdown, seconds a submission."""
        about = self.about
        lines = [
            f"{about['time']}, {about['cores']} cores, load before {about['load_before']:.1f}, "
            f"Python {about['python']}, Linux {about['kernel']}. Seconds a submission:"
        ]
        for kind, found in self.classes.items():
            lines += ["", *self._class_table(kind, found)]
        lines += ["", "| stage of ours, one at a time | seconds |", "|---|---:|"]
        lines += [f"| {stage} | {seconds:.3f} |" for stage, seconds in self.stages.seconds.items()]
        lines += ["", "| one crossing, there and back | microseconds |", "|---|---:|"]
        lines += [f"| {what} | {cost:.0f} |" for what, cost in self.crossings.items()]
        lines += ["", "| a student process at its end | private MiB |", "|---|---:|"]
        lines += [f"| {notebook} | {size:.0f} |" for notebook, size in self.stages.private.items()]
        return "\n".join(lines)

    def _class_table(self, kind: str, found: Class) -> list[str]:
        lines = [
            f"| {CLASSES[kind]} | wall | cores | cold start | raw ratio | overhead, cores | overhead, wall |",
            "|---|---:|---:|---:|---:|---:|---:|",
        ]
        for name, side in found.items():
            each = side.per_submission(self.batch)
            row = f"| {NAMES[name]} | {each.wall:.2f} | {each.cores:.2f} | {side.start.wall:.1f} |"
            if name in self._others(found):
                r = self._ratios(found, name)
                spread = f"{median(r.raw_walls):.1f} ({min(r.raw_walls):.1f} to {max(r.raw_walls):.1f})"
                row += f" {spread} | {r.overhead_cores:.1f} | {r.overhead_wall:.1f} |"
            else:
                row += " | | |"
            lines.append(row)
        over = overhead_a_notebook(found, self.batch, self.notebooks)
        return [*lines, "", f"Beyond W, core-seconds a notebook: {over:.3f}"]

    def draw(self, path: Path) -> None:
        """Seconds a submission by class and side, as bars."""
        import matplotlib as mpl

        mpl.use("svg")
        mpl.rcParams.update({"svg.hashsalt": "speed", "font.size": 9})
        import matplotlib.pyplot as plt

        figure, axes = plt.subplots(figsize=(7, 3.2), layout="constrained")
        sides = list(next(iter(self.classes.values())))
        height = 0.8 / len(sides)
        for place, name in enumerate(sides):
            walls = [found[name].per_submission(self.batch).wall for found in self.classes.values()]
            at = [row + place * height for row in range(len(walls))]
            bars = axes.barh(at, walls, height * 0.9, label=NAMES[name], color=COLOURS[name])
            axes.bar_label(bars, fmt="%.1f", padding=2, fontsize=8)
        axes.set_yticks(
            [row + 0.4 - height / 2 for row in range(len(self.classes))],
            [CLASSES[kind] for kind in self.classes],
        )
        axes.invert_yaxis()
        axes.set_xlabel(f"seconds a submission of lab6, {self.about['cores']} cores")
        axes.spines[["top", "right"]].set_visible(False)
        figure.legend(loc="outside upper center", ncols=len(sides), frameon=False)
        figure.savefig(path, metadata={"Date": None})
        plt.close(figure)
