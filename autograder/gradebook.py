"""The projection of results into nbgrader's database.

gradebook.db can be made again from the results at any time, but for what humans put there:
manual scores, extra credit, comments, flags, the roster and extensions, which are never touched;
`extend` alone replaces an extension, when it is told to.
nbgrader's own tables are used, without its Gradebook class: that one commits row by row, and its
queries scan the whole of `grade`, which has no index on notebook_id.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from autograder.assignment import Assignment
from autograder.database import Claim, Writer, database_at
from autograder.errors import UsageError
from autograder.registering import Registered, read_registered, register
from autograder.result import NotebookResult, Outcome, Result, Status
from autograder.source import Role, SourceNotebook
from autograder.submissionrows import SubmissionRows, hold, read, save

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NO_RESPONSE = "No response."


class LatePenalty(Protocol):
    """nbgrader's plugin interface: points to take off, or None."""

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None: ...


@dataclass(frozen=True, slots=True)
class Extended:
    """Whose extension changed in the gradebook, and who had one there that a human gave.

    `has_duedate` is False where the assignment is there without one, and so nothing could be extended.
    """

    students: tuple[str, ...] = ()
    by_hand: Mapping[str, timedelta] = field(default_factory=dict)
    has_duedate: bool = True


@dataclass(frozen=True, slots=True)
class Submitted:
    """A submission's result, and its time: naive UTC, exactly that of timestamp.txt.

    `extension` counts where nobody has given another one.
    """

    result: Result
    timestamp: datetime | None
    extension: timedelta | None = None


