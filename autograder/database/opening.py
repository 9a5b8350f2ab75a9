"""Which kind of database an address names."""

from __future__ import annotations

from pathlib import Path

from autograder.database.base import Database
from autograder.database.sqlite import PREFIX, SqliteFile


def database_at(db_url: str, backups: Path | None = None) -> Database:
    """The database at an address as nbgrader's `db_url` has it."""
    return SqliteFile(Path(db_url.removeprefix(PREFIX)), backups)
