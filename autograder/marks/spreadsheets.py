"""CSV files of learning platforms, read as hostile data, and cells that no spreadsheet computes."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from autograder.errors import UsageError
from autograder.settings import MIB

MAX_BYTES = 100 * MIB
MAX_CELL = 32_767  # characters that a cell of Excel holds
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?", re.ASCII)
_CUT = " [...]"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, with the number of its (last) line in the file."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A CSV file: `rows` may have more or fewer cells than the header."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    delimiter: str
    newline: str
    has_bom: bool

    def whole(self, row: Row) -> bool:
        """Whether a row has a cell for every column, so that one knows what is what."""
        return len(row.cells) == len(self.header)

    def text(self, rows: Iterable[Sequence[str]], delimiter: str | None = None) -> str:
        """The rows as a file of the same kind."""
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter or self.delimiter, lineterminator=self.newline).writerows(rows)
        return ("\ufeff" if self.has_bom else "") + out.getvalue()


def read_sheet(path: Path) -> Sheet:
    """The CSV file at `path`. Raises UsageError for one that is none, with what to do."""
    again = "export it from the platform again"
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); name another file") from None
    if len(data) > MAX_BYTES:
        raise UsageError(f"{path}: is larger than {MAX_BYTES // MIB} MiB; {again}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{path}: is not UTF-8 text; {again}, or save it as `CSV UTF-8`") from None
    if "\0" in text:
        raise UsageError(f"{path}: holds a NUL byte, so it is no CSV file; {again}")
    delimiter = max(",;\t", key=lambda each: len(_first_row(text, each)))
    try:
        (_, header), *rows = _rows(text, delimiter) or [(0, [])]
    except csv.Error as error:
        raise UsageError(f"{path}: is no CSV file ({error}); {again}") from None
    if not header:
        raise UsageError(f"{path}: is empty; {again}")
    return Sheet(
        header=tuple(header),
        rows=tuple(Row(line, tuple(cells)) for line, cells in rows if cells),
        delimiter=delimiter,
        newline="\r\n" if "\r\n" in text else "\n",
        has_bom=data.startswith(b"\xef\xbb\xbf"),
    )


def _rows(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    # the module's own limit of a field would end at an online text of 128 KiB, and is global
    limit = csv.field_size_limit(MAX_BYTES)
    try:
        # strict: a quote that nobody closes would swallow the rest of the class
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        return [(rows.line_num, cells) for cells in rows]
    finally:
        csv.field_size_limit(limit)


def _first_row(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(text[:MIB], newline=""), delimiter=delimiter), [])
    except csv.Error:
        return []


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
