"""The rows of submissions in nbgrader's database: read in few statements, and written where they differ.

SQLAlchemy's tables and not nbgrader's classes: a class of thousands is written, and most of its time would
go into objects. Statements are for several submissions at once, for most of the rest goes into these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from autograder.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import BindParameter, Connection, Select, Table

Insert = Callable[["Connection", "Table", Sequence[dict[str, Any]]], None]  # of rows with the same columns
_Row = dict[str, Any]
_Key = tuple[str, str]  # ids of a submitted notebook and of a cell


@dataclass(slots=True)
class SubmissionRows:
    """One submission as it stands, and as it is to be. What was not there yet has an id already."""

    assignment: str
    student: str
    duedate: datetime | None
    id: str
    timestamp: datetime | None
    extension: timedelta | None
    _was: _Row | None
    _has_student: bool
    _notebooks: dict[str, _Row] = field(default_factory=dict)  # by the id of the instructor's notebook
    _new: dict[str, list[_Row]] = field(default_factory=dict)  # by the name of the table
    _changed: dict[str, list[_Row]] = field(default_factory=dict)
    _marks: dict[str, dict[_Key, _Row]] = field(default_factory=dict)

    @property
    def seconds_late(self) -> float:
        """As nbgrader reckons it (nbgrader.api.SubmittedAssignment.total_seconds_late)."""
        if self.duedate is None or self.timestamp is None:
            return 0.0
        return max(0.0, (self.timestamp - self.duedate - (self.extension or timedelta())).total_seconds())

    def notebook(self, notebook: str) -> str:
        """The id of the submitted notebook, which is made where there is none."""
        if notebook not in self._notebooks:
            self._notebooks[notebook] = {"id": _new_id(), "penalty": None}
            made = {"id": self._notebooks[notebook]["id"], "notebook_id": notebook, "assignment_id": self.id}
            self._new.setdefault("submitted_notebook", []).append({**made, "flagged": False})
        found: str = self._notebooks[notebook]["id"]
        return found

    def set_penalty(self, notebook: str, penalty: float | None) -> None:
        row = self._notebooks[notebook]
        if row["penalty"] != penalty:
            self._changed.setdefault("submitted_notebook", []).append(
                {"row": row["id"], "late_submission_penalty": penalty}
            )

    def standing(self, table: str, submitted: str, cell: str) -> Mapping[str, Any] | None:
        """The row of a cell, of those that are held."""
        return self._marks[table].get((submitted, cell))

    def set(self, table: str, submitted: str, cell: str, values: Mapping[str, Any]) -> None:
        """Has the row of a cell hold these values."""
        row = self.standing(table, submitted, cell)
        if row is None:
            made = {"id": _new_id(), "notebook_id": submitted, "cell_id": cell, **values}
            self._new.setdefault(table, []).append(made)
        elif any(row[name] != value for name, value in values.items()):
            self._changed.setdefault(table, []).append({"row": row["id"], **values})

    def _close(self) -> None:
        """Notes what is new or different of the submission itself."""
        if not self._has_student:
            self._new["student"] = [{"id": self.student}]
        now = {"timestamp": self.timestamp, "extension": self.extension}
        if self._was is None:
            made = {"id": self.id, "assignment_id": self.assignment, "student_id": self.student, **now}
            self._new["submitted_assignment"] = [made]
        elif any(self._was[name] != value for name, value in now.items()):
            self._changed["submitted_assignment"] = [{"row": self.id, **now}]


def read(
    connection: Connection, assignment: str, notebooks: Sequence[str], students: Sequence[str]
) -> dict[str, SubmissionRows]:
    """The submissions of these students, by ids. Raises UsageError where the assignment is gone."""
    values = {"assignment": assignment, "students": list(students), "notebooks": list(notebooks)}
    found = connection.execute(_submissions(), values).mappings().all()
    if not found:
        raise UsageError(
            "the assignment was taken out of the gradebook meanwhile; run the same command again"
        )
    duedate = found[0]["duedate"]
    read: dict[str, SubmissionRows] = {}
    for row in found:
        if (student := row["student"]) is not None and student not in read:
            was = dict(row) if row["id"] is not None else None
            whole = (row["id"] or _new_id(), row["timestamp"], row["extension"], was)
            read[student] = SubmissionRows(assignment, student, duedate, *whole, True)
        if row["submitted"] is not None:
            read[student]._notebooks[row["notebook"]] = {"id": row["submitted"], "penalty": row["penalty"]}
    for student in students:
        if student not in read:
            read[student] = SubmissionRows(assignment, student, duedate, _new_id(), None, None, None, False)
    return read


def hold(connection: Connection, table: str, cells: Sequence[str], those: Iterable[SubmissionRows]) -> None:
    """Reads the rows of these cells in `grade` or `comment`, and keeps others from changing them."""
    owners: dict[str, dict[_Key, _Row]] = {}
    for rows in those:
        rows._marks[table] = {}
        if rows._was is not None:
            owners |= dict.fromkeys((part["id"] for part in rows._notebooks.values()), rows._marks[table])
    if owners:
        values = {"cells": list(cells), "notebooks": list(owners)}
        for row in connection.execute(_of_cells(table), values).mappings():
            owners[row["notebook_id"]][row["notebook_id"], row["cell_id"]] = dict(row)


def save(connection: Connection, those: Sequence[SubmissionRows], insert: Insert) -> None:
    """Writes what is new or different, those first that others hang on."""
    for rows in those:
        rows._close()
    for name in ("student", "submitted_assignment", "submitted_notebook", "grade", "comment"):
        if new := [row for rows in those for row in rows._new.get(name, ())]:
            insert(connection, _tables()[name], new)
        if changed := [row for rows in those for row in rows._changed.get(name, ())]:
            connection.execute(_update(name), changed)


def _new_id() -> str:
    from nbgrader.api import new_uuid

    made: str = new_uuid()
    return made


@cache
def _tables() -> Mapping[str, Table]:
    from nbgrader.api import Base

    tables: Mapping[str, Table] = Base.metadata.tables
    return tables


@cache
def _submissions() -> Select[Any]:
    """Lines for each student who is known, one a submitted notebook, and at least one line in all; each step
    has an index.
    """
    from sqlalchemy import and_, bindparam, select

    tables = _tables()
    assignment, student = tables["assignment"], tables["student"]
    whole, part = tables["submitted_assignment"], tables["submitted_notebook"]
    who: BindParameter[str] = bindparam("students", expanding=True)
    of_student = and_(whole.c.assignment_id == assignment.c.id, whole.c.student_id == student.c.id)
    wanted: BindParameter[str] = bindparam("notebooks", expanding=True)
    of_whole = and_(part.c.notebook_id.in_(wanted), part.c.assignment_id == whole.c.id)
    joined = assignment.outerjoin(student, student.c.id.in_(who))
    return (
        select(
            assignment.c.duedate,
            student.c.id.label("student"),
            *(whole.c.id, whole.c.timestamp, whole.c.extension),
            part.c.id.label("submitted"),
            part.c.notebook_id.label("notebook"),
            part.c.late_submission_penalty.label("penalty"),
        )
        .select_from(joined.outerjoin(whole, of_student).outerjoin(part, of_whole))
        .where(assignment.c.id == bindparam("assignment"))
    )


@cache
def _of_cells(name: str) -> Select[Any]:
    """Through UNIQUE(cell_id, notebook_id), the table's only index."""
    from sqlalchemy import bindparam, select

    table = _tables()[name]
    cells: BindParameter[str] = bindparam("cells", expanding=True)
    notebooks: BindParameter[str] = bindparam("notebooks", expanding=True)
    query = select(table).where(table.c.cell_id.in_(cells), table.c.notebook_id.in_(notebooks))
    return query.with_for_update()


@cache
def _update(name: str) -> Any:
    from sqlalchemy import bindparam

    table = _tables()[name]
    return table.update().where(table.c.id == bindparam("row"))