class Projection:
    """Writes assignments and results into the database at `db_url`.

    The database is copied to the folder `backups`, where that is given, before the first write.
    `on_backup` is told where the copy is. The late penalty is that of nbgrader's default plugin (none)
    where no other is given.
    """

    def __init__(
        self,
        db_url: str,
        backups: Path | None = None,
        late_penalty: LatePenalty | None = None,
        on_backup: Callable[[Path], None] = lambda copy: None,
    ) -> None:
        self._late_penalty = late_penalty
        self._writer = Writer(database_at(db_url, backups), on_backup)
        self._registered: dict[str, Registered] = {}

    def __enter__(self) -> Projection:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._writer.close()

    def register(self, assignment: Assignment, duedate: datetime | None = None) -> None:
        """Write the rows that `nbgrader generate_assignment` writes; change nothing that stands already.

        `duedate` is naive UTC; None leaves the date alone. A cell that was taken away goes with its automatic
        marks, which results keep. Raises UsageError where a mark or comment by hand, or the marks of a whole
        notebook, would be lost.
        """
        self._writer.write(lambda session: register(session, assignment, duedate), Claim(assignment.name))
        self._registered.pop(assignment.name, None)

    def refusal(self, assignment: Assignment) -> str:
        """Why `register` would refuse the assignment as it is now, or nothing. Changes nothing."""
        try:
            with self._writer.tried() as session:
                register(session, assignment, None)
        except UsageError as error:
            return str(error)
        return ""

    def project(
        self,
        result: Result,
        assignment: Assignment,
        timestamp: datetime | None,
        extension: timedelta | None = None,
    ) -> None:
        """Write the marks of one submission, see `Submitted`, in one transaction.

        Raises UsageError if the assignment was not registered as it is now.
        """
        self.project_all(assignment, [Submitted(result, timestamp, extension)])

    def project_all(self, assignment: Assignment, those: Sequence[Submitted]) -> None:
        """Write the marks of these submissions, each of another student, in one transaction.

        Where they cannot be written together each is written by itself, so that one stops no other. Raises
        as `project`, when the others are written.
        """
        if len(those) > 1:
            with suppress(UsageError):
                return self._project_together(assignment, those)
        refused: UsageError | None = None
        for each in those:
            try:
                self._project_together(assignment, [each])
            except UsageError as error:
                refused = error
        if refused is not None:
            raise refused

    def _project_together(self, assignment: Assignment, those: Sequence[Submitted]) -> None:
        by_student = {each.result.student: each for each in those}

        def write(session: Session) -> None:
            # kept only where all went well: another grader may have registered the assignment again
            registered = self._registered.pop(assignment.name, None)
            registered = registered or read_registered(session, assignment.name)
            _require_registered(assignment, registered)
            connection = session.connection()
            parts = [registered.notebooks[notebook.name] for notebook in assignment.notebooks]
            found = read(connection, registered.id, parts, list(by_student))
            for table, cells in (("grade", registered.graded), ("comment", registered.commented)):
                held = [cell for of in cells.values() for cell in of.values()]
                hold(connection, table, held, found.values())
            for student, rows in found.items():
                self._project_submission(rows, registered, assignment, by_student[student])
            save(connection, list(found.values()), self._writer.insert)
            self._registered[assignment.name] = registered

        # in one order, so that two who write the same submissions do not wait for each other
        claims = (claim_of(assignment.name, student) for student in sorted(by_student))
        self._writer.write(write, Claim(assignment.name, shared=True), *claims)

    def _project_submission(
        self, rows: SubmissionRows, registered: Registered, assignment: Assignment, given: Submitted
    ) -> None:
        rows.timestamp = given.timestamp
        # without a due date nbgrader's own reckoning would fail on an extension
        if rows.extension is None and given.extension is not None and rows.duedate is not None:
            rows.extension = given.extension
        for notebook in assignment.notebooks:
            part = given.result.notebook(notebook.name) or _without_notebooks(given.result, notebook.name)
            self._project_notebook(rows, registered, notebook, part)

    def extend(
        self, assignment: str, wanted: Mapping[str, timedelta | None], before: Mapping[str, timedelta]
    ) -> Extended:
        """Give these students of the assignment these extensions, or take back those of `before`.

        Only where there is a submission already; `project` does it for those that come.
        """
        from nbgrader.api import Assignment as AssignmentRow
        from nbgrader.api import SubmittedAssignment
        from sqlalchemy import select

        def write(session: Session) -> Extended:
            row = session.scalar(select(AssignmentRow).filter_by(name=assignment))
            if row is None or row.duedate is None:
                return Extended(has_duedate=row is None)
            submissions = session.scalars(select(SubmittedAssignment).filter_by(assignment_id=row.id))
            by_hand: dict[str, timedelta] = {}
            done = []
            for submission in submissions:
                student, old = submission.student_id, submission.extension
                if student not in wanted or old == wanted[student]:
                    continue
                if old is not None and old != before.get(student):
                    by_hand[student] = old
                    if wanted[student] is None:  # not ours to take back
                        continue
                submission.extension = wanted[student]
                done.append(student)
            return Extended(tuple(sorted(done)), by_hand)

        return self._writer.write(write, Claim(assignment))

    def _project_notebook(
        self, rows: SubmissionRows, registered: Registered, source: SourceNotebook, part: NotebookResult
    ) -> None:
        notebook = registered.notebooks[source.name]
        submitted = rows.notebook(notebook)
        score = _write_grades(rows, submitted, registered.graded[source.name], _marks(source, part))
        commented = registered.commented[source.name]
        for grade_id, comment in _comments(source, part).items():
            rows.set("comment", submitted, commented[grade_id], {"auto_comment": comment})
        late = 0.0 if part.status is Status.MISSING else rows.seconds_late
        plugin = self._late_penalty or _default_late_penalty()
        rows.set_penalty(notebook, penalty_of(plugin, rows.student, late, score))


def claim_of(assignment: str, student: str) -> Claim:
    """What whoever writes marks of one submission has to claim."""
    return Claim(f"{assignment}/{student}")


