"""CSV files that people and platforms wrote, read as hostile data."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UsageError, nearest
from autograder.settings import MIB

MAX_BYTES = 100 * MIB


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
    again = "save or export it again as CSV"
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


@dataclass(frozen=True, slots=True)
class Table:
    """Named columns, and rows of stripped texts by column, each with the number of its line."""

    path: Path
    columns: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]

    def require(self, names: Iterable[str], elsewhere: Collection[str] = ()) -> None:
        """Raises UsageError unless all these columns are there; it names one that may be meant.

        That is one that is called as the missing one is `elsewhere`, or almost as it is here.
        """
        for name in names:
            if name not in self.columns:
                shown = ", ".join(self.columns)[:200]
                other = (column for column in self.columns if column.casefold() in elsewhere)
                near = next(other, nearest(name, self.columns))
                mend = (
                    f"the first line should name it, but is: {shown}"
                    if near is None
                    else f"is it {near!r}? Call that {name!r}"
                )
                raise UsageError(f"{self.path}: no column {name!r}; {mend}")


def read_table(path: Path) -> Table:
    """The table in the file, whose first line names the columns. Raises UsageError.

    A row that is short has empty texts at its end; what is beyond the last column is left out.
    """
    sheet = read_sheet(path)
    columns = tuple(name.strip() for name in sheet.header)
    repeated = [name for name in columns if name and columns.count(name) > 1]
    if repeated:
        raise UsageError(f"{path}: two columns are called {repeated[0]!r}; keep one")
    if not any(columns):
        raise UsageError(f"{path}: empty; its first line must name the columns")
    padding = [""] * len(columns)
    rows = (
        (row.line, dict(zip(columns, [*map(str.strip, row.cells), *padding], strict=False)))
        for row in sheet.rows
        if any(map(str.strip, row.cells))
    )
    return Table(path, columns, tuple(rows))
