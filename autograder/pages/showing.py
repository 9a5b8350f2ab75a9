"""Code, text and outputs of a student's making, as pieces of a page in which nothing of it can run.

Pictures stand in the page as PNG or JPEG. HTML and SVG stand in frames without script, and nowhere else;
Markdown is made into HTML of a short list of tags.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from autograder.ipynb import safe_images
from autograder.runtime.markup import clean_html
from autograder.runtime.outputs import clean, uncoloured

if TYPE_CHECKING:
    from markupsafe import Markup

MOST_COLOURED = 50_000  # characters of code, beyond which it stays plain
MOST_MARKDOWN = 50_000  # characters of text; beyond, it is shown as it was typed
MOST_OUTPUT = 20_000_000  # characters of a cell's outputs
_ATTACHMENT = re.compile(r"attachment:([^)\s\"'>]{1,200})")
# how matplotlib shows what its calls return, and nothing else: text, lines, axes, a figure
_HANDLE = re.compile(
    r"Text\(-?[\d.e+-]{1,30}, -?[\d.e+-]{1,30}, (?:'[^\n]*'|\"[^\n]*\")\)"
    r"|<matplotlib\.[^<>\n]*>|\[<matplotlib\.[^<>\n]*>(?:,\s+<matplotlib\.[^<>\n]*>)*\]"
    r"|Figure\([\dx.]{1,30}\)|<Figure size [\dx.]{1,30} with \d+ Axes>|<Axes: [^\n]*>"
)
_PICTURES = ("image/png", "image/jpeg")
_FRAMED = ("text/html", "image/svg+xml")
FRAME_STYLE = (
    "body{margin:8px;font:14px/1.45 system-ui,sans-serif;color:#1c1e21;background:#fff}"
    "table{border-collapse:collapse}th,td{padding:3px 10px;border-bottom:1px solid #ddd;text-align:right}"
    "pre,code{font-family:ui-monospace,monospace}img{max-width:100%}"
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece of a page: "code", "rich", "output", "warning", "error", "value", "picture" or "frame".

    `text` is plain but for code and rich, which are HTML that may stand in a page as it is; of a picture
    it is its address, of a frame the document in it, which is `height` pixels high.
    """

    kind: str
    text: str | Markup
    height: int = 0


def markdown(text: str, attachments: Mapping[str, Any]) -> Shown:
    """A Markdown cell with the pictures attached to it."""
    from markupsafe import Markup

    if len(text) > MOST_MARKDOWN:
        return Shown("output", text)
    images = {
        name: next((f"data:{mime};base64,{bundle[mime]}" for mime in _PICTURES if mime in bundle), "")
        for name, bundle in safe_images(attachments).items()
    }
    filled = _ATTACHMENT.sub(lambda match: images.get(match[1], "") or "#", text)
    try:
        made = _markdown()(filled)
    except RecursionError:
        return Shown("output", text)
    return Shown("rich", Markup(clean_html(made, embedded=True)))


@cache
def _markdown() -> Any:
    import mistune

    class Renderer(mistune.HTMLRenderer):
        """Headings are bold lines: the page's own headings say where one is."""

        def heading(self, text: str, level: int, **_: Any) -> str:
            return f"<p><strong>{text}</strong></p>\n"

        def safe_url(self, url: str) -> str:
            """Pictures are data: here; what an address may be, clean_html decides."""
            return url

    made = mistune.create_markdown(renderer=Renderer(escape=True), plugins=["table", "strikethrough", "url"])
    made.use(_formulas)
    return made


def _formulas(md: Any) -> None:
    """TeX between dollars stays as it is, and no underscore in it is an emphasis."""

    def parse(inline: Any, match: re.Match[str], state: Any) -> int:
        state.append_token({"type": "formula", "raw": match[0]})
        return match.end()

    md.inline.register("formula", r"\$\$[^$]{1,2000}\$\$|\$[^$\n]{1,500}\$", parse, before="emphasis")
    md.renderer.register("formula", lambda renderer, text: f"<code>{html.escape(text)}</code>")


