"""Markdown of students as HTML without scripts, for nbgrader's formgrader and feedback.

`HTMLExporter.sanitize_html` cleans outputs and cells in nbconvert's own templates, but nbgrader's
templates render Markdown cells themselves and leave that step out. So the filter that they use is
replaced: `c.HTMLExporter.filters = {"markdown2html": markdown_to_safe_html}`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import InvalidNotebook

from autograder.runtime.markup import clean_html


@pass_context
def markdown_to_safe_html(context: Context, source: str) -> str:
    """What nbconvert makes of Markdown, attachments included, cut down to text, tables and pictures."""
    try:
        html = _exporter().markdown2html(context, source)
    except InvalidNotebook:  # a picture that is not there must not cost the whole page
        html = _exporter().markdown2html(context, source.replace("attachment:", "missing:"))
    return clean_html(html)


@cache
def _exporter() -> Any:
    return HTMLExporter()
