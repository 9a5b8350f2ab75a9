"""A test's picture as drawings for a page: static SVG in its colours, with words for who cannot see it."""

from __future__ import annotations

import functools
import itertools
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from autograder.charts import ACCENT, INK, SERIES, svg
from autograder.pictures import Axis, Map, Picture, Places, Plot, Rows

if TYPE_CHECKING:
    import altair

YOURS, ASKED, BAND = "your answer", "what was asked", "the asked line runs in here"
CLASSES = ("class 0", "class 1")
_COLOURS = dict(zip((YOURS, ASKED, BAND, *CLASSES), (*SERIES[:2], SERIES[1], *SERIES[2:]), strict=True))
_NEAR = 2  # pixels between two curves that one sees as one
_FAR = {-2: "\u2212\u2212", -1: "\u2212", 1: "+", 2: "++", 3: "?"}
_TOO_FINE = ", as far as one can see here: what differs is finer, or something else"
_PANEL = 190  # pixels a side, of a map


@dataclass(frozen=True, slots=True)
class Drawing:
    """One SVG, and what it shows."""

    svg: str
    caption: str


@functools.lru_cache(maxsize=512)  # a class makes the same mistakes
def draw(picture: Picture) -> tuple[Drawing, ...]:
    """The drawings of one picture, to stand side by side under its title."""
    if isinstance(picture.drawing, Map):
        return tuple(_maps(picture.drawing, picture.title))
    words = _words(picture.drawing)
    chart = _plot(picture.drawing)
    return (Drawing(svg(chart, title=picture.title, description=words, whole_pixels=True), words),)


# Curves, and lines over data ------------------------------------------------------------------------


def _plot(plot: Plot) -> altair.TopLevelMixin:
    import altair as alt

    layers: list[Any] = []
    present: list[str] = []

    def layer(what: str, mark: str, rows: Sequence[dict[str, Any]], **style: Any) -> None:
        if not rows:
            return
        if what not in present:
            present.append(what)
        chart = alt.Chart({"values": [{**row, "what": what, "n": n} for n, row in enumerate(rows)]})
        marked = getattr(chart, f"mark_{mark}")(clip=True, **style)
        layers.append(
            marked.encode(
                x=alt.X("x:Q", scale=_scale(plot.x), axis=_axis(plot.x)),
                y=alt.Y("y:Q", scale=_scale(plot.y), axis=_axis(plot.y)),
                detail="piece:N",
                **({"order": "n:Q"} if mark == "line" else {}),
                color=alt.Color("what:N"),
            )
        )

    for number, name in enumerate(CLASSES):
        points = [{"x": x, "y": y, "piece": 0} for x, y, kind in plot.points if (kind > 0) == bool(number)]
        layer(name, "point", points, opacity=0.55, size=14, filled=bool(number))
    layer(
        BAND,
        "line",
        [{"x": x, "y": y, "piece": 0} for x, y in plot.band],
        fill=SERIES[1],
        fillOpacity=0.35,
        strokeWidth=0,
    )
    layer(ASKED, "line", _pieces(plot.asked), strokeWidth=6, opacity=0.5, strokeCap="round")
    layer(YOURS, "line", _pieces(plot.yours), strokeWidth=2, strokeCap="round")
    alone = [{"x": p[0][0], "y": p[0][1], "piece": 0} for p in plot.yours if len(p) == 1]
    layer(YOURS, "point", alone, size=20)
    colours = alt.Scale(domain=present, range=[_COLOURS[name] for name in present])
    legend = alt.Legend(
        columns=2,
        columnPadding=24,
        labelLimit=0,
        symbolType="stroke",
        symbolStrokeWidth=4,
        symbolOpacity=1,
        symbolSize=160,
    )
    chart = alt.layer(*layers).encode(color=alt.Color("what:N", scale=colours, legend=legend))
    return chart.properties(width=plot.x.size, height=plot.y.size)


def _pieces(pieces: Sequence[Places]) -> list[dict[str, Any]]:
    return [{"x": x, "y": y, "piece": n} for n, piece in enumerate(pieces) for x, y in piece]


def _scale(axis: Axis) -> altair.Scale:
    import altair as alt

    return alt.Scale(domain=[0, axis.size], nice=False, zero=False)


def _axis(axis: Axis) -> altair.Axis:
    import altair as alt

    texts = json.dumps({str(tick.at): tick.text for tick in axis.ticks})
    return alt.Axis(
        title=axis.label,
        values=[tick.at for tick in axis.ticks],
        labelExpr=f"{texts}[datum.value]",
        labelOverlap=False,
        grid=False,
    )


def _words(plot: Plot) -> str:
    if plot.band or plot.points:
        return _words_of_line(plot)
    asked = {x: y for piece in plot.asked for x, y in piece}
    yours = {x: y for piece in plot.yours for x, y in piece}
    both = sorted(asked.keys() & yours.keys())
    if not both:
        return "Your curve lies outside of this picture, or holds no numbers; the asked one is drawn broadly."
    apart = [x for x in both if abs(asked[x] - yours[x]) > _NEAR]
    gone = len(asked) - len(both)
    told = [f"Your curve lies on the asked one in {len(both) - len(apart)} of {len(asked)} places"]
    if not apart and not gone:
        return f"Your curve lies on the asked one{_TOO_FINE}."
    above = sum(yours[x] > asked[x] for x in apart)
    for count, where in (
        (above, "above it in"),
        (len(apart) - above, "below it in"),
        (gone, "and is no number, or outside of the picture, in"),
    ):
        if count:
            told.append(f"{where} {count}")
    return f"{', '.join(told)}."


