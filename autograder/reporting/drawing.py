"""The charts of a report."""

from __future__ import annotations

import itertools
import json
from typing import Any, Literal

from autograder.charts import BAD, GOOD, INK, LINE, MUTED, SERIES, WARN, alt, svg
from autograder.reporting.figures import Item, Report
from autograder.result import Outcome

WIDTH = 400
MOST_ROWS = 60  # tests in one chart; the table has them all
# how tests end, as bars of few colours
KINDS = {
    "full points": (GOOD, (Outcome.PASSED,)),
    "some points": (WARN, (Outcome.PARTIAL,)),
    "failed": (BAD, (Outcome.FAILED,)),
    "an error or a limit": (SERIES[3], (Outcome.ERROR, Outcome.TIMEOUT, Outcome.MEMORY, Outcome.CRASHED)),
    "no mark": (LINE, (Outcome.FAULT, Outcome.SKIPPED)),
}


def short(name: str) -> str:
    """Without the notebook, and for a label not too long."""
    label = name.partition("/")[2].removeprefix("test_")
    return label if len(label) <= 28 else f"{label[:27]}…"


def of_marks(report: Report) -> str:
    """A histogram, with the median above it and, of enough marks, the quartiles as a line."""
    marks = report.marks
    assert marks.spread is not None
    rows = [{"low": b.low, "high": b.high, "students": b.students} for b in marks.bins]
    right = marks.bins[-1].high
    bars = (
        _chart(rows)
        .mark_bar(binSpacing=2)
        .encode(
            x=alt.X("low:Q", bin="binned", title="points", scale=alt.Scale(domain=[0, right], nice=False)),
            x2="high:Q",
            y=alt.Y("students:Q", title="students", axis=_whole(max(b.students for b in marks.bins))),
        )
    )
    found = marks.spread
    middle = _chart([{"a": found.quartile_1, "b": found.quartile_3, "median": found.median}])
    box = middle.mark_rule(color=INK, strokeWidth=2).encode(x="a:Q", x2="b:Q", y=alt.value(-8))
    point = middle.mark_point(color=INK, size=55, opacity=1).encode(x="median:Q", y=alt.value(-8))
    layers = (bars, point) if found.is_of_few else (bars, box, point)
    half = f"Half of them lie between {found.quartile_1:.4g} and {found.quartile_3:.4g}. "
    return svg(
        alt.layer(*layers).properties(width=WIDTH, height=200),
        title="How marks are spread",
        description=(
            f"Histogram of {found.count} marks from 0 to {right:g} points. "
            f"{'' if found.is_of_few else half}The median is {found.median:.4g}."
        ),
    )


def of_quality(report: Report) -> str:
    """Every test by how easy it is and how well it tells students apart; doubtful ones have their name."""
    found = [item for item in report.items if item.difficulty is not None and item.discrimination is not None]
    sides = _labelled(report, found)
    rows = [
        {
            "difficulty": item.difficulty,
            "discrimination": item.discrimination,
            "kind": "marked by hand" if item.by_hand else "a test",
            "label": short(item.name),
            "side": sides.get(item.name, ""),
        }
        for item in found
    ]
    least = min(0.0, *(item.discrimination or 0.0 for item in found))
    base = _chart(rows)
    x = alt.X(
        "difficulty:Q",
        title="mean share of the points (right: easy)",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format="%", tickCount=5),
    )
    y = alt.Y(
        "discrimination:Q",
        title="discrimination",
        scale=alt.Scale(domain=[least, 1], nice=True),
        axis=alt.Axis(tickCount=6),
    )
    kinds = alt.Scale(domain=["a test", "marked by hand"], range=[SERIES[0], SERIES[1]])
    shapes = alt.Scale(domain=kinds.domain, range=["circle", "diamond"])
    legend = alt.Legend(symbolType="circle") if any(item.by_hand for item in found) else None
    points = base.mark_point(opacity=0.85, size=60).encode(
        x=x,
        y=y,
        color=alt.Color("kind:N", scale=kinds, legend=legend),
        shape=alt.Shape("kind:N", scale=shapes, legend=legend),
    )
    labels = [
        base.transform_filter(f"datum.side === '{align}'")
        .mark_text(align=align, dx=dx, fontSize=11)
        .encode(x=x, y=y, text="label:N")
        for align, dx in _SIDES
    ]
    guide = _chart([{"discrimination": 0.2}]).mark_rule(strokeDash=[3, 3]).encode(y=y)
    return svg(
        alt.layer(guide, *labels, points).properties(width=WIDTH, height=260),
        title="Difficulty and discrimination of every test",
        description=(
            f"{len(found)} tests by the mean share of their points and by the correlation with all other "
            "tests. Below the dashed line at 0.2 a test hardly tells strong submissions from weak ones."
        ),
    )


