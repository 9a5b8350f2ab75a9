"""What all pages share: Jinja with everything escaped, one style sheet, one base template.

A page that a server sends links the style sheet: its template gets `stylesheet`, an address. A page that
stands alone, as a file, has it inside and is made by `page_alone`.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.marks.spreadsheets import written

if TYPE_CHECKING:
    from jinja2 import Environment

STATIC = Path(__file__).parent / "static"
TEMPLATES = Path(__file__).parent / "templates"


@functools.cache
def environment(*folders: Path) -> Environment:
    """Templates of these folders and of ours. What is undefined raises; nothing passes unescaped.

    Characters that no HTML may have, and halves of characters, which no file can, become a replacement mark.

    Filters: `points` (2.5), `percent` (0.418 as 42 %), `seconds` (1.3 s), `count(noun)` (3 students).
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader([*folders, TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_presentable,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {"points": points, "percent": percent, "seconds": seconds, "count": count}
    # templates ask for these; a page gives one of them
    made.globals |= {"stylesheet": None, "style": None, "policy": None}
    return made


def page_alone(template: str, *, folders: Sequence[Path] = (), frame_style: str = "", **values: Any) -> str:
    """The page with its style inside and a content policy that lets nothing else in or run.

    Pictures may only be `data:`; frames may only be of text that stands in the page (srcdoc), under the same
    policy, which lets them have `frame_style`.
    """
    from markupsafe import Markup

    style = style_sheet()
    return (
        environment(*folders)
        .get_template(template)
        .render(style=Markup(style), policy=policy_for(style, *filter(None, [frame_style])), **values)
    )


_NOT_HTML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def _presentable(value: Any) -> Any:
    if not isinstance(value, str) or not _NOT_HTML.search(value):
        return value
    return type(value)(_NOT_HTML.sub("\ufffd", value))


@functools.cache
def style_sheet() -> str:
    return (STATIC / "style.css").read_text("utf-8")


def digest_of(style: str) -> str:
    """By which a content policy allows this style."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"


def policy_for(*styles: str) -> str:
    """The Content-Security-Policy of a page with these styles in it, and nothing that runs."""
    allowed = " ".join(map(digest_of, styles))
    return f"default-src 'none'; style-src {allowed}; img-src data:; base-uri 'none'; form-action 'none'"


def points(value: float | None, decimals: int = 2) -> str:
    """Up to so many decimals, halves rounded up as in exports; a dash for no points at all."""
    if value is None or not math.isfinite(value):
        return "–"
    text = written(value, decimals, comma=False, trailing=False)
    return "0" if text == "-0" else text


def percent(value: float | None) -> str:
    return "–" if value is None or not math.isfinite(value) else f"{value:.0%}".replace("%", "\u202f%")


def seconds(value: float) -> str:
    """As exact as one can read it at a glance."""
    if value >= 90:
        return f"{value / 60:.0f}\u202fmin"
    return (
        f"{value:.0f}\u202fs"
        if value >= 10
        else f"{value:.1f}\u202fs"
        if value >= 1
        else f"{1000 * value:.0f}\u202fms"
    )


def count(number: int, noun: str, plural: str = "") -> str:
    """`1 student`, `5,000 students`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