def _words_of_line(plot: Plot) -> str:
    if not plot.yours:
        return "Your line does not cross this picture. The asked one runs somewhere within the band."
    (x1, y1), (x2, y2) = plot.yours[0][0], plot.yours[0][-1]
    inside = [_within((x1 + (x2 - x1) * t / 60, y1 + (y2 - y1) * t / 60), plot.band) for t in range(1, 60)]
    if plot.band and all(inside):
        return f"Your line runs within the band in which the asked one runs{_TOO_FINE}."
    share = sum(inside) / len(inside)
    return (
        f"Your line runs outside of the band in which the asked one runs, "
        f"along {1 - share:.0%} of its length in the picture."
    )


def _within(place: tuple[float, float], corners: Places) -> bool:
    """Whether the place lies in a convex polygon, a pixel beyond it included."""
    turns = []
    for (ax, ay), (bx, by) in zip(corners, [*corners[1:], *corners[:1]], strict=True):
        length = math.hypot(bx - ax, by - ay) or 1.0
        turns.append(((bx - ax) * (place[1] - ay) - (by - ay) * (place[0] - ax)) / length)
    return bool(turns) and (min(turns) >= -1 or max(turns) <= 1)


# Maps ------------------------------------------------------------------------------------------------


def _maps(found: Map, title: str) -> Iterator[Drawing]:
    fields = [level for row in found.apart for level in row]
    low, high = sum(level < 0 for level in fields), sum(level in (1, 2) for level in fields)
    no_number = sum(level < 0 for row in found.yours for level in row)
    yours = "Your map: the stronger the colour, the likelier is class 1."
    if no_number:
        yours += f" {no_number} places hold no probability and are left empty."
    asked = "What was asked, in a few steps of probability."
    apart = (
        f"Where yours differs: too low in {low} of {len(fields)} fields (\u2212), too high in {high} (+)."
        if low or high
        else "Where yours differs: in no field by more than these steps show."
    )
    for name, rows, caption in (("your map", found.yours, yours), ("the asked map", found.asked, asked)):
        most = max(9 if rows is found.yours else 3, 1)
        chart = _heat(found, _runs(rows, most))
        yield Drawing(svg(chart, title=f"{title}: {name}", description=caption, whole_pixels=True), caption)
    chart = _heat(found, _sides(found.apart), signs=True)
    yield Drawing(svg(chart, title=f"{title}: difference", description=apart, whole_pixels=True), apart)


def _runs(rows: Rows, most: int) -> Iterator[dict[str, Any]]:
    """Rectangles of one level, as wide as it reaches in its row."""
    for number, row in enumerate(rows):
        place = 0
        for level, run in itertools.groupby(row):
            width = len(list(run))
            if level > 0:
                yield _rectangle(number, place, width, rows) | {"strength": level / most, "colour": ACCENT}
            place += width


def _sides(rows: Rows) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(rows):
        for place, level in enumerate(row):
            if level:
                look = {"strength": 0.35 if abs(level) == 1 else 0.75, "sign": _FAR[level]}
                colour = SERIES[1] if level > 0 else SERIES[0]
                yield _rectangle(number, place, 1, rows) | look | {"colour": colour}


def _rectangle(row: int, column: int, width: int, rows: Rows) -> dict[str, Any]:
    left, right = (round(place * _PANEL / len(rows[0])) for place in (column, column + width))
    low, high = (round(place * _PANEL / len(rows)) for place in (row, row + 1))
    middle, height = (left + right) / 2, (low + high) / 2
    return {"left": left, "right": right, "low": low, "high": high, "middle": middle, "height": height}


def _heat(found: Map, rectangles: Iterator[dict[str, Any]], signs: bool = False) -> altair.TopLevelMixin:
    import altair as alt

    data = {"values": list(rectangles)}
    x, y = (_shrunk(axis) for axis in (found.x, found.y))
    frame = alt.Chart({"values": [{"left": 0, "low": 0, "right": _PANEL, "high": _PANEL}]}).mark_rect(
        filled=False, stroke=INK, strokeOpacity=0.4
    )
    place = {
        "x": alt.X("left:Q", scale=_scale(x), axis=_axis(x)),
        "x2": "right:Q",
        "y": alt.Y("low:Q", scale=_scale(y), axis=_axis(y)),
        "y2": "high:Q",
    }
    heat = alt.Chart(data).mark_rect(strokeWidth=0)
    heat = heat.encode(
        **place,
        fill=alt.Fill("colour:N", scale=None),
        fillOpacity=alt.FillOpacity("strength:Q", scale=alt.Scale(domain=[0, 1], range=[0, 1]), legend=None),
    )
    layers = [heat, frame.encode(**place)]
    if signs:
        text = alt.Chart(data).mark_text(fontSize=11)
        middle = {"x": alt.X("middle:Q", axis=_axis(x)), "y": alt.Y("height:Q", axis=_axis(y))}
        layers.append(text.encode(**middle, text="sign:N"))
    return alt.layer(*layers).properties(width=_PANEL, height=_PANEL)


def _shrunk(axis: Axis) -> Axis:
    """The axis on the length of a panel."""
    ticks = tuple(replace(tick, at=round(tick.at * _PANEL / axis.size)) for tick in axis.ticks)
    return replace(axis, size=_PANEL, ticks=ticks)
