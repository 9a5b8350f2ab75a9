"""HTML, Markdown and LaTeX of a student's making, cut down to what can run nothing in a browser."""

from __future__ import annotations

import re
from functools import cache
from types import ModuleType

TAGS = frozenset(
    {
        *("a", "abbr", "acronym", "b", "blockquote", "code", "em", "i", "li", "ol", "strong", "ul"),
        *("p", "br", "hr", "div", "span", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "img", "del"),
        *("sub", "sup", "table", "thead", "tbody", "tr", "th", "td"),
    }
)
_LINK = re.compile(r"https?://|mailto:|#", re.IGNORECASE)
_PICTURE = re.compile(r"https?://|data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*\Z", re.IGNORECASE)
_EMBEDDED = re.compile(r"data:image/(png|jpeg);base64,", re.IGNORECASE)
# no id or name: a page's own scripts look for them
_PLAIN_ATTRIBUTES = frozenset({"title", "alt", "width", "height", "align", "colspan", "rowspan"})
_ALIGNMENT = re.compile(r"\s*text-align:\s*(left|right|center)\s*;?\s*")
# highlighted code, and tables of pandas; formgrader's own scripts look for other classes
_CLASSES = re.compile(r"dataframe|(highlight|hl-\w+|anchor-link|[a-z]{1,2}\d?)( hl-\w+)*")

# where a Markdown or TeX text can lead, or become HTML: then it is shown as it was typed
_MARKUP = re.compile(r"<[A-Za-z/!?]|&#?\w+;|\]\s*:|<\w+:")
_TARGET = re.compile(r"\]\(\s*(?!https?://|#)", re.IGNORECASE)
_MACROS = re.compile(r"\\(href|url|unicode|class|style|cssId|require|html\w*|includegraphics|def|let)\b")


def clean_html(html: str, embedded: bool = False) -> str:
    """`html` without any tag, attribute and address that is not on our lists; scripts and styles go whole.

    With `embedded`, a picture may only be a PNG or JPEG that stands in the text.
    """
    cleaned: str = _nh3().clean(
        html,
        tags=set(TAGS),
        attributes={tag: set(_ATTRIBUTES) for tag in TAGS},
        attribute_filter=_kept_embedded if embedded else _kept,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel=None,
    )
    return cleaned


_ATTRIBUTES = _PLAIN_ATTRIBUTES | {"href", "src", "class", "style"}


def _kept(tag: str, name: str, value: str) -> str | None:
    rules = {"href": (tag == "a", _LINK.match), "src": (tag == "img", _PICTURE.match)}
    rules |= {"class": (True, _CLASSES.fullmatch), "style": (True, _ALIGNMENT.fullmatch)}
    fits, matches = rules.get(name, (name in _PLAIN_ATTRIBUTES, re.compile("").match))
    return value if fits and matches(value) else None


def _kept_embedded(tag: str, name: str, value: str) -> str | None:
    if name == "src" and not _EMBEDDED.match(value):
        return None
    return _kept(tag, name, value)


def is_safe_markdown(text: str) -> bool:
    """Whether `text` holds no HTML, no entity, and no link but to the web or within the page."""
    return not (_MARKUP.search(text) or _TARGET.search(text) or _MACROS.search(text))


def is_safe_latex(text: str) -> bool:
    """Whether `text` holds no HTML and no macro that makes links, attributes or other macros."""
    return not (_MARKUP.search(text) or _MACROS.search(text))


@cache
def _nh3() -> ModuleType:
    import nh3  # few notebooks show HTML

    return nh3
