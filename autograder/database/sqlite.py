"""A file of SQLite's: the gradebook of most courses, and every copy of one."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.database.addresses import SQLITE
from autograder.database.base import BUSY_SECONDS, Claim, Database, Query, Watch
from autograder.errors import AutograderError, GraderFault, UsageError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Table
    from sqlalchemy.orm import Session

# SQLite's primary result codes (sqlite.org/rescode.html) that tell of the disk, not of the database
_NOT_WRITABLE = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)
_HELD = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_COUNTER = slice(24, 28)  # of a database's header: transactions so far (sqlite.org/fileformat2.html, 1.3.7)


class SqliteFile(Database):
    """The database in the file `file`, which need not be there yet."""

    tables_statement = "SELECT name FROM sqlite_master WHERE type = 'table'"

    def __init__(self, file: Path, backups: Path | None = None) -> None:
        super().__init__(f"{SQLITE}{file}", backups)
        self.file = file

    def __str__(self) -> str:
        return str(self.file)

    def described(self) -> str:
        return f"{self.file}, a file of SQLite's"

    def exists(self) -> bool:
        return self.file.is_file()

    @contextmanager
    def _reading(self) -> Iterator[Query | None]:
        if not self.exists():
            yield None
            return
        with closing(self._connect()) as connection:
            yield lambda statement, values: connection.execute(statement, dict(values)).fetchall()

    def _connect(self, **options: Any) -> sqlite3.Connection:
        # to be opened for writing: what a killed writer left half done is rolled back first
        address = f"{self.file.resolve().as_uri()}?mode=rw"
        connection: sqlite3.Connection = sqlite3.connect(address, uri=True, **options)
        return connection

    def watch(self) -> Watch:
        return _Counter(self.file)

    def engine(self) -> Engine:
        from sqlalchemy import create_engine, event

        engine = create_engine(self.url, connect_args={"timeout": BUSY_SECONDS})

        # sqlite3 opens a transaction late and as a reader; two graders that both want to write then
        # fail at once instead of waiting. So we open it ourselves, as a writer.
        @event.listens_for(engine, "connect")
        def no_implicit_begin(connection: sqlite3.Connection, _: object) -> None:
            connection.isolation_level = None

        @event.listens_for(engine, "begin")
        def begin_as_writer(connection: Any) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

        return engine

    def claim(self, connection: Connection, *claims: Claim) -> None:
        """Whoever writes has the whole file."""

    def insert(self, connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        connection.execute(table.insert(), rows)

    def number_of(self, session: Session) -> int:
        return 0  # they are counted

    def is_passing(self, error: BaseException) -> bool:
        return False  # it has waited already

    def is_lost(self, error: BaseException) -> bool:
        return False

    def erase(self, which: Mapping[str, str], values: Mapping[str, object]) -> None:
        connecting = self._connect(timeout=BUSY_SECONDS, isolation_level=None)
        with self.explaining(mend="run the same command again"), closing(connecting) as connection:
            connection.execute("PRAGMA secure_delete = ON")
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                there = {name for (name,) in connection.execute(self.tables_statement)}
                for table, condition in which.items():
                    if table in there:
                        connection.execute(f"DELETE FROM {table} WHERE {condition}", dict(values))
            connection.execute("VACUUM")  # what stood in free pages goes too
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def back_up(self, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        copy = folder / f"{self.file.stem}-{datetime.now(UTC):%Y%m%dT%H%M%S.%f}Z.db"
        try:
            with (
                self.explaining(mend=f"move it away or restore a backup from {folder}"),
                closing(self._connect()) as source,
                closing(sqlite3.connect(copy)) as target,
            ):
                source.backup(target)
        except AutograderError:
            copy.unlink(missing_ok=True)
            raise
        return copy

    def put_back(self, copy: Path, check: Callable[[Query], None] = lambda query: None) -> None:
        with self.reading() as query:
            if query is not None:
                check(query)
        with (
            self.explaining(),
            closing(sqlite3.connect(copy)) as source,
            closing(sqlite3.connect(self.file, timeout=BUSY_SECONDS)) as target,
        ):
            source.backup(target)

    def explained(self, error: BaseException, shown: object, mend: str) -> AutograderError | None:
        if not isinstance(error, sqlite3.DatabaseError) or isinstance(error, sqlite3.IntegrityError):
            return None
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code in _NOT_WRITABLE:
            return GraderFault(
                f"{shown}: cannot be written ({error}); make room, then run the same command again to go on"
            )
        if code in _HELD:
            return GraderFault(
                f"{shown}: another program holds it; close that and run the same command again"
            )
        return UsageError(f"{shown}: {error}; {mend}")


class _Counter(Watch):
    """SQLite's counter of transactions; and time and size of a write-ahead log, where somebody chose that."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._log = file.with_name(file.name + "-wal")

    def state(self) -> tuple[int, ...]:
        try:
            with self._file.open("rb") as file:
                counter = int.from_bytes(file.read(_COUNTER.stop)[_COUNTER])
        except OSError:
            return (0,)
        with contextlib.suppress(OSError):
            found = self._log.stat()
            return counter, found.st_mtime_ns, found.st_size
        return (counter,)

    def is_ours(self, before: object, now: object, own: Sequence[int]) -> bool:
        assert isinstance(before, tuple) and isinstance(now, tuple)
        return now[1:] == before[1:] and now[0] - before[0] == len(own)

    def close(self) -> None:
        """Nothing is open."""
