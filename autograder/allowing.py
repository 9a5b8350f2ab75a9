"""`autograder students allow`: grants what a file says, in the course and in nbgrader's gradebook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from autograder.allowances import Allowances, Entry, one_writer, read_entries, words_of
from autograder.course import Course
from autograder.errors import some_of
from autograder.projecting import roster_of


@dataclass(frozen=True, slots=True)
class Granted:
    """What became of a file: the entries taken over, the rows that were not, and what to know of it."""

    entries: tuple[Entry, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        return 1 if self.problems else 0


def allow(course: Course, path: Path) -> Granted:
    """Takes over the entries of the CSV file; rows that are none stop no other.

    Raises UsageError for a file that is no table, and GraderFault where nothing can be written.
    """
    entries, problems = read_entries(path, course.assignments())
    with one_writer(course):
        before = Allowances.read(course)
        after = before.replaced(entries)
        after.write(course)
    notes = []
    assignments = sorted({entry.assignment for entry in entries})
    for assignment in assignments:
        of_it = [entry for entry in entries if entry.assignment == assignment]
        notes += _extend(course, assignment, of_it, before.extensions(assignment))
    known = {student for name in assignments for student in course.students_submitted(name)}
    strangers = sorted({entry.student for entry in entries} - known - roster_of(course))
    if strangers:
        notes.append(f"not on the roster, and nothing handed in: {some_of(strangers)}")
    return Granted(tuple(entries), tuple(problems), tuple(notes))


def _extend(
    course: Course, assignment: str, entries: Sequence[Entry], before: dict[str, timedelta]
) -> list[str]:
    """Lines about the gradebook, in which extensions stand where there is a submission."""
    wanted = {entry.student: entry.allowance.more_time if entry.allowance else None for entry in entries}
    wanted = {who: time for who, time in wanted.items() if time is not None or who in before}
    if not (wanted and course.database.exists()):
        return []
    from autograder.gradebook import Projection

    with Projection(course.db_url, course.backups) as projection:
        found = projection.extend(assignment, wanted, before)
    notes = []
    if not found.has_duedate:
        notes.append(
            f"{assignment} has no due date in the gradebook: nobody can be late, extensions wait for one"
        )
    if found.students:
        notes.append(
            f"{assignment}: {len(found.students)} extensions changed in the gradebook; late penalties follow "
            "with the next grading"
        )
    replaced = [f"{who} ({words_of(old)})" for who, old in found.by_hand.items() if wanted[who] is not None]
    kept = [f"{who} ({words_of(old)})" for who, old in found.by_hand.items() if wanted[who] is None]
    if replaced:
        notes.append(f"{assignment}: replaced extensions that were given in nbgrader: {some_of(replaced)}")
    if kept:
        notes.append(f"{assignment}: extensions given in nbgrader stay: {some_of(kept)}")
    return notes
