"""The rows of nbgrader's database that describe an assignment: notebooks, cells and their points."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from autograder.assignment import Assignment
from autograder.errors import UsageError, some_of
from autograder.source import Role, SourceCell, SourceNotebook, database_text

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Registered:
    """Ids in the database: notebooks by name; by notebook, the cells with a grade, those with a comment."""

    id: str
    notebooks: Mapping[str, str]
    graded: Mapping[str, Mapping[str, str]]
    commented: Mapping[str, Mapping[str, str]]


def read_registered(session: Session, name: str) -> Registered:
    """What the database knows of the assignment. Raises UsageError if that is nothing."""
    from nbgrader.api import Assignment as AssignmentRow

    row = session.query(AssignmentRow).filter_by(name=name).one_or_none()
    if row is None:
        raise UsageError(f"assignment {name!r} is not in the gradebook; run `autograder generate {name}`")
    return Registered(
        id=row.id,
        notebooks={notebook.name: notebook.id for notebook in row.notebooks},
        graded={
            notebook.name: {cell.name: cell.id for cell in (*notebook.grade_cells, *notebook.task_cells)}
            for notebook in row.notebooks
        },
        commented={
            notebook.name: {cell.name: cell.id for cell in (*notebook.solution_cells, *notebook.task_cells)}
            for notebook in row.notebooks
        },
    )


def register(session: Session, assignment: Assignment, duedate: datetime | None) -> None:
    """Bring the rows in line with the assignment. Raises UsageError if marks would be lost by that."""
    from nbgrader.api import Assignment as AssignmentRow
    from nbgrader.api import Course, Notebook, SubmittedAssignment

    row = session.query(AssignmentRow).filter_by(name=assignment.name).one_or_none()
    if row is None:
        # The course id that nbgrader itself uses in a course without one. It leaves out the row of that
        # course, which PostgreSQL insists on.
        if session.get(Course, "") is None:
            session.add(Course(id=""))
        row = AssignmentRow(name=assignment.name, course_id="")
        session.add(row)
        session.flush()
    if duedate is not None and row.duedate != duedate:
        row.duedate = duedate
    submissions = session.query(SubmittedAssignment).filter_by(assignment_id=row.id).count()
    known = {notebook.name: notebook for notebook in row.notebooks}
    for name in known.keys() - {notebook.name for notebook in assignment.notebooks}:
        if submissions:
            raise UsageError(
                f"notebook {name!r} was taken out of {assignment.name!r}, but the gradebook holds "
                f"{submissions} submission(s) with marks for it; put it back, or start a new assignment"
            )
        _delete_notebook(session, known[name])
    for notebook in assignment.notebooks:
        notebook_row = known.get(notebook.name)
        if notebook_row is None:
            notebook_row = Notebook(name=notebook.name, assignment_id=row.id)
            session.add(notebook_row)
            session.flush()
        kernelspec = json.dumps(dict(notebook.kernelspec))
        if notebook_row.kernelspec != kernelspec:
            notebook_row.kernelspec = kernelspec
        _register_cells(session, notebook_row, notebook)


def _register_cells(session: Session, row: Any, notebook: SourceNotebook) -> None:
    from nbgrader import api

    kinds = (
        (api.GradeCell, row.grade_cells, _grade_cells(notebook)),
        (api.SolutionCell, row.solution_cells, _solution_cells(notebook)),
        (api.TaskCell, row.task_cells, _task_cells(notebook)),
        (api.SourceCell, row.source_cells, _source_cells(notebook)),
    )
    gone = [cell for _, existing, wanted in kinds for cell in existing if cell.name not in wanted]
    _take_out(session, gone, notebook.name)
    for kind, existing, wanted in kinds:
        rows = {cell.name: cell for cell in existing if cell not in gone}
        for name, values in wanted.items():
            if name not in rows:
                session.add(kind(name=name, notebook_id=row.id, **values))
                continue
            for key, value in values.items():
                if getattr(rows[name], key) != value:
                    setattr(rows[name], key, value)


_Rows = dict[str, dict[str, Any]]


def _grade_cells(notebook: SourceNotebook) -> _Rows:
    roles = (Role.TEST, Role.MANUAL)
    return {cell.id: _graded(cell) for cell in notebook.anchors if cell.role in roles}


def _task_cells(notebook: SourceNotebook) -> _Rows:
    return {cell.id: _graded(cell) for cell in notebook.anchors if cell.role is Role.TASK}


def _solution_cells(notebook: SourceNotebook) -> _Rows:
    return {cell.id: {} for cell in notebook.anchors if cell.role.is_answer}


def _source_cells(notebook: SourceNotebook) -> _Rows:
    return {
        cell.id: {
            "cell_type": cell.cell_type,
            "locked": not cell.role.is_answer,
            "source": database_text(cell),
            "checksum": cell.checksum,
        }
        for cell in notebook.anchors
    }


def _graded(cell: SourceCell) -> dict[str, Any]:
    return {"max_score": cell.points, "cell_type": cell.cell_type}


def _take_out(session: Session, cells: Sequence[Any], notebook: str) -> None:
    """Deletes cells with the automatic marks and comments for them. Raises UsageError where humans wrote."""
    from nbgrader.api import Comment, Grade, SourceCell

    for cell in cells:
        if not isinstance(cell, SourceCell):  # marks hang on the others
            for kind in (Grade, Comment):
                rows = session.query(kind).filter_by(cell_id=cell.id).all()
                if any(_by_hand(mark) for mark in rows):
                    _forbid_loss(f"cell {cell.name!r} of {notebook!r}", [m for m in rows if _by_hand(m)])
                for mark in rows:
                    session.delete(mark)
        session.delete(cell)
    session.flush()  # before cells of the same name come in


def _by_hand(mark: Any) -> bool:
    """Whether a grade or comment holds what a human gave."""
    given = (getattr(mark, name, None) for name in ("manual_score", "extra_credit", "manual_comment"))
    return any(value not in (None, "") for value in given)


def _forbid_loss(what: str, marks: Sequence[Any]) -> None:
    students = some_of(sorted({mark.notebook.assignment.student_id for mark in marks}))
    raise UsageError(
        f"{what} was taken out, but the gradebook holds marks or comments by hand for it ({students}); "
        "take these back in formgrader first, or put the cell back"
    )


def _delete_notebook(session: Session, row: Any) -> None:
    for cell in (*row.grade_cells, *row.solution_cells, *row.task_cells, *row.source_cells):
        session.delete(cell)
    session.flush()
    session.delete(row)
