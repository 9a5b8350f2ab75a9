"""Which kind of database an address names."""

from __future__ import annotations

from pathlib import Path

from autograder.database.addresses import SQLITE, is_postgresql
from autograder.database.base import Database
from autograder.database.postgresql import PostgreSQL
from autograder.database.sqlite import SqliteFile


def database_at(db_url: str, backups: Path | None = None) -> Database:
    """The database at an address as nbgrader's `db_url` has it."""
    if is_postgresql(db_url):
        return PostgreSQL(db_url, backups)
    return SqliteFile(Path(db_url.removeprefix(SQLITE)), backups)
