"""`autograder students`: who is in the class, brought in from a table, and taken out without a trace."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.allowances import Allowances, one_writer
from autograder.collecting.attempts import forget_in_attempts
from autograder.course import Course, checked_student, valid_name
from autograder.database import Database, Writer
from autograder.database.sqlite import SqliteFile
from autograder.errors import AutograderError, UsageError, cannot_write, did_you_mean
from autograder.history import History
from autograder.result import write_atomically
from autograder.roster import COLUMNS, Roster
from autograder.scratch import remove_tree
from autograder.tables import Table, read_table

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MAX_LENGTH = 128  # of every column, as nbgrader's models have it
MAX_SEARCHED = 16 * 2**20  # bytes of a file in which a deleted student's id is looked for
_ELSEWHERE = ("student_id", "student", "username", "login")  # what others call an id


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: ids by what became of them, columns passed over, rows left out and why."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    ignored_columns: tuple[str, ...]
    left_out: tuple[str, ...]


def import_students(course: Course, path: Path) -> Imported:
    """Writes the students of a CSV file into gradebook.db, in one transaction, after a backup.

    Columns are nbgrader's; an empty field leaves what the gradebook has, and so does whoever is not in the
    file. Raises UsageError for a file that is no such table.
    """
    table = read_table(path)
    table.require(["id"], _ELSEWHERE)
    wanted, left_out = _wanted(table)
    writer = Writer(course.database)
    try:
        added, changed = writer.write(lambda session: _write(session, wanted))
    except OSError as error:
        raise cannot_write(error, course.database) from None
    finally:
        writer.close()
    return Imported(
        tuple(added),
        tuple(changed),
        tuple(sorted(wanted.keys() - {*added, *changed})),
        tuple(name for name in table.columns if name and name not in COLUMNS),
        tuple(left_out),
    )


def _wanted(table: Table) -> tuple[dict[str, dict[str, str]], list[str]]:
    """What each student's row should hold, by id; and a line for each row that cannot be taken."""
    wanted: dict[str, dict[str, str]] = {}
    left_out = []
    for line, row in table.rows:
        student = row["id"]
        fields = {name: row[name] for name in COLUMNS[1:] if row.get(name)}
        problem = _problem(student, fields)
        if not problem and wanted.get(student, fields) != fields:
            problem = f"{student!r} stands in an earlier line with other fields; keep one of them"
        if problem:
            left_out.append(f"line {line}: {problem}")
        else:
            wanted[student] = fields
    return wanted, left_out


def _problem(student: str, fields: dict[str, str]) -> str:
    if not student:
        return "no id"
    if not valid_name(student):
        return f"the id {student!r} is not allowed: no separators, no dot in front, printable only"
    long = [name for name, value in {"id": student, **fields}.items() if len(value) > MAX_LENGTH]
    odd = [name for name, value in fields.items() if not value.isprintable()]
    if long:
        return f"{long[0]} of {student[:40]!r} is longer than {MAX_LENGTH} characters"
    return f"{odd[0]} of {student!r} is not printable" if odd else ""


def _write(session: Session, wanted: dict[str, dict[str, str]]) -> tuple[list[str], list[str]]:
    from nbgrader.api import Student

    added, changed = [], []
    known: dict[str, Any] = {row.id: row for row in session.query(Student)}
    for student, fields in wanted.items():
        row = known.get(student)
        if row is None:
            session.add(Student(id=student, **fields))
            added.append(student)
        elif any(getattr(row, name) != value for name, value in fields.items()):
            for name, value in fields.items():
                setattr(row, name, value)
            changed.append(student)
    return added, changed


# Deleting ---------------------------------------------------------------------------------------

# rows that hang on a student, the innermost first; nbgrader's tables have no cascade of their own
_OF_STUDENT = "SELECT id FROM submitted_assignment WHERE student_id = :student"
_NOTEBOOKS = f"SELECT id FROM submitted_notebook WHERE assignment_id IN ({_OF_STUDENT})"
_IN_GRADEBOOK = {
    "grade": f"notebook_id IN ({_NOTEBOOKS})",
    "comment": f"notebook_id IN ({_NOTEBOOKS})",
    "submitted_notebook": f"assignment_id IN ({_OF_STUDENT})",
    "submitted_assignment": "student_id = :student",
    "student": "id = :student",
}
# and those of the web pages, in a database of their own
_IN_WEB = {
    "receipts": "student = :student",
    "jobs": "EXISTS (SELECT 1 FROM json_each(options, '$.students') WHERE value = :student)",
    "audit": ":student IN (student, who)",
    "sessions": "account = :student",
    "accounts": "id = :student",
}


