"""Copies of a server's gradebook: SQLite files of nbgrader's schema, which nbgrader itself can open."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.database.base import Query
from autograder.database.sqlite import SqliteFile
from autograder.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Table

_ROWS = 2_000  # at once
Insert = Callable[["Connection", "Table", Sequence[dict[str, Any]]], None]


def copy_out(engine: Engine, copy: Path) -> None:
    """Writes what one moment of the database holds into the file `copy`, which is whole or not there."""
    unfinished = copy.with_suffix(".unfinished")
    target = SqliteFile(unfinished).engine()
    still = engine.execution_options(isolation_level="REPEATABLE READ", stream_results=True)
    try:
        with still.connect() as reading, target.begin() as writing:
            for table in tables():
                table.create(writing)
                _copy(table, reading, writing, SqliteFile(unfinished).insert)
        target.dispose()
        unfinished.rename(copy)
    finally:
        target.dispose()
        unfinished.unlink(missing_ok=True)


def copy_in(engine: Engine, copy: Path, insert: Insert, check: Callable[[Query], None]) -> None:
    """Puts the copy in the place of what is there, in one transaction. `check` may look first, and raise.

    Nobody else can write meanwhile, and readers see what was there before.
    """
    from sqlalchemy import delete, text

    source = SqliteFile(copy).engine()
    try:
        with source.connect() as reading, engine.begin() as writing:
            all_tables = list(tables())
            names = ", ".join(table.name for table in all_tables)
            writing.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))
            check(lambda statement, values: writing.execute(text(statement), dict(values)).fetchall())
            _require_same_version(reading, writing, copy)
            _index_references(writing, all_tables)
            for table in reversed(all_tables):
                writing.execute(delete(table))
            for table in all_tables:
                _copy(table, reading, writing, insert)
    finally:
        source.dispose()


def _index_references(writing: Connection, all_tables: Iterable[Table]) -> None:
    """Has an index on every column that refers to another table: each deletion asks who refers to it.

    nbgrader has none on most of them, so that all marks were read anew for every student. Only the owner of
    a table may make one; for others it takes as long as it takes.
    """
    from sqlalchemy import text
    from sqlalchemy.exc import ProgrammingError

    for column in [column for table in all_tables for column in table.columns if column.foreign_keys]:
        table, name = column.table.name, f"autograder_{column.table.name}_{column.name}"
        with contextlib.suppress(ProgrammingError), writing.begin_nested():
            writing.execute(text(f"CREATE INDEX IF NOT EXISTS {name} ON {table} ({column.name})"))


def _copy(table: Table, reading: Connection, writing: Connection, insert: Insert) -> None:
    from sqlalchemy import select

    with reading.execute(select(table)) as rows:
        for part in rows.mappings().partitions(_ROWS):
            insert(writing, table, [dict(row) for row in part])


def tables() -> Iterator[Table]:
    """nbgrader's tables, those that others hang on first, and the version of its schema last."""
    from nbgrader.api import Base
    from sqlalchemy import Column, MetaData, String, Table

    yield from Base.metadata.sorted_tables
    yield Table("alembic_version", MetaData(), Column("version_num", String(32), nullable=False))


def _require_same_version(copy: Connection, database: Connection, path: Path) -> None:
    from sqlalchemy import text

    statement = text("SELECT version_num FROM alembic_version")
    versions: list[Any] = [connection.execute(statement).scalar() for connection in (copy, database)]
    if versions[0] != versions[1]:
        raise UsageError(
            f"{path}: is of another version of nbgrader's schema; run "
            f"`nbgrader db upgrade --db=sqlite:///{path}` on a copy of it first"
        )
