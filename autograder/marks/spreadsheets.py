"""Cells that no spreadsheet computes, and numbers as a platform writes them."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

MAX_CELL = 32_767  # characters that a cell of Excel holds
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?", re.ASCII)
_CUT = " [...]"


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet may compute the cell instead of showing it. Numbers are none."""
    start = text
    while start and start[0] not in _FORMULA and (start[0].isspace() or _is_invisible(start[0])):
        start = start[1:]
    return start.startswith(_FORMULA) and not _NUMBER.fullmatch(start)


def safe_cell(value: object) -> object:
    """The value for a cell: numbers as they are, text without what a spreadsheet would run or choke on."""
    if not isinstance(value, str):
        return value
    text = value.replace("\0", "")
    if looks_like_formula(text):
        text = f"'{text}"
    return text if len(text) <= MAX_CELL else text[: MAX_CELL - len(_CUT)] + _CUT


def number_of(cell: str) -> float | None:
    """The number in a cell, with a point or a comma before its decimals."""
    text = cell.strip()
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) and len(text) < 50 else None


def written(value: float, decimals: int, comma: bool, trailing: bool = True) -> str:
    """A mark with so many decimals, halves rounded up; without zeros at the end where not `trailing`."""
    text = str(Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))
    if not trailing and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", ",") if comma else text


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf")
