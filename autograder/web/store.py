"""`.autograder/web.db`: what the web pages know that is neither a submission, a result nor a mark.

Readers never wait for a writer (WAL), and what was committed survives a power cut. All writers are one after
the other; each write is one transaction.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event, select
from sqlalchemy.dialects.sqlite import insert

from autograder.course import Course
from autograder.database.base import BUSY_SECONDS
from autograder.database.sqlite import SqliteFile
from autograder.web import schema


@dataclass(frozen=True, slots=True)
class Release:
    """What students may see of an assignment: their marks, their feedback pages."""

    marks: bool = False
    feedback: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the audit trail: who did what to which mark, when and why. `time` is seconds since 1970."""

    number: int
    time: float
    who: str
    what: str
    assignment: str
    student: str
    question: str
    before: str | None
    after: str | None
    reason: str
    address: str


class Store:
    """The database of one course; may be used by several threads and processes at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # it holds who may sign in
        self._engine = create_engine(
            f"sqlite:///{path}",
            isolation_level="AUTOCOMMIT",
            connect_args={"timeout": BUSY_SECONDS},
            pool_size=8,
            max_overflow=56,  # a thread each of a web server's
        )
        event.listen(self._engine, "connect", _prepare)
        with SqliteFile(path).explaining(mend="move it away; accounts and sessions are made anew"):
            self._prepare_tables()

    @classmethod
    def of(cls, course: Course) -> Store:
        return cls(course.state / "web.db")

    def close(self) -> None:
        self._engine.dispose()

    def _prepare_tables(self) -> None:
        with self.reading() as connection:
            if _version(connection) == schema.FORMAT.version:
                return
        with self.writing() as connection:
            if version := _version(connection):  # none for a new file
                schema.FORMAT.upgraded(connection, version, self.path)
            schema.metadata.create_all(connection)
            connection.execute(
                insert(schema.about)
                .values(
                    [{"key": "revision", "value": "0"}, {"key": "secret", "value": secrets.token_hex(32)}]
                )
                .on_conflict_do_nothing()
            )
            connection.exec_driver_sql(f"PRAGMA user_version = {schema.FORMAT.version}")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection on which each statement sees what is committed."""
        with self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: all of it stands at the end, or nothing after an exception."""
        with self._engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                if not connection.invalidated:  # as one is that was interrupted in a statement: it is gone
                    connection.exec_driver_sql("ROLLBACK")
                raise
            connection.exec_driver_sql("COMMIT")

    # what there is one of ------------------------------------------------------------------------

    def get(self, key: str) -> str | None:
        """A value of the whole site, such as `secret`, the key that signs forms."""
        with self.reading() as connection:
            return connection.scalar(select(schema.about.c.value).where(schema.about.c.key == key))

    def put(self, key: str, value: str) -> None:
        with self.writing() as connection:
            statement = insert(schema.about).values(key=key, value=value)
            connection.execute(statement.on_conflict_do_update(["key"], set_={"value": value}))

    # releases --------------------------------------------------------------------------------------

    def release(self, assignment: str) -> Release:
        """What students may see; nothing where nobody decided."""
        table = schema.releases.c
        with self.reading() as connection:
            row = connection.execute(
                select(table.marks, table.feedback).where(table.assignment == assignment)
            ).first()
        return Release(*row) if row is not None else Release()

    def set_release(self, assignment: str, release: Release, by: str) -> None:
        """Shows students their marks or feedback, or hides them again."""
        values = {"marks": release.marks, "feedback": release.feedback, "time": time.time(), "by": by}
        before = self.release(assignment)
        with self.writing() as connection:
            statement = insert(schema.releases).values(assignment=assignment, **values)
            connection.execute(statement.on_conflict_do_update(["assignment"], set_=values))
            _note(connection, by, "release", assignment=assignment, before=before, after=release)

    # the audit trail -------------------------------------------------------------------------------

    def audit(
        self,
        who: str,
        what: str,
        *,
        assignment: str = "",
        student: str = "",
        question: str = "",
        before: object = None,
        after: object = None,
        reason: str = "",
        address: str = "",
    ) -> None:
        """Adds a line to the trail, which nothing changes later. `before` and `after` become text."""
        with self.writing() as connection:
            _note(
                connection,
                who,
                what,
                assignment=assignment,
                student=student,
                question=question,
                before=before,
                after=after,
                reason=reason,
                address=address,
            )

    def trail(self, *, before: int | None = None, limit: int = 100, **like: str) -> Sequence[Entry]:
        """Lines of the trail, newest first, with number below `before`; `like` narrows columns to a value."""
        table = schema.audit
        query = select(table).order_by(table.c.number.desc()).limit(limit)
        for column, value in like.items():
            query = query.where(table.c[column] == value)
        if before is not None:
            query = query.where(table.c.number < before)
        with self.reading() as connection:
            return [Entry(*row) for row in connection.execute(query)]


def problem_of(assignment: str) -> str:
    """The key under which the grading process says why it does not grade an assignment at the moment."""
    return f"problem: {assignment}"


def next_revision(connection: Connection) -> int:
    """A number above all given before, for a row that changes in this transaction."""
    found: int = connection.exec_driver_sql(
        "UPDATE about SET value = value + 1 WHERE key = 'revision' RETURNING CAST(value AS INTEGER)"
    ).scalar_one()
    return found


def _version(connection: Connection) -> int:
    found: int = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    return found


def _note(connection: Connection, who: str, what: str, **values: object) -> None:
    for side in ("before", "after"):
        if (value := values.get(side)) is not None and not isinstance(value, str):
            values[side] = json.dumps(value, default=_plain)
    connection.execute(insert(schema.audit).values(time=time.time(), who=who, what=what, **values))


def _plain(value: Any) -> Mapping[str, object]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def _prepare(connection: Any, _: object) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