def penalty_of(plugin: LatePenalty, student: str, seconds_late: float, score: float) -> float | None:
    """What the plugin takes off a notebook of a submission, as nbgrader bounds it."""
    if seconds_late <= 0:
        return None
    penalty = plugin.late_submission_penalty(student, score, seconds_late)
    return None if penalty is None else min(max(0.0, penalty), score)


@cache
def _default_late_penalty() -> LatePenalty:
    from nbgrader.plugins import LateSubmissionPlugin

    plugin: LatePenalty = LateSubmissionPlugin()
    return plugin


def _require_registered(assignment: Assignment, registered: Registered) -> None:
    for notebook in assignment.notebooks:
        graded = {cell.id for cell in notebook.anchors if cell.role.is_graded}
        if graded != registered.graded.get(notebook.name, {}).keys():
            raise UsageError(
                f"{notebook.name}.ipynb is not in the gradebook as it is now; "
                f"run `autograder generate {assignment.name}`"
            )


def _without_notebooks(result: Result, name: str) -> NotebookResult:
    """What a result says of a notebook that it does not name: as the whole submission, or missing."""
    status = Status.MISSING if result.status is Status.GRADED else result.status
    return NotebookResult(name, status)


@dataclass(frozen=True, slots=True)
class _Mark:
    """What the grader says about one graded cell. `by_human` is for tasks, which only humans mark."""

    auto_score: float | None
    closed: bool = False
    by_human: bool = False

    def needs_manual_grade(self, manual_score: float | None, before: bool) -> bool:
        """As nbgrader decides it: open without an automatic score, and again where a human had one."""
        if self.closed:
            return False
        if self.by_human and manual_score is not None:
            return before
        return self.auto_score is None or manual_score is not None


def _marks(source: SourceNotebook, part: NotebookResult) -> dict[str, _Mark]:
    graded = [cell for cell in source.anchors if cell.role.is_graded]
    if part.status is Status.MISSING:
        return {cell.id: _Mark(0.0, closed=True) for cell in graded}
    marks = {cell.id: _Mark(None, by_human=cell.role is Role.TASK) for cell in graded}
    if part.status is Status.GRADED:
        tests = (test for test in part.tests if test.outcome is not Outcome.FAULT)
        marks |= {test.id: _Mark(test.points) for test in tests if test.id in marks}
        unanswered = {cell.id for cell in part.cells if not cell.changed}
        marks |= {
            cell.id: _Mark(0.0) for cell in graded if cell.role is Role.MANUAL and cell.id in unanswered
        }
    return marks


def _comments(source: SourceNotebook, part: NotebookResult) -> dict[str, str | None]:
    commented = [cell for cell in source.anchors if cell.role.is_answer or cell.role is Role.TASK]
    comments: dict[str, str | None] = dict.fromkeys(cell.id for cell in commented)
    if part.status is Status.GRADED:
        unanswered = {cell.id for cell in part.cells if not cell.changed}
        comments |= {
            cell.id: NO_RESPONSE for cell in commented if cell.role.is_answer and cell.id in unanswered
        }
    return comments


def _write_grades(
    rows: SubmissionRows, submitted: str, cell_ids: Mapping[str, str], marks: Mapping[str, _Mark]
) -> float:
    """Write what differs; the score of the notebook as nbgrader adds it up, extra credit included."""
    score = 0.0
    for grade_id, mark in marks.items():
        row = rows.standing("grade", submitted, cell_ids[grade_id]) or _NEW_GRADE
        needs = mark.needs_manual_grade(row["manual_score"], before=row["needs_manual_grade"])
        values = {"auto_score": mark.auto_score, "needs_manual_grade": needs}
        rows.set("grade", submitted, cell_ids[grade_id], values)
        points = mark.auto_score if row["manual_score"] is None else row["manual_score"]
        score += 0.0 if points is None else points + (row["extra_credit"] or 0.0)
    return score


_NEW_GRADE: Mapping[str, Any] = {"manual_score": None, "extra_credit": None, "needs_manual_grade": True}
