"""A PostgreSQL server: the gradebook of a course that several graders and machines work on."""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.database.addresses import for_libpq, for_sqlalchemy, shown_address
from autograder.database.base import BUSY_SECONDS, Claim, Database, Query, Watch
from autograder.database.copying import copy_in, copy_out, tables
from autograder.database.writing import create_tables
from autograder.errors import AutograderError, GraderFault, UsageError

if TYPE_CHECKING:
    import psycopg
    from sqlalchemy import Connection, Engine, Table
    from sqlalchemy.orm import Session

CONNECT_SECONDS = 10
# found out by TCP itself, so that a server that went away does not make a grader wait for ever
_ALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 30_000}
# of a session that writes: it waits for locks, and a grader that was stopped does not keep its own
_SETTINGS = ("lock_timeout", "idle_in_transaction_session_timeout")
_NAMED = re.compile(r"(?<![:\w]):(\w+)")

# Classes and codes of SQLSTATE (postgresql.org/docs/current/errcodes-appendix.html)
_LOST = ("08", "57P01", "57P02", "57P03", "25P03")
_PASSING = ("40", "55P03", "23505", "23503")  # given up for another transaction, or overtaken by it
_FULL = ("53",)
_HELD = ("40", "55P03")
_FORBIDDEN = ("42501",)
_UNFIT = ("22",)


