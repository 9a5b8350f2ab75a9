"""Markdown of students as HTML without scripts, for nbgrader's formgrader and feedback.

`HTMLExporter.sanitize_html` cleans outputs and cells in nbconvert's own templates, but nbgrader's
templates render Markdown cells themselves and leave that step out. So the filter that they use is
replaced: `c.HTMLExporter.filters = {"markdown2html": markdown_to_safe_html}`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import bleach  # type: ignore[import-untyped]
from bleach.css_sanitizer import CSSSanitizer  # type: ignore[import-untyped]
from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import InvalidNotebook

TAGS = bleach.ALLOWED_TAGS | {
    *("p", "br", "hr", "div", "span", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "img", "del", "sub", "sup"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_LINK = re.compile(r"https?://|mailto:|#", re.IGNORECASE)
_PICTURE = re.compile(r"https?://|data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*\Z", re.IGNORECASE)
_PLAIN_ATTRIBUTES = frozenset({"title", "alt", "width", "height", "align", "style"})
# highlighted code; formgrader's own scripts look for other classes, and for ids
_CLASSES = re.compile(r"(highlight|hl-\w+|anchor-link|[a-z]{1,2}\d?)( hl-\w+)*")


@pass_context
def markdown_to_safe_html(context: Context, source: str) -> str:
    """What nbconvert makes of Markdown, attachments included, cut down to text, tables and pictures."""
    try:
        html = _exporter().markdown2html(context, source)
    except InvalidNotebook:  # a picture that is not there must not cost the whole page
        html = _exporter().markdown2html(context, source.replace("attachment:", "missing:"))
    return clean(html)


def clean(html: str) -> str:
    """`html` with every tag, attribute and address that is not on our lists escaped or dropped."""
    cleaned: str = bleach.clean(
        html,
        tags=TAGS,
        attributes=_allowed,
        protocols={"http", "https", "mailto", "data"},
        css_sanitizer=CSSSanitizer(allowed_css_properties=["text-align"]),
    )
    return cleaned


def _allowed(tag: str, name: str, value: str) -> bool:
    if name == "href":
        return tag == "a" and _LINK.match(value) is not None
    if name == "src":
        return tag == "img" and _PICTURE.match(value) is not None
    if name == "class":
        return _CLASSES.fullmatch(value) is not None
    return name in _PLAIN_ATTRIBUTES


@cache
def _exporter() -> Any:
    return HTMLExporter()