@dataclass(frozen=True, slots=True)
class Trace:
    """One place where something of a student's lies. `remove` takes it away."""

    where: str
    what: str
    remove: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Traces:
    """All that the course holds of a student, and what could not be looked into."""

    student: str
    found: tuple[Trace, ...]
    problems: tuple[str, ...]


def traces_of(course: Course, student: str) -> Traces:
    """Where the student's data lie: gradebook and its backups, folders, results, history, attempts.

    Raises UsageError if there is nothing at all.
    """
    checked_student(student)
    found: list[Trace] = []
    problems: list[str] = []
    databases: list[tuple[Database, dict[str, str]]] = [(course.database, _IN_GRADEBOOK)]
    databases += [(SqliteFile(course.state / "web.db"), _IN_WEB)]
    databases += [(SqliteFile(copy), _IN_GRADEBOOK) for copy in sorted(course.backups.glob("*.db"))]
    for database, which in databases:
        try:
            found += _rows_in(course, database, which, student)
        except AutograderError as error:
            where = _named(course, database)
            problems.append(f"{where}: cannot be looked into; mend or delete it yourself ({error})")
    found += [
        Trace(_shown(course, path), "all in it", partial(remove_tree, path))
        for path in _folders(course, student)
    ]
    found += _mentions(course, student)
    if not found:
        near = did_you_mean(student, [person.id for person in Roster.of(course)])
        raise UsageError(f"nothing of a student {student!r} is here{near}")
    return Traces(student, tuple(found), tuple(problems))


def delete_student(course: Course, traces: Traces) -> list[str]:
    """Removes all that was found; one line for each place that could not be cleared, or still names the id.

    No backup is made, since that would keep what is to go. Raises UsageError if a grader is at work.
    """
    left = list(traces.problems)
    with ExitStack() as stack:
        for assignment in course.assignments():
            stack.enter_context(History(course, assignment).at_work(alone=True))
        for trace in traces.found:
            try:
                trace.remove()
            except (AutograderError, OSError) as error:
                left.append(f"{trace.where}: could not be removed ({error}); run again")
    return [*left, *_still_named(course, traces.student)]


def _rows_in(course: Course, database: Database, which: dict[str, str], student: str) -> Iterator[Trace]:
    values = {"student": student}
    counts = database.counts(which, values)
    told = [f"{count} of {table}" for table, count in counts.items() if count]
    if told:
        yield Trace(
            _named(course, database), f"rows: {', '.join(told)}", partial(database.erase, which, values)
        )


def _folders(course: Course, student: str) -> Iterator[Path]:
    """Folders that are the student's alone."""
    rooms = [course.root / step for step in ("submitted", "autograded", "feedback")]
    rooms += sorted((course.state / "results").glob("*"))
    rooms += sorted((course.state / "attempts").glob("*"))
    rooms += sorted((course.state / "uploads").glob("*"))
    for run in sorted((course.state / "history").glob("*/*Z")):
        rooms += [run / "results", run / "autograded"]
    for room in rooms:
        path = room / student
        if path.is_dir() or path.is_symlink():
            yield path


def _mentions(course: Course, student: str) -> Iterator[Trace]:
    """Records about others, or about a whole run, that name the student."""
    for path in sorted((course.state / "history").glob("*/*Z/moves.json")):
        moves = json.loads(path.read_bytes())
        kept = [move for move in moves if move.get("student") != student]
        if len(kept) < len(moves):
            text = json.dumps(kept, indent=1)
            yield Trace(
                _shown(course, path),
                f"{len(moves) - len(kept)} moved marks",
                partial(write_atomically, path, text),
            )
    granted = Allowances.read(course)
    if granted.without(student) != granted:
        yield Trace(
            _shown(course, course.state / "allowances.json"),
            "what was allowed",
            partial(_forbid, course, student),
        )
    for path, forget in forget_in_attempts(course, student):
        yield Trace(_shown(course, path), "who handed in for the group", forget)


def _forbid(course: Course, student: str) -> None:
    with one_writer(course):
        Allowances.read(course).without(student).write(course)


def _still_named(course: Course, student: str) -> Iterator[str]:
    """Files elsewhere in the course that name the id: tables of the instructor's, others' notebooks."""
    word = re.compile(rb"(?<![\w.-])" + re.escape(student.encode()) + rb"(?![\w.-])")
    for path in _files(course.root):
        if path.stat().st_size <= MAX_SEARCHED and word.search(path.read_bytes()):
            yield f"{_shown(course, path)}: still names {student!r}; it is not ours to change"


def _files(folder: Path) -> Iterable[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or path.name in (".git", ".venv"):
            continue
        if path.is_dir():
            yield from _files(path)
        elif path.is_file():
            yield path


def _named(course: Course, database: Database) -> str:
    return str(database).removeprefix(f"{course.root}/")


def _shown(course: Course, path: Path) -> str:
    return str(path.relative_to(course.root))
