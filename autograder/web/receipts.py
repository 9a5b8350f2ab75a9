"""What was handed in here and what became of it. A receipt is given once its files are on the disk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.sqlite import insert

from autograder.records import decode, encode
from autograder.web import schema
from autograder.web.store import Store, next_revision

_TABLE = schema.receipts


class State(StrEnum):
    """What became of an upload."""

    RECEIVED = "received"  # its files are safe
    KEPT = "kept"  # it is an attempt among the others, and waits for the grader
    GRADED = "graded"  # it is the attempt that counts, and has a result
    REPLACED = "replaced"  # another attempt counted by the time the grader came
    REFUSED = "refused"  # nothing in it could be taken; the note says why

    @property
    def is_over(self) -> bool:
        return self not in (State.RECEIVED, State.KEPT)


@dataclass(frozen=True, slots=True)
class File:
    """One file of an upload, under the name that the student gave it."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """One upload. `late` is in seconds after the student's due date, None where there is none."""

    number: int
    id: str
    student: str
    assignment: str
    seconds: float  # since 1970, when the last byte had come
    files: tuple[File, ...]
    late: float | None
    state: State
    attempt: int | None
    note: str
    revision: int

    @property
    def time(self) -> datetime:
        """In UTC, with its zone."""
        return datetime.fromtimestamp(self.seconds, UTC)

    @property
    def is_late(self) -> bool:
        return self.late is not None and self.late > 0


class Receipts:
    """The receipts of a store, which are the queue of the grader as well."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(
        self,
        receipt: str,
        student: str,
        assignment: str,
        at: float,
        files: Sequence[File],
        late: float | None,
    ) -> Receipt:
        """Accepts an upload whose files are on the disk. From here on it will be graded."""
        values = {
            "id": receipt,
            "student": student,
            "assignment": assignment,
            "time": at,
            "files": json.dumps([encode(file) for file in files]),
            "late": late,
            "state": str(State.RECEIVED),
            "note": "",
        }
        with self._store.writing() as connection:
            statement = insert(_TABLE).values(**values, revision=next_revision(connection)).returning(_TABLE)
            return _receipt(connection.execute(statement).one())

    def of(self, student: str, assignment: str | None = None) -> list[Receipt]:
        """Those of a student, newest first."""
        query = select(_TABLE).where(_TABLE.c.student == student).order_by(_TABLE.c.number.desc())
        if assignment is not None:
            query = query.where(_TABLE.c.assignment == assignment)
        return self._all(query)

    def last_of_each(self, student: str) -> dict[str, Receipt]:
        """The newest of a student's, by assignment."""
        newest = (
            select(func.max(_TABLE.c.number)).where(_TABLE.c.student == student).group_by(_TABLE.c.assignment)
        )
        return {
            each.assignment: each for each in self._all(select(_TABLE).where(_TABLE.c.number.in_(newest)))
        }

    def find(self, student: str, assignment: str, receipt: str) -> Receipt | None:
        """One of this student's, None where there is none or it is another's."""
        found = self._all(
            select(_TABLE).where(
                _TABLE.c.id == receipt, _TABLE.c.student == student, _TABLE.c.assignment == assignment
            )
        )
        return found[0] if found else None

    def count_since(self, student: str, assignment: str, since: float) -> int:
        """How many uploads a student made after that time."""
        query = select(func.count()).where(
            _TABLE.c.student == student, _TABLE.c.assignment == assignment, _TABLE.c.time > since
        )
        with self._store.reading() as connection:
            return int(connection.scalar(query) or 0)

    def students_before(self, receipt: Receipt) -> int:
        """How many others' submissions the grader takes first."""
        query = select(func.count(_TABLE.c.student.distinct())).where(
            _TABLE.c.state.in_((str(State.RECEIVED), str(State.KEPT))),
            _TABLE.c.number < receipt.number,
            _TABLE.c.student != receipt.student,
        )
        with self._store.reading() as connection:
            return int(connection.scalar(query) or 0)

    def waiting(self, assignment: str) -> int:
        """How many students' submissions of it are not graded yet."""
        query = select(func.count(_TABLE.c.student.distinct())).where(
            _TABLE.c.state.in_((str(State.RECEIVED), str(State.KEPT))), _TABLE.c.assignment == assignment
        )
        with self._store.reading() as connection:
            return int(connection.scalar(query) or 0)

    # for the grading process -------------------------------------------------------------------------

    def in_state(self, state: State, assignment: str | None = None) -> list[Receipt]:
        """The oldest first."""
        query = select(_TABLE).where(_TABLE.c.state == str(state)).order_by(_TABLE.c.number)
        if assignment is not None:
            query = query.where(_TABLE.c.assignment == assignment)
        return self._all(query)

    def keep(self, receipt: Receipt, attempt: int, note: str = "") -> None:
        """It is an attempt of that number now."""
        self._change([receipt.number], state=str(State.KEPT), attempt=attempt, note=note)

    def refuse(self, receipt: Receipt, note: str) -> None:
        self._change([receipt.number], state=str(State.REFUSED), note=note)

    def grade(self, student: str, assignment: str, counted: int | None) -> None:
        """A result stands for the attempt `counted` of a student; what else was kept is replaced by it."""
        which = (
            _TABLE.c.student == student,
            _TABLE.c.assignment == assignment,
            _TABLE.c.state == str(State.KEPT),
        )
        with self._store.writing() as connection:
            revision = next_revision(connection)
            connection.execute(
                update(_TABLE)
                .where(*which, _TABLE.c.attempt == counted)
                .values(state=str(State.GRADED), revision=revision)
            )
            connection.execute(
                update(_TABLE).where(*which).values(state=str(State.REPLACED), revision=revision)
            )

    def _all(self, query: Any) -> list[Receipt]:
        with self._store.reading() as connection:
            return [_receipt(row) for row in connection.execute(query)]

    def _change(self, numbers: Sequence[int], **values: object) -> None:
        with self._store.writing() as connection:
            _changed(connection, numbers, values)


def _changed(connection: Connection, numbers: Sequence[int], values: dict[str, object]) -> None:
    connection.execute(
        update(_TABLE)
        .where(_TABLE.c.number.in_(numbers))
        .values(**values, revision=next_revision(connection))
    )


def _receipt(row: Any) -> Receipt:
    files = tuple(decode(File, file) for file in json.loads(row.files))
    return Receipt(
        number=row.number,
        id=row.id,
        student=row.student,
        assignment=row.assignment,
        seconds=row.time,
        files=files,
        late=row.late,
        state=State(row.state),
        attempt=row.attempt,
        note=row.note,
        revision=row.revision,
    )
