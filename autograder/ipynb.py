"""Reading notebook files as hostile data, without nbformat.

nbformat's own reader validates against a schema, imports jsonschema and raises a dozen kinds of
errors on crafted input. Here every field is taken only if it has the right type.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.errors import NotGradable
from autograder.settings import MIB

MAX_CELLS = 10_000
MAX_CELL_CHARACTERS = 5_000_000
MAX_ATTACHMENT_BYTES = 8 * MIB
CELL_TYPES = ("code", "markdown", "raw")
CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")

# What an image of that type starts with. SVG is missing on purpose: it can carry scripts.
_IMAGE_STARTS = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/webp": (b"RIFF",),
}

Attachments = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class RawCell:
    """One cell as it stands in the file. `source` is None where it is no text."""

    cell_type: str
    source: str | None
    metadata: Mapping[str, Any]
    cell_id: str | None = None
    attachments: Mapping[str, Any] = field(default_factory=dict)
    has_outputs: bool = False  # or a number of an execution

    @property
    def nbgrader(self) -> Mapping[str, Any]:
        return _mapping(self.metadata.get("nbgrader"))

    @property
    def grade_id(self) -> str | None:
        grade_id = self.nbgrader.get("grade_id")
        return grade_id if isinstance(grade_id, str) and grade_id else None


@dataclass(frozen=True, slots=True)
class RawNotebook:
    cells: tuple[RawCell, ...]
    metadata: Mapping[str, Any]


def read_notebook(data: bytes, max_bytes: int) -> RawNotebook:
    """The cells of a notebook in nbformat 3 or 4, any minor version.

    Raises NotGradable, with a reason in one line, and nothing else, whatever the bytes are.
    """
    if len(data) > max_bytes:
        raise NotGradable(f"the notebook has {len(data):,} bytes, more than the {max_bytes:,} allowed")
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise NotGradable("the notebook is not UTF-8 text") from None
    except (ValueError, RecursionError):
        raise NotGradable("the notebook is not valid JSON") from None
    if not isinstance(content, dict):
        raise NotGradable("the notebook is JSON, but no notebook")
    cells = _cells_of(content)
    if len(cells) > MAX_CELLS:
        raise NotGradable(f"the notebook has {len(cells):,} cells, more than the {MAX_CELLS:,} allowed")
    return RawNotebook(tuple(map(_cell, cells)), _mapping(content.get("metadata")))


def _cells_of(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    version = content.get("nbformat")
    if version == 4:
        sheets: list[Any] = [content]
    elif version == 3:
        worksheets = content.get("worksheets")
        sheets = worksheets if isinstance(worksheets, list) and worksheets else [None]
    else:
        shown = version if isinstance(version, int) and abs(version) < 10**6 else "missing or no number"
        raise NotGradable(f"the notebook's format version is {shown}; save it as version 4")
    cells: list[Mapping[str, Any]] = []
    for sheet in sheets:
        part = _mapping(sheet).get("cells")
        if not isinstance(part, list):
            raise NotGradable("the notebook has no list of cells")
        cells += map(_mapping, part)
    return cells


def _cell(cell: Mapping[str, Any]) -> RawCell:
    cell_type = cell.get("cell_type")
    if cell_type in ("heading", "html"):  # nbformat 3
        cell_type = "markdown"
    source = _text(cell.get("source", cell.get("input")))
    cell_id = cell.get("id")
    return RawCell(
        cell_type=cell_type if cell_type in CELL_TYPES else "raw",
        source=source if source is not None and len(source) <= MAX_CELL_CHARACTERS else None,
        metadata=_mapping(cell.get("metadata")),
        cell_id=cell_id if isinstance(cell_id, str) and CELL_ID.fullmatch(cell_id) else None,
        attachments=_mapping(cell.get("attachments")),
        has_outputs=bool(cell.get("outputs")) or cell.get("execution_count") is not None,
    )


def _text(value: object) -> str | None:
    """A text or a list of lines as one string; lone surrogates, which no file can hold, are replaced."""
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        value = "".join(value)
    if not isinstance(value, str):
        return None
    return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def safe_images(attachments: Mapping[str, Any]) -> Attachments:
    """Only the attachments that are pictures of a plain bitmap type, of reasonable size."""
    kept = {}
    for name, bundle in attachments.items():
        images = {mime: data for mime, data in _mapping(bundle).items() if _is_image(mime, data)}
        if images and name.isprintable() and len(name) <= 200:
            kept[name] = images
    return kept


def _is_image(mime: str, data: object) -> bool:
    if mime not in _IMAGE_STARTS or not isinstance(data, str) or len(data) > MAX_ATTACHMENT_BYTES * 4 / 3 + 4:
        return False
    try:
        content = base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        return False
    return content.startswith(_IMAGE_STARTS[mime])


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
