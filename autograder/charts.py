"""Altair charts as static SVG for a page: no script, no network, colours that follow the page.

Text and axes are `currentColor`; everything else takes its colour from the page's style sheet, with the
light one as what counts where there is none (`autograder/pages/static/style.css` has the same names).

Takes a second to import: to be imported where something is drawn. Altair is `charts.alt`, see below.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import math
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from xml.etree import ElementTree


@contextmanager
def _without(module: str) -> Iterator[None]:
    """Lets an import of the module fail, as if it were not installed."""
    there = module in sys.modules
    sys.modules.setdefault(module, None)  # type: ignore[arg-type]
    try:
        yield
    finally:
        if not there:
            del sys.modules[module]


# Altair brings jsonschema, and that this module where another package installed it: a grammar of addresses,
# compiled for four seconds at every start, for a check that no chart asks for
with _without("rfc3987_syntax"):
    import altair as alt

__all__ = ["ACCENT", "BAD", "GOOD", "INK", "LINE", "MUTED", "SERIES", "WARN", "alt", "svg"]

DRAWING_SECONDS = 120.0  # until a chart that is not done is given up

INK = "currentColor"
MUTED = "var(--muted, #5c5f66)"
LINE = "var(--line, #e2dfd8)"
ACCENT = "var(--accent, #1f5f8b)"
GOOD = "var(--good, #2f6b46)"
WARN = "var(--warn, #8a5a00)"
BAD = "var(--bad, #a3352f)"
# told apart by people with any colour vision (after Okabe and Ito), and by their order of lightness
SERIES = (
    "var(--series-1, #1f5f8b)",
    "var(--series-2, #c8702a)",
    "var(--series-3, #2f7d63)",
    "var(--series-4, #8a4f9e)",
)

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_HREFS = ("href", f"{{{_XLINK}}}href")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NUMBER = re.compile(r"-?\d*\.\d+(?:e-?\d+)?")
_GEOMETRY = frozenset(
    ("d", "transform", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "width", "height")
)
_TEXT = {"labelColor": INK, "titleColor": INK, "labelFontSize": 12, "titleFontSize": 12}
_THEME: dict[str, Any] = {
    "background": None,
    "padding": {"left": 10, "right": 10, "top": 4, "bottom": 4},
    "view": {"stroke": None},
    "axis": {
        **_TEXT,
        "titleFontWeight": "normal",
        "titlePadding": 8,
        "labelPadding": 5,
        "labelLimit": 220,
        "domainColor": MUTED,
        "tickColor": MUTED,
        "tickSize": 4,
        "gridColor": LINE,
    },
    "header": _TEXT,
    "legend": {**_TEXT, "title": None, "orient": "top", "symbolType": "square", "offset": 6},
    "title": {"color": INK, "subtitleColor": INK, "anchor": "start", "fontSize": 13},
    "text": {"color": INK, "fontSize": 12},
    "bar": {"color": SERIES[0]},
    "line": {"color": SERIES[0], "strokeWidth": 2},
    "point": {"color": SERIES[0], "filled": True, "size": 45},
    "rule": {"color": MUTED},
    "rect": {"color": SERIES[0]},
    "range": {"category": list(SERIES)},
}


def svg(chart: alt.TopLevelMixin, *, title: str, description: str, whole_pixels: bool = False) -> str:
    """The chart as an SVG element to stand in a page, the same bytes for the same chart.

    A reader hears `title` and `description` in place of the drawing. Whatever Vega would add of the data,
    such as labels for readers, is left out: only what is drawn can be read out of it, to a hundredth of a
    pixel or, with `whole_pixels`, to a pixel.
    """
    drawn = _engine().draw(_plain(chart.to_dict(validate=False)))
    root = ElementTree.fromstring(drawn)
    _number(root)
    name = "c" + hashlib.sha256(ElementTree.tostring(root)).hexdigest()[:12]
    for element in root.iter():
        _clean(element, name, 0 if whole_pixels else 2)
    _flatten(root)
    root.attrib.update({"role": "img", "aria-label": _plain(title), "class": "chart"})
    for tag, text in (("desc", description), ("title", title)):
        told = ElementTree.Element(f"{{{_SVG}}}{tag}")
        told.text = _plain(text)
        root.insert(0, told)
    ElementTree.register_namespace("", _SVG)
    ElementTree.register_namespace("xlink", _XLINK)
    return ElementTree.tostring(root, encoding="unicode")


_DRAW = """
import json, sys, vl_convert
for line in sys.stdin:
    spec, theme = json.loads(line)
    try:
        svg = vl_convert.vegalite_to_svg(spec, config=theme, allowed_base_urls=[], show_warnings=False)
        answer = {"svg": svg}
    except Exception as error:
        answer = {"error": str(error)}
    print(json.dumps(answer), flush=True)
