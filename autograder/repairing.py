"""Repair after the deadline: which marks a changed test would move, and how to take a run back."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.context import Context
from autograder.course import Course
from autograder.database import Query, interval_of, time_of
from autograder.database.sqlite import SqliteFile
from autograder.errors import UsageError, cannot_write
from autograder.grading import ClassRun, Graded
from autograder.history import History, Run
from autograder.holding import is_faulty
from autograder.moves import Move, moves
from autograder.projecting import manual_scores
from autograder.result import Status, read_if_whole
from autograder.runtime.servers import Servers
from autograder.scratch import remove_tree


@dataclass(frozen=True, slots=True)
class Preview:
    """What `grade` would do, had it been run.

    `by_hand` has the moves of marks that humans overrode: their totals stay. `new` are students that have no
    marks yet. `in_the_way` says why `grade` would refuse, `faults` whom it could not grade.
    """

    assignment: str
    moves: tuple[Move, ...]
    by_hand: tuple[Move, ...]
    new: tuple[str, ...]
    unchanged: int
    in_the_way: tuple[str, ...]
    faults: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """That of `grade`: 4 with a fault, 2 where something is in the way."""
        return 4 if self.faults else 2 if self.in_the_way else 0


def preview(
    context: Context,
    students: tuple[str, ...] = (),
    *,
    force: bool = False,
    jobs: int | None = None,
    unverified: bool = False,
    servers: Servers | None = None,
    scheduler: str | None = None,
    on_start: Callable[[int], None] = lambda total: None,
    on_graded: Callable[[Graded], None] = lambda graded: None,
    on_note: Callable[[str], None] = lambda note: None,
) -> Preview:
    """Grades what would be graded, writes no mark, and tells what would be different.

    Raises GraderFault where the assignment does not verify.
    """
    run = ClassRun(context, force, jobs, dry=True, on_cluster=scheduler is not None)
    names = run.students(students)
    todo = [student for student in names if run.unchanged(student) is None]
    on_start(len(todo))
    found: list[Move] = []
    new: list[str] = []
    faults: list[str] = []
    if todo:
        with run.verified_crew(servers, unverified, scheduler, on_note) as crew:
            for graded in run.graded(todo, crew):
                student = graded.result.student
                before = read_if_whole(context.course.result_path(context.assignment.name, student))
                if before is None:
                    new.append(student)
                else:
                    found += moves(before, graded.result)
                faults += [student] if is_faulty(graded.result) else []
                on_graded(graded)
    given = manual_scores(context.course, context.assignment.name)
    found.sort(key=lambda move: move.student)
    return Preview(
        context.assignment.name,
        tuple(move for move in found if (move.student, move.test) not in given),
        tuple(move for move in found if (move.student, move.test) in given),
        tuple(sorted(new)),
        len(names) - len(todo),
        tuple(_in_the_way(context)),
        tuple(sorted(faults)),
    )


def _in_the_way(context: Context) -> Iterator[str]:
    from autograder.gradebook import Projection

    if context.course.database.exists():
        with Projection(context.course.db_url) as projection:
            if reason := projection.refusal(context.assignment):
                yield reason


# Undoing ----------------------------------------------------------------------------------------

# what people and other assignments have in a gradebook: nothing of it may be lost, and nothing come back
_OF_GRADES = (
    "FROM grade g JOIN base_cell c ON c.id = g.cell_id JOIN submitted_notebook n ON n.id = g.notebook_id "
    "JOIN notebook b ON b.id = n.notebook_id JOIN submitted_assignment s ON s.id = n.assignment_id "
    "JOIN assignment a ON a.id = s.assignment_id "
)
_BY_PEOPLE = (
    "SELECT 'mark', c.name, s.student_id, a.name, b.name, g.manual_score, g.extra_credit "
    f"{_OF_GRADES} WHERE g.manual_score IS NOT NULL OR g.extra_credit IS NOT NULL",
    "SELECT 'comment', c.name, s.student_id, a.name, b.name, g.manual_comment "
    f"{_OF_GRADES.replace('FROM grade', 'FROM comment')} WHERE g.manual_comment IS NOT NULL",
    "SELECT 'flag', b.name, s.student_id, a.name FROM submitted_notebook n "
    "JOIN notebook b ON b.id = n.notebook_id JOIN submitted_assignment s ON s.id = n.assignment_id "
    "JOIN assignment a ON a.id = s.assignment_id WHERE n.flagged",
    "SELECT 'extension', '', s.student_id, a.name, s.extension FROM submitted_assignment s "
    "JOIN assignment a ON a.id = s.assignment_id WHERE s.extension IS NOT NULL",
    "SELECT 'name', '', id, first_name, last_name, email, lms_user_id FROM student "
    "WHERE coalesce(first_name, last_name, email, lms_user_id) IS NOT NULL",
    "SELECT 'due date', name, '', duedate FROM assignment",
)
_OF_OTHERS = (
    "SELECT 'mark', c.name, s.student_id, a.name, b.name, g.auto_score "
    f"{_OF_GRADES} WHERE a.name != :assignment"
)
_TIMES = {"extension": interval_of, "due date": time_of}  # as the last column


def undo(course: Course, assignment: str) -> Run:
    """Takes the last run back that replaced results: the gradebook from its backup, results, notebooks.

    Returns that run. Killed at any moment, it is finished by the same call; the gradebook as it was is
    copied to the backups first. Students who were graded for the first time since have no marks in the
    gradebook until the next run. Raises UsageError if there is nothing to undo, if a grader is at work,
    or if people or other assignments have put something into the gradebook since, or taken it out.
    """
    history = History(course, course.require_assignment(assignment))
    with history.at_work(alone=True):
        for student in {name for each in history.runs() for name in each.students_with_notebooks()}:
            history.take_back(student)
        run = history.last()
        if run is None:
            raise UsageError(f"{assignment}: no run has replaced any result, so there is nothing to undo")
        backup = history.backup(run)
        if backup is None:
            raise UsageError(
                f"{assignment}: the copy of the gradebook from before the run of {run.time:%F %T} UTC is "
                "gone; put the old source back and run `autograder grade` instead"
            )
        try:
            run.note_moves(history.moves(run))
            _restore(course, backup, assignment)
            for student in run.students:
                _put_back(course, assignment, run, student)
            run.close_as_undone()
        except OSError as error:
            raise cannot_write(error, course.state) from None
        return run


def _restore(course: Course, backup: Path, assignment: str) -> None:
    with SqliteFile(backup).reading() as query:
        assert query is not None
        then = _facts(query, assignment)
    course.database.back_up(course.backups)
    course.database.put_back(backup, lambda query: _require_no_loss(_facts(query, assignment), then))


def restore(course: Course, copy: Path) -> Path | None:
    """Puts a copy of a gradebook, a file, in the place of the course's; what was there is copied first.

    Returns that copy. It is also how a gradebook moves from a file to a server. Raises UsageError if the
    file is no gradebook, or a grader is at work.
    """
    source = SqliteFile(copy)
    with source.reading(mend=f"give a copy out of {course.backups}") as query:
        if query is None:
            raise UsageError(
                f"{copy}: no such file; give a copy of a gradebook, such as those in {course.backups}"
            )
        query("SELECT count(*) FROM submitted_assignment", {})
    if copy.resolve() == course.gradebook.resolve() and not course.settings.db_url:
        raise UsageError(f"{copy}: is the gradebook itself; give a copy out of {course.backups}")
    with contextlib.ExitStack() as stack:
        for assignment in course.assignments():
            stack.enter_context(History(course, assignment).at_work(alone=True))
        before = course.database.back_up(course.backups) if course.database.exists() else None
        course.database.put_back(copy)
    return before


def _put_back(course: Course, assignment: str, run: Run, student: str) -> None:
    folder, notebooks = course.autograded(student, assignment), run.notebooks_of(student)
    path = course.result_path(assignment, student)
    if notebooks.is_dir():
        remove_tree(folder)
        notebooks.rename(folder)
    elif not _is_put_back(path, run, student):
        remove_tree(folder)  # of the run that is undone: the next one makes it again
    run.put_result_back(student, path)


def _is_put_back(path: Path, run: Run, student: str) -> bool:
    """Whether an undoing that was killed came as far as this student, or a fault left the notebooks alone."""
    now = read_if_whole(path)
    return now is not None and (now == run.replaced(student) or now.status is Status.FAULT)


_Facts = set[tuple[object, ...]]


def _require_no_loss(now: _Facts, then: _Facts) -> None:
    for lost, what in ((now - then, "lose what came into"), (then - now, "bring back what was taken out of")):
        if lost:
            kind, cell, student, name, *_ = min(lost, key=repr)
            first = " of ".join(str(part) for part in (kind, cell, student, name) if part)
            more = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
            raise UsageError(
                f"undoing would {what} the gradebook since ({first}{more}); put the old source back and run "
                "`autograder grade` instead: marks by hand stay then"
            )


def _facts(query: Query, assignment: str) -> _Facts:
    rows = [tuple(row) for statement in _BY_PEOPLE for row in query(statement, {})]
    rows += [tuple(row) for row in query(_OF_OTHERS, {"assignment": assignment})]
    return {(*row[:-1], _TIMES[row[0]](row[-1]) if row[0] in _TIMES else row[-1]) for row in rows}
