"""One submission: its marks, what grading noticed, its history, its executed notebooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from starlette.responses import Response

from autograder.collecting.attempts import Attempt, Attempts
from autograder.course import Course
from autograder.errors import UsageError
from autograder.handmarking import Given, Overtaken, Place, Standing, standings
from autograder.history import History
from autograder.moves import Move, moves
from autograder.result import Result, TestResult, read_if_whole
from autograder.web.classtable import ClassTable, View
from autograder.web.staff.common import assignment_of, base_of, class_of, line_of, number_in, shown
from autograder.web.staff.executed import executed
from autograder.web.staff.writing import write
from autograder.web.visiting import NotFound, Visit


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: what the gradebook has, and what the result says of its test."""

    path: str
    standing: Standing
    test: TestResult | None
    withheld: str


@dataclass(frozen=True, slots=True)
class Regraded:
    """A run that replaced the result, and which marks it moved."""

    time: datetime
    is_undone: bool
    moves: tuple[Move, ...]


_FIELDS = ("question", "points", "extra", "reason")


def submission(visit: Visit) -> Response:
    """Everything about one submission."""
    return _page(visit, status=200)


def _page(visit: Visit, status: int, problem: str = "", typed: Mapping[str, str] | None = None) -> Response:
    table = class_of(visit)
    line = line_of(visit, table)
    course, assignment, student = visit.site.course, table.assignment, line.student
    result = read_if_whole(course.result_path(assignment, student))
    found = standings(course, assignment, student)
    names = sorted({path.partition("/")[0] for path in found})
    if result is not None:
        names = [part.name for part in result.notebooks] or names
    before, after = _neighbours(table, student)
    return shown(
        visit,
        "submission.html",
        "class",
        status,
        table=table,
        line=line,
        result=result,
        asked=_asked(table, found, result),
        comments=[one for path, one in found.items() if one.max_score is None and one.comment],
        attempts=_attempts(course, assignment, student),
        runs=_runs(course, assignment, student, result),
        notebooks=[executed(course, assignment, student, name) for name in names],
        before=before,
        after=after,
        problem=problem,
        typed=typed,
        change=typed["question"] if typed else visit.asked("change"),
    )


def _asked(table: ClassTable, found: Mapping[str, Standing], result: Result | None) -> list[Asked]:
    parts = result.notebooks if result is not None else ()
    tests = {f"{part.name}/{test.id}": test for part in parts for test in part.tests}
    withheld = result.withheld if result is not None else {}
    return [
        Asked(q.path, found[q.path], tests.get(q.path), withheld.get(q.path, ""))
        for q in table.questions
        if q.path in found
    ]


def _neighbours(table: ClassTable, student: str) -> tuple[str | None, str | None]:
    """Whose submissions come before and after, by name."""

    def beside() -> dict[str, tuple[str | None, str | None]]:
        order = [None, *(line.student for line in View().of(table)), None]
        return {who: (order[n], order[n + 2]) for n, who in enumerate(order[1:-1]) if who is not None}

    return table.once("beside", beside)[student]


def _attempts(course: Course, assignment: str, student: str) -> Sequence[Attempt]:
    return sorted(
        Attempts(course, assignment, student, dry=True), key=lambda attempt: attempt.order, reverse=True
    )


def _runs(course: Course, assignment: str, student: str, result: Result | None) -> list[Regraded]:
    """Every run that replaced the result of this student, the newest first."""
    replaced = [(run, run.replaced(student)) for run in History(course, assignment).runs()]
    kept = [(run, before) for run, before in replaced if before is not None]
    found = []
    results = [*(before for _, before in kept), result]
    for place, (run, before) in enumerate(kept):
        after = results[place + 1]
        moved = tuple(moves(before, after)) if after is not None else ()
        found.append(Regraded(run.time, run.is_undone, moved))
    return found[::-1]


def override(visit: Visit) -> Response:
    """Another mark for one question, with a reason."""
    table = class_of(visit)
    line = line_of(visit, table)
    notebook, _, cell = visit.field("question").partition("/")
    if f"{notebook}/{cell}" not in {question.path for question in table.questions}:
        raise NotFound
    place = Place(table.assignment, line.student, notebook, cell)
    back = f"{base_of(assignment_of(visit))}/students/{quote(line.student, safe='')}"
    try:
        now = standings(visit.site.course, table.assignment, line.student).get(place.path)
        comment = now.manual_comment if now is not None else None
        given = Given(
            number_in(visit.field("points"), "points"),
            number_in(visit.field("extra"), "extra credit"),
            comment,
        )
        change = write(visit, "override", place, given, visit.field("seen"), visit.field("reason"))
    except Overtaken as error:
        return _page(visit, 409, f"{error}.", _typed(visit))
    except UsageError as error:
        return _page(visit, 422, f"{error}.", _typed(visit))
    points = "open" if change.after.points is None else f"{change.after.points:g} points"
    return visit.to(back, f"{place.path}: {points} now.")


def _typed(visit: Visit) -> Mapping[str, str]:
    """What stood in the form, so that nothing has to be typed twice."""
    return {name: visit.field(name)[:2000] for name in _FIELDS}