"""


class _Engine:
    """vl-convert in a process of its own, which ends with ours: it has threads that no fork survives."""

    def __init__(self) -> None:
        self._working = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-c", _DRAW],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        atexit.register(self._end)

    def _end(self) -> None:
        try:
            self._process.communicate(timeout=5)  # closes its pipes, at which it ends, and waits for that
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def draw(self, spec: Any) -> str:
        """The SVG. Raises RuntimeError with what Vega says of the chart."""
        assert self._process.stdin and self._process.stdout
        with self._working:
            too_late = threading.Timer(DRAWING_SECONDS, self._process.kill)
            too_late.start()
            try:
                self._process.stdin.write(json.dumps([spec, _THEME]) + "\n")
                self._process.stdin.flush()
                line = self._process.stdout.readline()
            finally:
                too_late.cancel()
        answer = json.loads(line) if line else {"error": "the engine that draws charts ended"}
        if "error" in answer:
            raise RuntimeError(answer["error"])
        drawn: str = answer["svg"]
        return drawn


_engines: dict[int, _Engine] = {}  # by process: one that was forked shares none
_starting = threading.Lock()


def _engine() -> _Engine:
    with _starting:
        engine = _engines.get(os.getpid())
        if engine is None or not engine.is_running:
            engine = _engines[os.getpid()] = _Engine()
        return engine


def _plain(value: Any) -> Any:
    """Text and numbers that XML and JSON can hold; Vega's engine ends the process over a NUL."""
    if isinstance(value, dict):
        return {_plain(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return _NOT_XML.sub("\ufffd", value) if isinstance(value, str) else value


def _number(root: ElementTree.Element) -> None:
    """Ids by their order: Vega counts on from one chart to the next."""
    ids = dict.fromkeys(id for element in root.iter() if (id := element.get("id")) is not None)
    numbers = {id: str(number) for number, id in enumerate(ids)}
    for element in root.iter():
        for key, value in element.attrib.items():
            if key == "id":
                element.set(key, numbers[value])
            elif value.startswith("url(#") and value[5:-1] in numbers:
                element.set(key, f"url(#{numbers[value[5:-1]]})")


def _clean(element: ElementTree.Element, name: str, decimals: int) -> None:
    """Leaves what draws. Ids get `name` in front: a page may hold several charts."""
    kept = {}
    for key, value in element.attrib.items():
        if key in _HREFS and not value.startswith("data:image/png;"):
            continue
        if key == "id":
            value = f"{name}-{value}"
        elif value.startswith("url(#"):
            value = value.replace("url(#", f"url(#{name}-", 1)
        elif key in _GEOMETRY:
            value = _NUMBER.sub(lambda number: f"{round(float(number[0]), decimals) + 0.0:g}", value)
        elif _says_nothing(key, value):
            continue
        kept[key] = value
    element.attrib.clear()
    element.attrib.update(kept)


def _says_nothing(key: str, value: str) -> bool:
    """What does not draw, what a reader would hear instead of our words, what a content policy forbids."""
    return key.startswith("aria-") or (
        key in ("role", "class", "style", "pointer-events", "font-family", "version")
        or (key, value) in (("opacity", "1"), ("stroke-miterlimit", "10"), ("transform", "translate(0,0)"))
    )


def _flatten(parent: ElementTree.Element) -> None:
    """Takes out what is not drawn, and groups that say nothing."""
    children: list[ElementTree.Element] = []
    for child in parent:
        _flatten(child)
        tag = child.tag.removeprefix(f"{{{_SVG}}}")
        if child.get("display") == "none" or (tag == "path" and not _is_drawn(child, parent)):
            continue
        if tag == "g" and not child.attrib:
            children += list(child)
        elif tag != "g" or len(child):
            children.append(child)
    parent[:] = children


def _is_drawn(path: ElementTree.Element, parent: ElementTree.Element) -> bool:
    inside = parent.tag == f"{{{_SVG}}}clipPath"
    return inside or any(path.get(key, "none") != "none" for key in ("fill", "stroke"))
