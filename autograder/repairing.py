"""Repair after the deadline: which marks a changed test would move, and how to take a run back."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from autograder.context import Context
from autograder.course import Course
from autograder.errors import GraderFault, UsageError
from autograder.grading import ClassRun, Graded
from autograder.history import History, Run
from autograder.moves import Move, moves
from autograder.projecting import manual_scores
from autograder.result import DamagedResult, Result
from autograder.runtime.servers import Servers
from autograder.scratch import remove_tree, scratch_folder
from autograder.verifying import require_verified


@dataclass(frozen=True, slots=True)
class Preview:
    """What `grade` would do, had it been run.

    `by_hand` has the moves of marks that humans overrode: their totals stay. `new` are students that have no
    marks yet. `in_the_way` says why `grade` would refuse.
    """

    assignment: str
    moves: tuple[Move, ...]
    by_hand: tuple[Move, ...]
    new: tuple[str, ...]
    unchanged: int
    in_the_way: tuple[str, ...]


def preview(
    context: Context,
    students: tuple[str, ...] = (),
    *,
    force: bool = False,
    jobs: int | None = None,
    unverified: bool = False,
    servers: Servers | None = None,
    on_start: Callable[[int], None] = lambda total: None,
    on_graded: Callable[[Graded], None] = lambda graded: None,
) -> Preview:
    """Grades what would be graded, writes no mark, and tells what would be different.

    Raises GraderFault where the assignment does not verify.
    """
    run = ClassRun(context, force, jobs, dry=True)
    names = run.students(students)
    todo = [student for student in names if run.unchanged(student) is None]
    on_start(len(todo))
    found: list[Move] = []
    new: list[str] = []
    with contextlib.ExitStack() as stack:
        if todo:
            warm = servers or stack.enter_context(context.servers())
            if not unverified:
                require_verified(context, warm, run.jobs)
            for graded in run.graded(todo, warm, stack.enter_context(scratch_folder())):
                before = _before(context, graded.result.student)
                if before is None:
                    new.append(graded.result.student)
                else:
                    found += moves(before, graded.result)
                on_graded(graded)
    given = manual_scores(context.course, context.assignment.name)
    found.sort(key=lambda move: move.student)
    return Preview(
        context.assignment.name,
        tuple(move for move in found if (move.student, move.test) not in given),
        tuple(move for move in found if (move.student, move.test) in given),
        tuple(sorted(new)),
        len(names) - len(todo),
        tuple(_in_the_way(context, given)),
    )


def _before(context: Context, student: str) -> Result | None:
    with contextlib.suppress(DamagedResult):
        return Result.read(context.course.result_path(context.assignment.name, student))
    return None


def _in_the_way(context: Context, given: dict[tuple[str, str], float]) -> Iterator[str]:
    graded = {
        f"{notebook.name}/{cell.id}"
        for notebook in context.assignment.notebooks
        for cell in notebook.anchors
        if cell.role.is_graded
    }
    for path in sorted({path for _, path in given} - graded):
        students = ", ".join(sorted(student for student, cell in given if cell == path))
        yield f"{path} was taken out, but has marks by hand ({students}): take these back in formgrader first"


# Undoing ----------------------------------------------------------------------------------------

# what people and other assignments have in a gradebook: nothing of it may be lost
_KEPT = (
    "SELECT 'mark', a.name, s.student_id, c.name, g.manual_score, g.extra_credit FROM grade g "
    "JOIN base_cell c ON c.id = g.cell_id JOIN submitted_notebook n ON n.id = g.notebook_id "
    "JOIN submitted_assignment s ON s.id = n.assignment_id JOIN assignment a ON a.id = s.assignment_id "
    "WHERE g.manual_score IS NOT NULL OR g.extra_credit IS NOT NULL",
    "SELECT 'comment', a.name, s.student_id, c.name, m.manual_comment, NULL FROM comment m "
    "JOIN base_cell c ON c.id = m.cell_id JOIN submitted_notebook n ON n.id = m.notebook_id "
    "JOIN submitted_assignment s ON s.id = n.assignment_id JOIN assignment a ON a.id = s.assignment_id "
    "WHERE m.manual_comment IS NOT NULL",
    "SELECT 'extension', a.name, s.student_id, '', s.extension, NULL FROM submitted_assignment s "
    "JOIN assignment a ON a.id = s.assignment_id WHERE s.extension IS NOT NULL",
    "SELECT 'roster', '', id, first_name, last_name, email FROM student "
    "WHERE first_name IS NOT NULL OR last_name IS NOT NULL OR email IS NOT NULL",
    "SELECT 'due date', name, '', '', duedate, NULL FROM assignment",
)
_OTHERS = (
    "SELECT 'mark', a.name, s.student_id, c.name, g.auto_score, NULL FROM grade g "
    "JOIN base_cell c ON c.id = g.cell_id JOIN submitted_notebook n ON n.id = g.notebook_id "
    "JOIN submitted_assignment s ON s.id = n.assignment_id JOIN assignment a ON a.id = s.assignment_id "
    "WHERE a.name != ?"
)


def undo(course: Course, assignment: str) -> Run:
    """Takes the last run back that replaced results: results, notebooks, and the gradebook from its backup.

    Returns that run. Killed at any moment, it is finished by the same call. Raises UsageError if there is
    nothing to undo, or if the gradebook holds what its backup does not, such as a mark that was given since.
    """
    history = History(course, course.require_assignment(assignment))
    run = history.last()
    if run is None:
        raise UsageError(f"{assignment}: no run has replaced any result, so there is nothing to undo")
    backup = run.backup
    if backup is None or not backup.is_file():
        raise UsageError(
            f"the gradebook's copy from before the run of {run.time:%F %T} UTC is gone: {backup}"
        )
    _require_no_loss(course.gradebook, backup, assignment)
    run.note_moves(history.moves(run))
    for student in run.students:
        _put_back(course, assignment, run, student)
    with (
        closing(sqlite3.connect(backup)) as source,
        closing(sqlite3.connect(course.gradebook, timeout=60)) as target,
    ):
        source.backup(target)
    run.close_as_undone()
    return run


def _put_back(course: Course, assignment: str, run: Run, student: str) -> None:
    folder, notebooks = course.autograded(student, assignment), run.notebooks_of(student)
    if notebooks.is_dir():
        remove_tree(folder)
        notebooks.rename(folder)
    run.put_result_back(student, course.result_path(assignment, student))


def _require_no_loss(gradebook: Path, backup: Path, assignment: str) -> None:
    try:
        lost = sorted(_facts(gradebook, assignment) - _facts(backup, assignment), key=repr)
    except sqlite3.DatabaseError as error:
        raise GraderFault(f"{gradebook}: cannot be read ({error}); nothing was undone") from None
    if lost:
        kind, name, student, cell, *_ = lost[0]
        what = " of ".join(str(part) for part in (kind, cell, student, name) if part)
        more = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
        raise UsageError(
            f"undoing would lose what came into the gradebook since ({what}{more}); put the old source back "
            "and run `autograder grade` instead: marks by hand stay then"
        )


def _facts(database: Path, assignment: str) -> set[tuple[object, ...]]:
    with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        rows = [row for query in _KEPT for row in connection.execute(query)]
        return {*rows, *connection.execute(_OTHERS, (assignment,))}
