"""Marks on their way into the gradebook: each result once, and again where the gradebook lost it."""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from autograder.allowances import Allowances
from autograder.context import Context
from autograder.course import Course
from autograder.errors import AutograderError, cannot_write
from autograder.gradebook import Projection, Submitted
from autograder.result import Result

# a transaction for several submissions: most of its time goes into statements, and into the disk
MOST_WAITING = 25
WAIT_SECONDS = 0.5
PROJECTED = "projected"  # beside a result: that the gradebook has it

# what the gradebook holds of the grader's making, and what lateness depends on, in one line a student;
# the sum in millionths, since the order of adding is not always the same
_STATES = """
SELECT s.student_id, s.timestamp, s.extension, a.duedate,
  count(g.id), count(g.auto_score), round(1e6 * coalesce(sum(g.auto_score), 0))
FROM assignment a JOIN submitted_assignment s ON s.assignment_id = a.id
LEFT JOIN submitted_notebook n ON n.assignment_id = s.id LEFT JOIN grade g ON g.notebook_id = n.id
WHERE a.name = :assignment GROUP BY s.id, a.duedate
"""


class Marks:
    """The gradebook of a run, opened when the first mark has to be written. To be closed."""

    def __init__(self, context: Context, on_backup: Callable[[Path], None] = lambda copy: None) -> None:
        self._context = context
        self._on_backup = on_backup
        self._extensions = Allowances.read(context.course).extensions(context.assignment.name)
        self._projected = ProjectedMarks(context.course, context.assignment.name)
        self._waiting: dict[str, Submitted] = {}  # by student
        self._since = 0.0
        self._written: list[tuple[Result, datetime | None]] = []
        self._open = contextlib.ExitStack()
        self._projection: Projection | None = None

    def project(self, result: Result, timestamp: datetime | None) -> None:
        """Has the marks of a submission written, unless they stand there already, with those of others.

        They are written when enough of them wait, or one comes after half a second, or by `flush`. Raises
        GraderFault, also for those that waited.
        """
        if self._projected.has(result, timestamp):
            return
        self.open()
        if result.student in self._waiting:
            self.flush()
        if not self._waiting:
            self._since = time.monotonic()
        extension = self._extensions.get(result.student)
        self._waiting[result.student] = Submitted(result, timestamp, extension)
        if len(self._waiting) >= MOST_WAITING or time.monotonic() - self._since > WAIT_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Writes the marks that wait. Raises GraderFault."""
        those, self._waiting = list(self._waiting.values()), {}
        if not those:
            return
        assert self._projection is not None
        try:
            self._projection.project_all(self._context.assignment, those)
        except OSError as error:
            raise cannot_write(error, self._context.course.database) from None
        self._written += [(each.result, each.timestamp) for each in those]

    def open(self) -> None:
        """Copies the gradebook and brings it in line with the assignment, if that was not done yet.

        Raises UsageError where something that people gave would be lost, and GraderFault.
        """
        if self._projection is not None:
            return
        course = self._context.course
        try:
            projection = Projection(course.db_url, course.backups, on_backup=self._on_backup)
            self._projection = self._open.enter_context(projection)
            self._projection.register(self._context.assignment)
        except OSError as error:
            raise cannot_write(error, course.database) from None

    def close(self) -> None:
        """Raises GraderFault where what waits cannot be written."""
        try:
            self.flush()
        finally:
            self._open.close()
            self._projected.remember(self._written)


class ProjectedMarks:
    """Remembers which results stand in the gradebook already, so that an unchanged rerun is cheap.

    It asks the gradebook itself as well: that may be gone, or an older one may have been put back.
    """

    def __init__(self, course: Course, assignment: str) -> None:
        self._course = course
        self._assignment = assignment
        self._states = self._read_states()

    def has(self, result: Result, timestamp: datetime | None) -> bool:
        state = self._states.get(result.student)
        with contextlib.suppress(OSError):
            written = self._course.result_path(self._assignment, result.student).read_bytes()
            known = self._marker(result).read_text()
            return state is not None and known == _digest(written, timestamp, state)
        return False

    def remember(self, written: list[tuple[Result, datetime | None]]) -> None:
        """To be called when these were written and the gradebook is closed."""
        if not written:
            return
        self._states = self._read_states()
        for result, timestamp in written:
            # without the marker the next run writes the same marks again, which does no harm
            with contextlib.suppress(OSError):
                state = self._states.get(result.student, "")
                # of what was projected: another grader may have written another result meanwhile
                self._marker(result).write_text(_digest(result.to_json().encode(), timestamp, state))

    def _read_states(self) -> dict[str, str]:
        with contextlib.suppress(AutograderError):
            rows = self._course.database.rows(_STATES, assignment=self._assignment)
            return {student: repr(values) for student, *values in rows}
        return {}

    def _marker(self, result: Result) -> Path:
        return self._course.result_path(self._assignment, result.student).with_name(PROJECTED)


def _digest(written: bytes, timestamp: datetime | None, state: str) -> str:
    return hashlib.sha256(written + f"\n{timestamp}\n{state}".encode()).hexdigest()


_SCORES = """
SELECT s.student_id, b.name || '/' || c.name, g.{column}
FROM assignment a JOIN submitted_assignment s ON s.assignment_id = a.id
JOIN submitted_notebook n ON n.assignment_id = s.id JOIN notebook b ON b.id = n.notebook_id
JOIN grade g ON g.notebook_id = n.id JOIN base_cell c ON c.id = g.cell_id
WHERE a.name = :assignment AND g.{column} IS NOT NULL
"""


def manual_scores(course: Course, assignment: str) -> dict[tuple[str, str], float]:
    """What humans gave in place of the automatic points, by student and "notebook/cell".

    Raises GraderFault or UsageError if the gradebook cannot be read.
    """
    return _scores(course, assignment, "manual_score")


def automatic_scores(course: Course, assignment: str) -> dict[tuple[str, str], float]:
    """What the gradebook has of a grader's making, ours or another one's; as `manual_scores`."""
    return _scores(course, assignment, "auto_score")


def _scores(course: Course, assignment: str, column: str) -> dict[tuple[str, str], float]:
    rows = course.database.rows(_SCORES.format(column=column), assignment=assignment)
    return {(who, cell): score for who, cell, score in rows}


def roster_of(course: Course) -> set[str]:
    """Ids of the students in the gradebook, where there is one. Raises as `manual_scores`."""
    return {student for (student,) in course.database.rows("SELECT id FROM student")}
