"""The numbers of a report as CSV files, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple

from autograder.marks.spreadsheets import safe_cell
from autograder.reporting.figures import Report, Spread
from autograder.result import Outcome

_SPREAD = ("count", "mean", "deviation", "least", "quartile_1", "median", "quartile_3", "p95", "most")


def sheets_of(report: Report) -> dict[str, str]:
    """Text by file name."""
    return {
        "summary.csv": _csv(("name", "value"), _summary(report)),
        "marks.csv": _csv(("from", "to", "students"), map(astuple, report.marks.bins)),
        "tests.csv": _csv(_TESTS, _tests(report)),
        "failures.csv": _csv(("where", *_GROUP), _failures(report)),
        "seconds.csv": _csv(("what", *_SPREAD), _seconds(report)),
        "incidents.csv": _csv(("kind", "where", *_GROUP[1:]), _incidents(report)),
        "moves.csv": _csv(("student", "test", "before", "after", "why", "message"), _moves(report)),
    }


_TESTS = (
    *("test", "by_hand", "points", "taken", "mean", "difficulty", "discrimination"),
    *(str(outcome) for outcome in Outcome),
    "suspicion",
)
_GROUP = ("kind", "message", "students", "first_students", "example")


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8", "replace").decode()  # halves of characters fit into no file


def _spread(found: Spread | None) -> tuple[object, ...]:
    return astuple(found) if found is not None else (0, *[None] * (len(_SPREAD) - 1))


def _summary(report: Report) -> Iterator[tuple[str, object]]:
    marks = report.marks
    yield "assignment", report.assignment
    yield "results", report.graded
    yield from ((str(status), count) for status, count in report.statuses.items())
    yield from (("on the roster", marks.roster), ("handed in", marks.handed_in), ("excused", marks.excused))
    yield from (("waiting for a human", marks.open), ("with a late penalty", marks.penalised))
    yield "points", marks.max
    yield from zip((f"marks: {name}" for name in _SPREAD), _spread(marks.spread), strict=True)
    yield from (("with a mark from every test", report.judged), ("alpha", report.alpha))
    yield from (("hold", line) for line in report.holds)
    yield from (("note", line) for line in report.notes)


def _tests(report: Report) -> Iterator[tuple[object, ...]]:
    why: dict[str, list[str]] = {}
    for suspicion in report.suspicions:
        why.setdefault(suspicion.test, []).append(suspicion.why)
    for item in report.items:
        outcomes = (item.outcomes.get(outcome, 0) for outcome in Outcome)
        numbers = item.max, item.taken, item.mean, item.difficulty, item.discrimination
        yield item.name, item.by_hand, *numbers, *outcomes, "; ".join(why.get(item.name, ()))


def _failures(report: Report) -> Iterator[tuple[object, ...]]:
    for group in report.failures:
        yield group.where, group.kind, group.text, group.count, ", ".join(group.students), group.example


def _seconds(report: Report) -> Iterator[tuple[object, ...]]:
    yield "a submission", *_spread(report.seconds)
    yield from ((item.name, *_spread(item.seconds)) for item in report.items if item.seconds is not None)
    yield from ((cell.name, *_spread(cell.seconds)) for cell in report.cells)


def _incidents(report: Report) -> Iterator[tuple[object, ...]]:
    for kind, groups in (
        ("tampering", report.tampering),
        ("limit", report.limits),
        ("fault", report.faults),
        ("tried again", report.retries),
        ("not gradable", report.unreadable),
    ):
        for group in groups:
            yield kind, group.where, group.text, group.count, ", ".join(group.students), group.example


def _moves(report: Report) -> Iterator[tuple[object, ...]]:
    for move in report.moved.moves if report.moved is not None else ():
        yield move.student, move.test, move.before, move.after, move.why, move.message