def code(text: str) -> Shown:
    """Python with its keywords, names, numbers, texts and comments marked."""
    from markupsafe import Markup
    from pygments.lexers.python import PythonLexer
    from pygments.token import Comment, Keyword, Name, Number, Operator, String

    if len(text) > MOST_COLOURED:
        return Shown("output", text)
    marks = (
        *((Comment, "c"), (String, "s"), (Number, "n"), (Keyword, "k"), (Operator.Word, "k")),
        *((Name.Function, "f"), (Name.Class, "f"), (Name.Builtin, "b"), (Name.Decorator, "f")),
    )
    parts = []
    for kind, piece in PythonLexer(ensurenl=False, stripnl=False).get_tokens(text):
        mark = next((mark for parent, mark in marks if kind in parent), "")
        escaped = html.escape(piece)
        parts.append(f'<span class="{mark}">{escaped}</span>' if mark and piece.strip() else escaped)
    return Shown("code", Markup("".join(parts)))


def outputs(raw: object, most: int = MOST_OUTPUT, as_typed: bool = False) -> Iterator[Shown]:
    """What a cell shows, in order, up to so many characters; `as_typed`, Markdown stays text."""
    for output in clean(_joined(raw), most):
        match output:
            case {"output_type": "stream", "name": name, "text": text}:
                if text.strip():
                    yield Shown("warning" if name == "stderr" else "output", _uncoloured(text))
            case {"output_type": "error"}:
                lines = "\n".join(output["traceback"]) or f"{output['ename']}: {output['evalue']}"
                yield Shown("error", _uncoloured(lines))
            case {"data": data}:
                yield from _data(data, as_typed)


def _data(data: Mapping[str, Any], as_typed: bool) -> Iterator[Shown]:
    """The richest form that can be shown."""
    for picture in safe_images(
        {"picture": {mime: data[mime] for mime in _PICTURES if mime in data}}
    ).values():
        mime = next(mime for mime in _PICTURES if mime in picture)
        yield Shown("picture", f"data:{mime};base64,{''.join(picture[mime].split())}")
        return
    for mime in _FRAMED:
        if isinstance(data.get(mime), str):
            yield frame(data[mime])
            return
    if "text/markdown" in data:
        text = data["text/markdown"]
        yield Shown("output", text) if as_typed else markdown(text, {})
    elif "text/latex" in data:
        yield Shown("value", data["text/latex"])
    elif "text/plain" in data:
        yield Shown("value", _uncoloured(data["text/plain"]))
    elif "application/json" in data:
        yield Shown("value", json.dumps(data["application/json"], indent=1, ensure_ascii=False))


def without_handles(pieces: tuple[Shown, ...]) -> tuple[Shown, ...]:
    """What a cell shows; beside a picture, without the object that the call which drew it returned."""
    if all(piece.kind != "picture" for piece in pieces):
        return pieces
    return tuple(p for p in pieces if p.kind != "value" or not _HANDLE.fullmatch(p.text.strip()))


def frame(content: str) -> Shown:
    """HTML of a student's as a document for a sandboxed frame."""
    rows = content.count("<tr") + content.count("<p") + content.count("<br") + content.count("<li")
    head = f"<!doctype html><html lang=en><title>Output</title><style>{FRAME_STYLE}</style>"
    return Shown("frame", head + clean_html(content, embedded=True), min(460, 34 + 27 * rows))


def _joined(raw: object) -> object:
    """Outputs whose texts are lists of lines, as some write them, with texts."""
    if isinstance(raw, list):
        if raw and all(isinstance(line, str) for line in raw):
            return "".join(raw)
        return [_joined(each) for each in raw]
    if isinstance(raw, dict):
        return {key: value if key == "traceback" else _joined(value) for key, value in raw.items()}
    return raw


def _uncoloured(text: str) -> str:
    return uncoloured(text).rstrip("\n")
