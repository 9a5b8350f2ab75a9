"""nbgrader's database as a file: opening it for several writers, making an empty one, copying it."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.errors import AutograderError, GraderFault, UsageError

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

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


class Database:
    """A database of nbgrader's, to be written in transactions that wait for those of others.

    An SQLite file is copied to the folder `backups`, where that is given, before the first write of a day;
    `on_backup` is told where the copy is. May be shared by threads. To be closed.
    """

    def __init__(
        self,
        db_url: str,
        backups: Path | None = None,
        on_backup: Callable[[Path], None] = lambda copy: None,
    ) -> None:
        self.file = Path(db_url.removeprefix("sqlite:///")) if db_url.startswith("sqlite:///") else None
        self._backups = backups
        self._on_backup = on_backup
        self._engine = open_engine(db_url)
        self._lock = threading.Lock()
        self._prepared: date | None = None

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that is committed at the end, or rolled back by an exception."""
        from sqlalchemy.orm import Session

        with explaining(self.file or "the gradebook", _MEND):
            self._prepare()
            with Session(self._engine, autoflush=False) as session, session.begin():
                yield session

    def _prepare(self) -> None:
        today = datetime.now(UTC).date()
        with self._lock:
            if self._prepared == today:
                return
            if self.file is not None and self._backups is not None and self.file.exists():
                self._on_backup(backup(self.file, self._backups))
            create_tables(self._engine)
            self._prepared = today


_MEND = "restore a backup if it is damaged; run `nbgrader db upgrade` if it is old"