_SIDES: tuple[tuple[Literal["left", "right"], int], ...] = (("left", 8), ("right", -8))


def _labelled(report: Report, items: list[Item]) -> dict[str, str]:
    """Which tests have their names beside them, and how those are aligned, so that neighbours do not meet."""
    serious = {suspicion.test for suspicion in report.suspicions if suspicion.serious}
    lowest = sorted(items, key=lambda item: item.discrimination or 0.0)
    named = [item for place, item in enumerate(lowest) if item.name in serious or place < 2]
    sides: dict[str, str] = {}
    height, side = -1.0, ""
    for item in named:
        near = (item.discrimination or 0.0) - height < 0.08
        if near:
            side = "left" if side == "right" else "right"
        else:
            side = "right" if (item.difficulty or 0.0) > 0.5 else "left"
        height = item.discrimination or 0.0
        if side == "right" or (item.difficulty or 0.0) < 0.7:
            sides[item.name] = side
    return sides


def of_outcomes(items: list[Item]) -> str:
    """How each test ended, in shares of the students."""
    shown = items[:MOST_ROWS]
    rows = [
        {"test": place, "label": short(item.name), "kind": kind, "order": order, "share": share}
        for place, item in enumerate(shown)
        for order, (kind, (_, outcomes)) in enumerate(KINDS.items())
        if (share := sum(item.outcomes.get(o, 0) for o in outcomes) / max(1, sum(item.outcomes.values())))
    ]
    there = {row["kind"] for row in rows}
    kinds = [kind for kind in KINDS if kind in there]
    chart = (
        _chart(rows)
        .mark_bar(size=11)
        .encode(
            y=alt.Y("test:O", title=None, axis=_labels(shown)),
            x=alt.X("share:Q", title="students", axis=alt.Axis(format="%", tickCount=5)),
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(domain=kinds, range=[KINDS[kind][0] for kind in kinds]),
                legend=alt.Legend(columns=3),
            ),
            order="order:Q",
        )
        .properties(width=_beside_labels(shown), height=alt.Step(17))
    )
    return svg(
        chart,
        title="How each test ended",
        description=f"A bar for each of {len(shown)} tests, divided by how it ended.",
    )


def of_seconds(items: list[Item]) -> str:
    """Median and 95th percentile of each test's time, on a log axis."""
    shown = sorted(
        (item for item in items if item.seconds is not None and item.seconds.p95 > 0),
        key=lambda item: -item.seconds.p95 if item.seconds is not None else 0.0,
    )[:MOST_ROWS]
    least = 0.001
    rows = [
        {"test": n, "median": max(least, item.seconds.median), "p95": max(least, item.seconds.p95)}
        for n, item in enumerate(shown)
        if item.seconds is not None
    ]
    base = _chart(rows).encode(y=alt.Y("test:O", title=None, axis=_labels(shown)))
    scale = alt.Scale(type="log", nice=True)
    axis = alt.Axis(
        values=[value * 10**power for power in range(-3, 5) for value in (1, 2, 5)],
        labelExpr="datum.value < 1 ? round(1000 * datum.value) + ' ms' : datum.value + ' s'",
        labelOverlap=True,
    )
    x = alt.X("median:Q", title="log axis", scale=scale, axis=axis)
    chart = alt.layer(
        base.mark_rule(strokeWidth=3, color=MUTED, opacity=0.6).encode(x=x, x2="p95:Q"),
        base.mark_point(size=50, opacity=1).encode(x=x),
    )
    return svg(
        chart.properties(width=_beside_labels(shown), height=alt.Step(17)),
        title="How long each test takes",
        description="A point at the median of each test, and a line from it to the 95th percentile.",
    )


def _labels(items: list[Item]) -> alt.Axis:
    """Names on an axis of places: two tests may have the same short name."""
    names = json.dumps([short(item.name) for item in items])
    return alt.Axis(labelExpr=f"{names}[datum.value]", ticks=False, domain=False, minExtent=_extent(items))


def _extent(items: list[Item]) -> float:
    """Pixels for the longest name, in a wide font as well: what draws knows another than the reader's."""
    return 7.3 * max(len(short(item.name)) for item in items)


def _beside_labels(items: list[Item]) -> float:
    """How wide a chart is that has these names in front of it."""
    return max(200.0, WIDTH - _extent(items))


def _whole(most: int) -> alt.Axis:
    """An axis of whole numbers up to `most`, at about five places."""
    steps = (figure * 10**power for power in itertools.count() for figure in (1, 2, 5))
    step = next(step for step in steps if 5 * step >= most)
    return alt.Axis(values=list(range(0, most + 1, step)), format=",d")


def _chart(rows: list[dict[str, Any]]) -> alt.Chart:
    return alt.Chart({"values": rows})
