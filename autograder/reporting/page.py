"""A report as one page that needs nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from autograder.pages import page_alone
from autograder.reporting import drawing
from autograder.reporting.figures import Group, Item, Report
from autograder.result import Outcome, Status

MOST_GROUPS = 25  # of messages and incidents; the CSV files have all
MOST_MOVES = 40


@dataclass(frozen=True, slots=True)
class Row:
    """One test in the table: how often it `ended` in each way, and what looks wrong about it."""

    item: Item
    label: str
    notebook: str
    ended: Mapping[str, int]
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Incidents:
    title: str
    meaning: str
    groups: tuple[Group, ...]

    @property
    def count(self) -> int:
        return sum(group.count for group in self.groups)


def page_of(report: Report, made: datetime, files: Sequence[str] = ()) -> str:
    """The page, with links to CSV files of these names beside it. `made` is in UTC."""
    rows = [_row(report, item) for item in report.items]
    serious = tuple(suspicion for suspicion in report.suspicions if suspicion.serious)
    return page_alone(
        "report.html",
        report=report,
        made=made,
        files=files,
        rows=rows,
        kinds=[kind for kind in drawing.KINDS if any(row.ended[kind] for row in rows)],
        serious=serious,
        idle=[suspicion for suspicion in report.suspicions if not suspicion.serious],
        not_gradable=report.statuses.get(Status.NOT_GRADABLE, 0),
        failures=report.failures[:MOST_GROUPS],
        incidents=_incidents(report),
        most_groups=MOST_GROUPS,
        moves=report.moved.moves[:MOST_MOVES] if report.moved is not None else (),
        charts=_charts(report),
        tone_of=_tone_of,
        slow_tests=sorted(
            (item for item in report.items if item.seconds is not None),
            key=lambda item: -item.seconds.p95 if item.seconds is not None else 0.0,
        ),
        slow_cells=sorted(report.cells, key=lambda cell: -cell.seconds.p95)[:10],
    )


def _charts(report: Report) -> dict[str, str]:
    tests = [item for item in report.items if not item.by_hand]
    drawn: dict[str, tuple[bool, Callable[[], str]]] = {
        "marks": (bool(report.marks.bins), lambda: drawing.of_marks(report)),
        "quality": (
            any(item.discrimination is not None for item in report.items),
            lambda: drawing.of_quality(report),
        ),
        "outcomes": (bool(tests), lambda: drawing.of_outcomes(tests)),
        "seconds": (
            any(item.seconds is not None and item.seconds.p95 > 0 for item in tests),
            lambda: drawing.of_seconds(tests),
        ),
    }
    return {name: draw() if there else "" for name, (there, draw) in drawn.items()}


def _row(report: Report, item: Item) -> Row:
    notebook, _, label = item.name.partition("/")
    ended = {
        kind: sum(item.outcomes.get(outcome, 0) for outcome in outcomes)
        for kind, (_, outcomes) in drawing.KINDS.items()
    }
    doubts = tuple(suspicion.why for suspicion in report.suspicions if suspicion.test == item.name)
    return Row(item, label, notebook, ended, doubts)


def _incidents(report: Report) -> list[Incidents]:
    found = (
        ("Faults", "Of the grader or of a test: no mark was given, no point taken.", report.faults),
        ("Not gradable", "No rule can mark these; their grades wait for a human.", report.unreadable),
        ("Tampering", "Not as in the assignment, and put right before grading.", report.tampering),
        ("Limits", "Time, memory or output that ran out.", report.limits),
        ("Tried again", "What did not end well was run once more, alone.", report.retries),
    )
    return [Incidents(title, meaning, groups) for title, meaning, groups in found if groups]


def _tone_of(kind: str) -> str:
    """Of the badge of an outcome."""
    tones = {Outcome.PASSED: "good", Outcome.PARTIAL: "warn", Outcome.FAILED: "bad"}
    return tones.get(Outcome(kind), "accent")
