"""Outputs of student cells are hostile data: what may enter a notebook, and in what size."""

from __future__ import annotations

import json
import re
from typing import Any

MIME_TYPES = frozenset(
    {
        *("text/plain", "text/html", "text/markdown", "text/latex"),
        *("image/png", "image/jpeg", "image/gif", "image/svg+xml", "application/json"),
    }
)
MAX_OUTPUTS = 1_000
MAX_TRACEBACK_LINES = 200
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")


def clean(outputs: object, limit: int) -> list[dict[str, Any]]:
    """Valid nbformat outputs of at most about `limit` characters; what is ill-formed is left out."""
    if type(outputs) is not list:
        return []
    kept: list[dict[str, Any]] = []
    room = limit + 1_000  # the shell already cut to the limit; this holds if it was tampered with
    for output in outputs[:MAX_OUTPUTS]:
        made = _clean(output) if type(output) is dict else None
        if made is None:
            continue
        room -= len(json.dumps(made))
        if room < 0 and kept:
            break
        kept.append(made)
    return kept


def _clean(output: dict[Any, Any]) -> dict[str, Any] | None:
    match output:
        case {"output_type": "stream", "name": "stdout" | "stderr" as name, "text": str(text)}:
            return {"output_type": "stream", "name": name, "text": plain(text)}
        case {"output_type": "error", "ename": str(ename), "evalue": str(evalue), "traceback": list(lines)}:
            return {
                "output_type": "error",
                "ename": plain(ename)[:200],
                "evalue": plain(evalue)[:2_000],
                "traceback": [plain(x)[:10_000] for x in lines[:MAX_TRACEBACK_LINES] if type(x) is str],
            }
        case {"output_type": "display_data", "data": dict(data)}:
            return {"output_type": "display_data", "data": _data(data), "metadata": {}}
        case {"output_type": "execute_result", "data": dict(data), "execution_count": int(count)}:
            return {
                "output_type": "execute_result",
                "data": _data(data),
                "metadata": {},
                "execution_count": max(0, min(count, 1_000_000)),
            }
    return None


def _data(data: dict[Any, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for mime, value in data.items():
        if mime not in MIME_TYPES:
            continue
        if mime == "application/json":
            try:
                kept[mime] = json.loads(json.dumps(value, allow_nan=False))
            except (TypeError, ValueError, RecursionError):
                continue
        elif type(value) is str:
            if mime in ("image/png", "image/jpeg", "image/gif"):
                if _BASE64.fullmatch(value):
                    kept[mime] = value
            else:
                kept[mime] = plain(value)
    return kept


def plain(text: str) -> str:
    """Text without lone surrogates and control characters (escape stays: tracebacks are coloured)."""
    return _CONTROLS.sub("\ufffd", text.encode("utf-8", "replace").decode("utf-8"))


def error_output(name: str, message: str) -> dict[str, Any]:
    """An error of the grader's own making, in a notebook."""
    return {"output_type": "error", "ename": name, "evalue": message, "traceback": [f"{name}: {message}"]}
