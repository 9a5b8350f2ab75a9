"""Transactions on nbgrader's database, after a copy of it, and side by side with those of others."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from autograder.database.base import Claim, Database, driver_error

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

T = TypeVar("T")
_PAUSES = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0)  # seconds between two tries of a transaction


def create_tables(database: Database, engine: Engine) -> None:
    """Make an empty database one of nbgrader's, without its detour over an `alembic` on the PATH."""
    from alembic.script import ScriptDirectory
    from nbgrader.api import Base
    from nbgrader.dbutil import ALEMBIC_DIR
    from sqlalchemy import inspect, text

    with engine.begin() as connection:
        database.claim(connection, Claim("tables"))
        if inspect(connection).get_table_names():
            return
        Base.metadata.create_all(connection)
        head = ScriptDirectory(ALEMBIC_DIR).get_current_head()
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head})


class Writer:
    """Writes into a database in transactions that wait for those of others.

    Threads may share it; to be closed. The database is copied, if it has a folder for that, before the first
    write of a day; `on_backup` is told where the copy is.
    """

    def __init__(self, database: Database, on_backup: Callable[[Path], None] = lambda copy: None) -> None:
        self._database = database
        self._on_backup = on_backup
        self._engine = database.engine()
        self._lock = threading.Lock()
        self._prepared: date | None = None

        self.insert = database.insert

    def close(self) -> None:
        self._engine.dispose()

    def write(self, work: Callable[[Session], T], *claims: Claim) -> T:
        """What `work` returns, committed; an exception rolls everything back.

        Work is done again where the database gave up the transaction in favour of another one, or was lost on
        the way, so it has to read afresh whatever it goes by. Raises as `Database.reading`.
        """
        with self._database.explaining():
            for pause in _PAUSES:
                try:
                    return self._once(work, claims)
                except Exception as error:
                    cause = driver_error(error)
                    # a database that was never there is told at once
                    if not self._database.is_passing(cause) and not (
                        self._prepared and self._database.is_lost(cause)
                    ):
                        raise
                time.sleep(pause * random.uniform(0.5, 1.0))
            return self._once(work, claims)

    @contextmanager
    def tried(self) -> Iterator[Session]:
        """A session for trying something out, of which nothing stays."""
        from sqlalchemy.orm import Session

        with self._database.explaining():
            self._prepare()
            with Session(self._engine, autoflush=False) as session:
                yield session

    def _once(self, work: Callable[[Session], T], claims: tuple[Claim, ...]) -> T:
        from sqlalchemy.orm import Session

        self._prepare()
        with Session(self._engine, autoflush=False) as session, session.begin():
            if claims:
                self._database.claim(session.connection(), *claims)
            return work(session)

    def _prepare(self) -> None:
        today = datetime.now(UTC).date()
        with self._lock:
            if self._prepared == today:
                return
            if self._database.backups is not None and self._database.exists():
                self._on_backup(self._database.back_up(self._database.backups))
            create_tables(self._database, self._engine)
            self._prepared = today
