"""A class at a glance: everyone's marks, question by question, and what grading noticed."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, cast

from autograder.allowances import Allowances
from autograder.assignment import Assignment
from autograder.course import Course
from autograder.database import Query
from autograder.errors import UsageError
from autograder.handmarking import Change
from autograder.holding import is_faulty
from autograder.marks.table import Mark, ask, read_table
from autograder.result import Outcome, Result, Status

LONGEST_MESSAGE = 300
MOST_KNOWN = 200
_NOT_YET = object()
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Question:
    """What has points. `path` is "notebook/cell"; `by_hand` are written answers and tasks."""

    path: str
    max_score: float
    by_hand: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A mark for one question, as the gradebook has it; overridden is a grader's by a human's."""

    points: float | None = None
    by_hand: bool = False
    is_overridden: bool = False
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a result says of one test."""

    outcome: Outcome
    message: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What a class is shown of one result."""

    status: Status
    is_faulty: bool
    tampering: int
    limits: int
    retries: int
    seconds: float
    verdicts: Mapping[str, Verdict]

    @classmethod
    def of(cls, result: Result) -> Summary:
        tests = {f"{part.name}/{test.id}": test for part in result.notebooks for test in part.tests}
        return cls(
            status=result.status,
            is_faulty=is_faulty(result),
            tampering=len(result.tampering),
            limits=len(result.limits),
            retries=len(result.retries),
            seconds=sum(test.seconds for test in tests.values())
            + sum(cell.seconds for part in result.notebooks for cell in part.cells),
            # a class has few different ones: each is held once
            verdicts={
                sys.intern(path): Verdict(test.outcome, sys.intern(test.message[:LONGEST_MESSAGE]))
                for path, test in tests.items()
            },
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One student of the class."""

    mark: Mark
    cells: tuple[Cell, ...]  # in the order of the questions; none without a submission
    summary: Summary | None = None

    @property
    def student(self) -> str:
        return self.mark.student_id

    @property
    def name(self) -> str:
        """As lists have it, or the id."""
        return self.mark.names[-1] if self.mark.names else self.mark.student_id


@dataclass(frozen=True, slots=True, eq=False)
class ClassTable:
    """The class as it was at `read`, seconds since 1970."""

    assignment: str
    max_score: float
    questions: tuple[Question, ...]
    lines: Mapping[str, Line]
    read: float
    _known: dict[Hashable, Any] = field(init=False, default_factory=dict, repr=False)
    _working: threading.RLock = field(init=False, default_factory=threading.RLock, repr=False)

    def once(self, key: Hashable, work: Callable[[], T]) -> T:
        """What `work` gives, worked out once for this table: it is looked at more often than it changes.

        One thread works and the others wait: all of staff ask at once when a table is new.
        """
        found = self._known.get(key, _NOT_YET)
        if found is _NOT_YET:
            with self._working:
                found = self._known.get(key, _NOT_YET)
                if found is _NOT_YET:
                    if len(self._known) >= MOST_KNOWN:
                        self._known.clear()
                    found = self._known[key] = work()
        return cast(T, found)

    def column(self, path: str) -> int:
        """The place of a question among the cells. Raises KeyError."""
        for number, question in enumerate(self.questions):
            if question.path == path:
                return number
        raise KeyError(path)

    @property
    def handed_in(self) -> list[Line]:
        return [line for line in self.lines.values() if line.mark.submitted]

    def waiting(self, path: str) -> list[str]:
        """Students whose answer to this question waits for a human, by id."""
        column = self.column(path)
        return [who for who, line in self.lines.items() if line.cells and line.cells[column].is_open]


# What one looks for -------------------------------------------------------------------------------

STATES: Mapping[str, Callable[[Line], bool]] = {
    "all": lambda line: True,
    "open": lambda line: bool(line.mark.open),
    "missing": lambda line: not line.mark.submitted,
    "ungradable": lambda line: line.summary is not None and line.summary.status is Status.NOT_GRADABLE,
    "fault": lambda line: line.summary is not None and line.summary.is_faulty,
    "tampering": lambda line: line.summary is not None and line.summary.tampering > 0,
    "limits": lambda line: line.summary is not None and line.summary.limits > 0,
    "late": lambda line: line.mark.late_submission_penalty > 0,
    "overridden": lambda line: any(cell.is_overridden for cell in line.cells),
    "excused": lambda line: line.mark.excused,
}


@dataclass(frozen=True, slots=True)
class View:
    """Which lines, in which order. `sort` is student, name, score, seconds, or the path of a question."""

    search: str = ""
    state: str = "all"
    sort: str = "name"
    descending: bool = False

    def of(self, table: ClassTable) -> Sequence[Line]:
        """What is unknown comes last, in either order."""
        return table.once(self, lambda: self._of(table))

    def _of(self, table: ClassTable) -> list[Line]:
        words = self.search.casefold().split()
        is_wanted = STATES.get(self.state, STATES["all"])
        found = [line for line in table.lines.values() if is_wanted(line) and _has(line, words)]
        key = self._key(table)
        known = [(value, line) for line in found if (value := key(line)) is not None]
        known.sort(key=lambda pair: (pair[0], pair[1].student), reverse=self.descending)
        return [line for _, line in known] + [line for line in found if key(line) is None]

    def _key(self, table: ClassTable) -> Callable[[Line], float | str | None]:
        match self.sort:
            case "student":
                return lambda line: line.student
            case "name":
                return lambda line: line.name.casefold()
            case "score":
                return lambda line: line.mark.score if line.mark.marked else None
            case "seconds":
                return lambda line: line.summary.seconds if line.summary else None
        try:
            column = table.column(self.sort)
        except KeyError:
            return lambda line: line.name.casefold()
        return lambda line: line.cells[column].points if line.cells else None


def _has(line: Line, words: Sequence[str]) -> bool:
    if not words:
        return True
    mark = line.mark
    parts = (mark.student_id, mark.first_name, mark.last_name, mark.email, mark.lms_user_id)
    text = " ".join(part for part in parts if part).casefold()
    return all(word in text for word in words)


# Reading it ----------------------------------------------------------------------------------------

_QUESTIONS = """
SELECT b.name, c.name, coalesce(k.max_score, t.max_score),
  t.id IS NOT NULL OR EXISTS (SELECT 1 FROM base_cell o
    WHERE o.notebook_id = c.notebook_id AND o.name = c.name AND o.type = 'SolutionCell'), c.id
FROM assignment a JOIN notebook b ON b.assignment_id = a.id JOIN base_cell c ON c.notebook_id = b.id
LEFT JOIN grade_cells k ON k.id = c.id LEFT JOIN task_cells t ON t.id = c.id
WHERE a.name = :assignment AND c.type IN ('GradeCell', 'TaskCell')
"""
_CELLS = """
SELECT s.student_id, g.cell_id, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade
FROM grade g JOIN submitted_notebook n ON n.id = g.notebook_id
JOIN submitted_assignment s ON s.id = n.assignment_id
WHERE s.assignment_id = (SELECT id FROM assignment WHERE name = :assignment)
"""


def read_class(course: Course, assignment: str, summaries: Mapping[str, Summary]) -> ClassTable:
    """Raises UsageError where there is no gradebook, or the assignment is not in it."""
    now = time.time()
    excused = Allowances.read(course).of(assignment)
    named = {"assignment": assignment}

    def read(query: Query) -> ClassTable:
        marks = read_table(query, assignment, excused)
        found = {
            row[-1]: Question(f"{row[0]}/{row[1]}", row[2] or 0.0, bool(row[3]))
            for row in query(_QUESTIONS, named)
        }
        order = _order(course, assignment, found.values())
        questions = sorted(found.values(), key=lambda question: order[question.path])
        columns = {cell_id: questions.index(question) for cell_id, question in found.items()}
        cells: dict[str, list[Cell]] = {}
        for who, cell_id, auto, manual, extra, is_open in query(_CELLS, named):
            if cell_id in columns:
                of_student = cells.setdefault(who, [_NOTHING] * len(questions))
                of_student[columns[cell_id]] = _cell(auto, manual, extra, is_open)
        lines = {
            mark.student_id: Line(mark, tuple(cells.get(mark.student_id, ())), summaries.get(mark.student_id))
            for mark in marks.marks
        }
        return ClassTable(assignment, marks.max_score, tuple(questions), lines, now)

    return ask(course, assignment, read)


_NOTHING = Cell()
_FULL: dict[tuple[float | None, bool, bool, bool], Cell] = {}


def _cell(auto: float | None, manual: float | None, extra: float | None, is_open: object) -> Cell:
    points = auto if manual is None else manual
    points = None if points is None else points + (extra or 0.0)
    key = (points, manual is not None, manual is not None and auto is not None, bool(is_open))
    found = _FULL.get(key)
    if found is None:  # a class has few different ones: each is held once
        if len(_FULL) > 10_000:
            _FULL.clear()
        found = _FULL[key] = Cell(*key)
    return found


def _order(course: Course, assignment: str, questions: Iterable[Question]) -> dict[str, tuple[int, str]]:
    """As in the instructor's notebooks; those that were taken out there come last."""
    try:
        loaded = Assignment.load(course, assignment)
        paths = [f"{n.name}/{cell.id}" for n in loaded.notebooks for cell in n.anchors if cell.role.is_graded]
    except UsageError:
        paths = []
    places = {path: number for number, path in enumerate(paths)}
    return {q.path: (places.get(q.path, len(places)), q.path) for q in questions}


def after(table: ClassTable, change: Change) -> ClassTable:
    """The table with one mark by hand in it."""
    place, now = change.place, change.after
    line = table.lines.get(place.student)
    if line is None or not line.cells or now.max_score is None:
        return table
    cells = list(line.cells)
    cells[table.column(place.path)] = _cell(
        now.auto_score, now.manual_score, now.extra_credit, now.needs_manual_grade
    )
    more = (now.extra_credit or 0.0) - (change.before.extra_credit or 0.0)
    mark = replace(
        line.mark,
        raw_score=sum(cell.points or 0.0 for cell in cells),
        extra_credit=line.mark.extra_credit + more,
        marked=any(cell.points is not None for cell in cells),
        open=tuple(sorted(q.path for q, cell in zip(table.questions, cells, strict=True) if cell.is_open)),
    )
    return replace(table, lines={**table.lines, place.student: replace(line, mark=mark, cells=tuple(cells))})
