"""What staff asked of the grading process: regrade, preview, write feedback. Kept until it is done.

A job that was under way when the process died is taken again, so whatever carries one out has to bear that.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.sqlite import insert

from autograder.web import schema
from autograder.web.store import Store, next_revision

_TABLE = schema.jobs


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"

    @property
    def is_over(self) -> bool:
        return self in (JobState.DONE, JobState.FAILED)


@dataclass(frozen=True, slots=True)
class Job:
    """One of them. `done` of `total` tell how far it is; `answer` is what it found, `note` why it failed."""

    number: int
    kind: str
    assignment: str
    options: Mapping[str, Any]
    by: str
    state: JobState
    added: float
    started: float | None
    ended: float | None
    done: int
    total: int
    note: str
    answer: Any
    revision: int


class Jobs:
    """The queue of a store, first come, first served."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, kind: str, assignment: str, by: str, **options: Any) -> int:
        """The number of the new job. `options` become JSON."""
        with self._store.writing() as connection:
            return int(
                connection.execute(
                    insert(_TABLE)
                    .values(
                        kind=kind,
                        assignment=assignment,
                        options=json.dumps(options),
                        by=by,
                        state=str(JobState.WAITING),
                        added=time.time(),
                        revision=next_revision(connection),
                    )
                    .returning(_TABLE.c.number)
                ).scalar_one()
            )

    def get(self, number: int) -> Job | None:
        with self._store.reading() as connection:
            row = connection.execute(select(_TABLE).where(_TABLE.c.number == number)).first()
        return None if row is None else _job(row)

    def of(self, assignment: str, limit: int = 20) -> list[Job]:
        """Those of an assignment, newest first."""
        query = select(_TABLE).where(_TABLE.c.assignment == assignment)
        with self._store.reading() as connection:
            rows = connection.execute(query.order_by(_TABLE.c.number.desc()).limit(limit))
            return [_job(row) for row in rows]

    def take(self) -> Job | None:
        """The next job, now running; those that a dead process had come first. For one process at a time."""
        open_states = [str(JobState.RUNNING), str(JobState.WAITING)]
        with self._store.writing() as connection:
            row = connection.execute(
                select(_TABLE).where(_TABLE.c.state.in_(open_states)).order_by(_TABLE.c.number).limit(1)
            ).first()
            if row is None:
                return None
            self._change(connection, row.number, state=str(JobState.RUNNING), started=time.time(), done=0)
        return _job(row)

    def progress(self, job: Job, done: int, total: int) -> None:
        with self._store.writing() as connection:
            self._change(connection, job.number, done=done, total=total)

    def end(self, job: Job, answer: object = None, failed: str = "") -> None:
        """It is over: with an answer, or with the reason why not."""
        state = JobState.FAILED if failed else JobState.DONE
        with self._store.writing() as connection:
            self._change(
                connection,
                job.number,
                state=str(state),
                ended=time.time(),
                note=failed,
                answer=json.dumps(answer),
            )

    def _change(self, connection: Any, number: int, **values: object) -> None:
        connection.execute(
            update(_TABLE)
            .where(_TABLE.c.number == number)
            .values(**values, revision=next_revision(connection))
        )


def _job(row: Any) -> Job:
    values = dict(row._mapping)
    values["options"] = json.loads(values["options"])
    values["answer"] = json.loads(values["answer"]) if values["answer"] else None
    return Job(**{**values, "state": JobState(values["state"])})
