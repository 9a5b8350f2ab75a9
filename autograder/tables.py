"""CSV files that people and other programs wrote: with or without a byte order mark, `,` or `;` between."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UsageError, did_you_mean
from autograder.settings import MIB

MAX_BYTES = 64 * MIB


@dataclass(frozen=True, slots=True)
class Table:
    """Named columns, and rows of stripped texts by column, each with the number of its line."""

    path: Path
    columns: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]

    def require(self, names: Iterable[str]) -> None:
        """Raises UsageError unless all these columns are there."""
        for name in names:
            if name not in self.columns:
                shown = ", ".join(self.columns)[:200]
                mend = did_you_mean(name, self.columns) or f"; its columns are: {shown}"
                raise UsageError(f"{self.path}: no column {name!r}{mend}")


def read_table(path: Path) -> Table:
    """The table in the file, whose first line names the columns. Raises UsageError.

    A row that is short has empty texts at its end; what is beyond the last column is left out.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{path}: not UTF-8 text; save it as UTF-8 CSV and run again") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); name a CSV file") from None
    if len(data) > MAX_BYTES:
        raise UsageError(f"{path}: larger than {MAX_BYTES // MIB} MiB, which no table of a class is")
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        columns = tuple(name.strip() for name in next(reader, []))
        rows = tuple(
            (reader.line_num, dict(zip(columns, [*map(str.strip, row), *[""] * len(columns)], strict=False)))
            for row in reader
            if any(map(str.strip, row))
        )
    except csv.Error as error:
        raise UsageError(f"{path}, line {reader.line_num}: not valid CSV ({error})") from None
    repeated = [name for name in columns if name and columns.count(name) > 1]
    if repeated:
        raise UsageError(f"{path}: two columns are called {repeated[0]!r}; keep one")
    if not any(columns):
        raise UsageError(f"{path}: empty; its first line must name the columns")
    return Table(path, columns, rows)