class PostgreSQL(Database):
    """The database that an address names; what that leaves out is found by libpq: ~/.pgpass, PGPASSWORD."""

    tables_statement = "SELECT tablename FROM pg_tables WHERE schemaname = ANY (current_schemas(false))"

    def __init__(self, db_url: str, backups: Path | None = None) -> None:
        super().__init__(for_sqlalchemy(db_url), backups)
        self._address = for_libpq(db_url)
        self._shown = shown_address(db_url)

    def __str__(self) -> str:
        return self._shown

    def exists(self) -> bool:
        with self.reading() as query:
            return query is not None

    @contextmanager
    def _reading(self) -> Iterator[Query | None]:
        with self.connect() as connection:
            from psycopg import IsolationLevel  # which is there: connecting says so where it is not

            connection.isolation_level = IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            query = asking(connection)
            yield query if query(_IS_THERE, {}) else None

    def connect(self, **options: Any) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection of its own. Raises the driver's errors, and UsageError where there is no driver."""
        try:
            import psycopg
        except ImportError as error:
            raise UsageError(
                f"{self}: needs psycopg ({error}); run `pip install 'autograder[postgres]'`"
            ) from None
        options = {"connect_timeout": CONNECT_SECONDS, "application_name": "autograder", **_ALIVE, **options}
        return psycopg.connect(self._address, client_encoding="UTF8", **options)

    def described(self) -> str:
        with self.connect() as connection:
            query = asking(connection)
            ((version, user, may_make),) = query(_WHO, {})
            rights = query(_RIGHTS, {"tables": [table.name for table in tables()]})
        server = f"PostgreSQL {version}, as {user}"
        if not rights:
            return f"{self}, {server}; empty" + ("" if may_make else ", and no tables may be made in it")
        missing = [table for table, may_all in rights if not may_all]
        return f"{self}, {server}" + (f"; no right to read and write {', '.join(missing)}" if missing else "")

    def watch(self) -> Watch:
        return _Snapshots(self)

    def engine(self) -> Engine:
        from sqlalchemy import create_engine

        def connect() -> psycopg.Connection[tuple[Any, ...]]:
            connection = self.connect()
            try:
                _require_utf8(connection, self)
                for name in _SETTINGS:
                    connection.execute(f"SET {name} = {int(1000 * BUSY_SECONDS)}")
                connection.commit()
            except BaseException:
                connection.close()
                raise
            return connection

        return create_engine("postgresql+psycopg://", creator=connect)

    def claim(self, connection: Connection, *claims: Claim) -> None:
        from sqlalchemy import text

        calls = ", ".join(
            f"pg_advisory_xact_lock{'_shared' if claim.shared else ''}(:c{place})"
            for place, claim in enumerate(claims)
        )
        numbers = {f"c{place}": _number_of(claim.name) for place, claim in enumerate(claims)}
        connection.execute(text(f"SELECT {calls}"), numbers)

    def insert(self, connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        # an array a column: one short statement, which the server and psycopg know from the time before
        columns = tuple(rows[0])
        values = {column: [row[column] for row in rows] for column in columns}
        connection.exec_driver_sql(_insertion(table, columns), values)

    def number_of(self, session: Session) -> int:
        from sqlalchemy import text

        return int(session.execute(text("SELECT pg_current_xact_id()::text")).scalar_one())

    def is_passing(self, error: BaseException) -> bool:
        return _code(error).startswith(_PASSING)

    def is_lost(self, error: BaseException) -> bool:
        import psycopg

        return _code(error).startswith(_LOST) or (
            isinstance(error, psycopg.OperationalError) and not _code(error)
        )

    def erase(self, which: Mapping[str, str], values: Mapping[str, object]) -> None:
        with self.explaining(mend="run the same command again"), self.connect() as connection:
            query = asking(connection)
            there = {name for (name,) in query(self.tables_statement, {})}
            for table, condition in which.items():
                if table in there:
                    connection.execute(*_translated(f"DELETE FROM {table} WHERE {condition}", values))

    def back_up(self, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        copy = folder / f"gradebook-{datetime.now(UTC):%Y%m%dT%H%M%S.%f}Z.db"
        engine = self.engine()
        try:
            with self.explaining():
                copy_out(engine, copy)
        finally:
            engine.dispose()
        return copy

    def put_back(self, copy: Path, check: Callable[[Query], None] = lambda query: None) -> None:
        engine = self.engine()
        try:
            with self.explaining():
                create_tables(self, engine)
                copy_in(engine, copy, self.insert, check)
        finally:
            engine.dispose()

    def explained(self, error: BaseException, shown: object, mend: str) -> AutograderError | None:
        try:
            import psycopg
        except ImportError:
            return None
        if isinstance(error, UnicodeEncodeError):
            return UsageError(f"{shown}: takes no text with a lone surrogate; take that out and run again")
        if not isinstance(error, psycopg.Error) or isinstance(error, psycopg.IntegrityError):
            return None
        code, told = _code(error), _told(error)
        if self.is_lost(error):
            return GraderFault(
                f"{shown}: cannot be reached ({told}); see whether the server runs and lets you in "
                "(docs/postgresql.md), then run the same command again to go on"
            )
        if code.startswith(_FULL):
            return GraderFault(f"{shown}: cannot be written ({told}); make room, then run again to go on")
        if code.startswith(_HELD):
            return GraderFault(f"{shown}: another program holds it ({told}); run the same command again")
        if code.startswith(_FORBIDDEN):
            return UsageError(f"{shown}: {told}; give the user the rights that docs/postgresql.md lists")
        if code.startswith(_UNFIT) or isinstance(error, psycopg.DataError):
            return UsageError(
                f"{shown}: cannot hold what is to be written ({told}); change that and run again"
            )
        return UsageError(f"{shown}: {told}; {mend}")


@cache
def _insertion(table: Table, columns: tuple[str, ...]) -> str:
    # text has no length here, so that what is too long is refused and not cut off; an enumeration has a name
    types = {name: table.c[name].type for name in columns}
    arrays = ", ".join(
        f"%({name})s::{getattr(kind, 'name', None) or _ARRAYS[kind.python_type]}[]"
        for name, kind in types.items()
    )
    return f"INSERT INTO {table.name} ({', '.join(columns)}) SELECT * FROM unnest({arrays})"


_ARRAYS = {str: "text", float: "float8", bool: "boolean", datetime: "timestamp", timedelta: "interval"}
_WHO = (
    "SELECT current_setting('server_version'), current_user, "
    "has_schema_privilege(coalesce(current_schema(), 'public'), 'CREATE')"
)
_RIGHTS = """
SELECT t.tablename, has_table_privilege(format('%I.%I', t.schemaname, t.tablename), 'SELECT')
  AND has_table_privilege(format('%I.%I', t.schemaname, t.tablename), 'INSERT')
  AND has_table_privilege(format('%I.%I', t.schemaname, t.tablename), 'UPDATE')
  AND has_table_privilege(format('%I.%I', t.schemaname, t.tablename), 'DELETE')
FROM pg_tables t WHERE t.schemaname = ANY (current_schemas(false)) AND t.tablename = ANY (:tables)
ORDER BY t.tablename
"""
_IS_THERE = "SELECT 1 WHERE to_regclass('submitted_assignment') IS NOT NULL"


def asking(connection: psycopg.Connection[tuple[Any, ...]]) -> Query:
    return lambda statement, values: connection.execute(*_translated(statement, values)).fetchall()


def _translated(statement: str, values: Mapping[str, object]) -> tuple[Any, dict[str, object]]:
    """The statement as psycopg has it. What PostgreSQL cannot hold is in none of its rows."""
    sent = {name: _sendable(value) if isinstance(value, str) else value for name, value in values.items()}
    return _NAMED.sub(r"%(\1)s", statement.replace("%", "%%")), sent


def _sendable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")


def _number_of(name: str) -> int:
    """Of an advisory lock: 64 bits, of which two names hardly ever have the same."""
    return int.from_bytes(hashlib.sha256(f"autograder/{name}".encode()).digest()[:8], signed=True)


def _require_utf8(connection: psycopg.Connection[tuple[Any, ...]], database: Database) -> None:
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise UsageError(
            f"{database}: has the encoding {encoding}; make the database with ENCODING 'UTF8', since names "
            "and comments may be in any language"
        )


def _code(error: BaseException) -> str:
    return getattr(error, "sqlstate", None) or ""


def _told(error: psycopg.Error) -> str:
    """The server's message in one line, without statement and values."""
    return " ".join((error.diag.message_primary or str(error)).split())


class _Snapshots(Watch):
    """What a snapshot says of transactions: which have ended (postgresql.org/docs/current, 9.27.9).

    Numbers are given to transactions that write, on the whole server. Its statistics would tell the
    databases apart, but late and not surely.
    """

    def __init__(self, database: PostgreSQL) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._connection: psycopg.Connection[tuple[Any, ...]] | None = None
        self._lost = -float("inf")  # when it could not be asked

    def state(self) -> object:
        """A snapshot, or None where the server cannot be asked."""
        import psycopg

        with self._lock:
            if time.monotonic() - self._lost < CONNECT_SECONDS:
                return None
            try:
                if self._connection is None:
                    self._connection = self._database.connect(autocommit=True)
                ((text,),) = self._connection.execute("SELECT pg_current_snapshot()::text").fetchall()
            except psycopg.Error:
                self._drop()
                self._lost = time.monotonic()
                return None
        return text

    def is_ours(self, before: object, now: object, own: Sequence[int]) -> bool:
        if before == now:
            return before is not None
        if not isinstance(before, str) or not isinstance(now, str):
            return False
        return _ended_between(before, now) <= set(own)

    def close(self) -> None:
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            with suppress(Exception):
                self._connection.close()
            self._connection = None


_MANY = 10_000  # transactions between two looks, of which ours would be a part at most


def _ended_between(before: str, now: str) -> set[int]:
    """Numbers of the transactions that ended between two snapshots; -1 for those of too many."""
    (_, first, running_then), (_, last, running_now) = _read(before), _read(now)
    if not 0 <= last - first <= _MANY:
        return {-1}
    return (running_then | set(range(first, last))) - running_now


def _read(snapshot: str) -> tuple[int, int, set[int]]:
    """`xmin:xmax:xip,xip`: all below xmax have ended, but for those that are listed."""
    xmin, xmax, running = snapshot.split(":")
    return int(xmin), int(xmax), {int(number) for number in running.split(",") if number}
