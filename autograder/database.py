"""nbgrader's database as a file: opening it for several writers, making an empty one, copying it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.errors import AutograderError, GraderFault, UsageError

if TYPE_CHECKING:
    from sqlalchemy import Engine

BUSY_SECONDS = 60.0
# SQLite's primary result codes (sqlite.org/rescode.html) that tell of the disk, not of the database
_NOT_WRITABLE = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)
_HELD = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def explained(error: BaseException | None, what: object, otherwise: str) -> AutograderError:
    """An error of SQLite for the instructor: what to do about a full disk, a lock, or `otherwise`."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in _NOT_WRITABLE:
        return GraderFault(
            f"{what}: cannot be written ({error}); make room, then run the same command again to go on"
        )
    if code in _HELD:
        return GraderFault(f"{what}: another program holds it; close that and run the same command again")
    return UsageError(f"{what}: {error}; {otherwise}")


def backup(database: Path, folder: Path) -> Path:
    """Copy an SQLite database, also one that others are writing to. Raises UsageError if it is none."""
    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    copy = folder / f"{database.stem}-{now:%Y%m%dT%H%M%S.%f}Z.db"
    try:
        # to be opened for writing: what a killed writer left half done is rolled back first
        with (
            closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=rw", uri=True)) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
    except sqlite3.DatabaseError as error:
        copy.unlink(missing_ok=True)
        raise explained(error, database, f"move it away or restore a backup from {folder}") from None
    return copy


def rows_of(database: Path, query: str, *parameters: object) -> list[tuple[Any, ...]]:
    """Read without nbgrader and SQLAlchemy, which take long to import; none where there is no such file."""
    if not database.is_file():
        return []
    # to be opened for writing: what a killed writer left half done is rolled back first
    with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=rw", uri=True)) as connection:
        return connection.execute(query, parameters).fetchall()


def open_engine(db_url: str) -> Engine:
    """An engine whose transactions on SQLite wait for other writers instead of failing."""
    from sqlalchemy import create_engine, event

    if not db_url.startswith("sqlite"):
        return create_engine(db_url)
    engine = create_engine(db_url, connect_args={"timeout": BUSY_SECONDS})

    # sqlite3 opens a transaction late and as a reader; two graders that both want to write then
    # fail at once instead of waiting. So we open it ourselves, as a writer.
    @event.listens_for(engine, "connect")
    def no_implicit_begin(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def begin_as_writer(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


@contextmanager
def explaining(what: object, otherwise: str) -> Iterator[None]:
    """SQLAlchemy's errors as `explained` ones."""
    from sqlalchemy.exc import DatabaseError, IntegrityError

    try:
        yield
    except IntegrityError:
        raise
    except DatabaseError as error:
        raise explained(error.orig, what, otherwise) from None


def create_tables(engine: Engine) -> None:
    """Make an empty database one of nbgrader's, without its detour over an `alembic` on the PATH."""
    from alembic.script import ScriptDirectory
    from nbgrader.api import Base
    from nbgrader.dbutil import ALEMBIC_DIR
    from sqlalchemy import inspect, text

    with engine.begin() as connection:
        if inspect(connection).get_table_names():
            return
        Base.metadata.create_all(connection)
        head = ScriptDirectory(ALEMBIC_DIR).get_current_head()
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head})
