"""Outputs of student cells are hostile data: what may enter a notebook, and in what size."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from .markup import clean_html, is_safe_latex, is_safe_markdown

MIME_TYPES = frozenset(
    {
        *("text/plain", "text/html", "text/markdown", "text/latex"),
        *("image/png", "image/jpeg", "image/gif", "application/json"),
    }
)
MAX_OUTPUTS = 1_000
MAX_TRACEBACK_LINES = 200
# escape stays where it colours; marks of the direction of writing can make text read as another
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|\x1b(?!\[[0-9;]{0,20}m)"
)
_COLOUR = re.compile(r"\x1b\[[0-9;]{0,20}m")  # as much of escapes as `_CONTROLS` leaves
_SVG = "image/svg+xml"  # a program as well as a picture
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")


def clean(outputs: object, limit: int) -> list[dict[str, Any]]:
    """Valid nbformat outputs of at most about `limit` characters; what is ill-formed is left out."""
    if type(outputs) is not list:
        return []
    kept: list[dict[str, Any]] = []
    room = most = limit + 1_000  # the shell already cut to the limit; this holds if it was tampered with
    for output in outputs[:MAX_OUTPUTS]:
        made = _clean(output, most) if type(output) is dict and _is_plain(output) else None
        if made is None:
            continue
        room -= len(json.dumps(made))
        if room < 0 and kept:
            break
        kept.append(made)
    return kept


def uncoloured(text: str) -> str:
    """Text that was cleaned, without the escapes that colour it."""
    return _COLOUR.sub("", text)


def _is_plain(output: dict[Any, Any]) -> bool:
    """Whether it can be compared with what is expected: an array gives no truth, but an error."""
    return all(type(output.get(key, "")) is str for key in ("output_type", "name"))


def _clean(output: dict[Any, Any], most: int) -> dict[str, Any] | None:
    match output:
        case {"output_type": "stream", "name": "stdout" | "stderr" as name, "text": str(text)}:
            return {"output_type": "stream", "name": name, "text": plain(text[:most])}
        case {"output_type": "error", "ename": str(ename), "evalue": str(evalue), "traceback": list(lines)}:
            return {
                "output_type": "error",
                "ename": plain(ename)[:200],
                "evalue": plain(evalue)[:2_000],
                "traceback": _lines(lines, most),
            }
        case {"output_type": "display_data", "data": dict(data)}:
            return {"output_type": "display_data", "data": _data(data, most), "metadata": {}}
        case {"output_type": "execute_result", "data": dict(data), "execution_count": int(count)}:
            return {
                "output_type": "execute_result",
                "data": _data(data, most),
                "metadata": {},
                "execution_count": max(0, min(int(count), 1_000_000)),
            }
    return None


def _lines(lines: list[Any], most: int) -> list[str]:
    kept = []
    for line in lines[:MAX_TRACEBACK_LINES]:
        if type(line) is str and most > 0:
            kept.append(plain(line[: min(most, 10_000)]))
            most -= len(line)
    return kept


def _data(data: dict[Any, Any], most: int) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for mime, value in data.items():
        if mime == _SVG and "image/png" not in data:
            kept.setdefault("text/plain", "[a picture in SVG, which is not kept; show it as PNG]")
        if mime not in MIME_TYPES:
            continue
        if mime == "application/json":
            try:
                kept[mime] = BoundedJson(most).copy(value)
            except (ValueError, RecursionError):
                continue
        elif type(value) is str and len(value) <= most:
            if mime in ("image/png", "image/jpeg", "image/gif"):
                if _BASE64.fullmatch(value):
                    kept[mime] = value
            else:
                kept |= _rich(mime, plain(value))
    return kept


def _rich(mime: str, text: str) -> dict[str, str]:
    """The text as it may be shown in a browser; Markdown and LaTeX that could run something as plain text."""
    if mime == "text/html":
        return {mime: clean_html(text)}
    safe = {"text/markdown": is_safe_markdown, "text/latex": is_safe_latex}.get(mime, lambda _: True)
    return {mime if safe(text) else "text/plain": text}


class BoundedJson:
    """Copies JSON of at most about `room` characters.

    Counted while it is copied: a list that holds one list a thousand times, and so on five deep, is
    small on the wire and fills the memory when it is written out.
    """

    def __init__(self, room: int) -> None:
        self._room = room

    def copy(self, value: object) -> Any:
        """Raises ValueError for what is no JSON or takes more room, RecursionError for what holds itself."""
        self._take(1)
        if value is None or type(value) is bool:
            return value
        if type(value) is str:
            self._take(len(value))
            return plain(value)
        if type(value) is int:
            self._take(value.bit_length() // 3)
            return value
        if type(value) is float and math.isfinite(value):
            return value
        if type(value) in (list, tuple):
            return [self.copy(item) for item in value]  # type: ignore[attr-defined]
        if type(value) is dict:
            return {self._key(key): self.copy(item) for key, item in value.items()}
        raise ValueError("no JSON")

    def _key(self, key: object) -> str:
        copied = self.copy(key)
        return copied if type(copied) is str else json.dumps(copied)

    def _take(self, characters: int) -> None:
        self._room -= characters
        if self._room < 0:
            raise ValueError("too much")


def plain(text: str) -> str:
    """Text without lone surrogates and control characters; the escape of a colour stays."""
    return _CONTROLS.sub("\ufffd", text.encode("utf-8", "replace").decode("utf-8"))


def error_output(name: str, message: str) -> dict[str, Any]:
    """An error of the grader's own making, in a notebook."""
    return {"output_type": "error", "ename": name, "evalue": message, "traceback": [f"{name}: {message}"]}
