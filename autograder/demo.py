"""`autograder demo`: a class of thirty made out of the cases, graded, with the marks that were planned."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from autograder.assignment import Assignment
from autograder.context import Context
from autograder.course import Course
from autograder.errors import UsageError
from autograder.gradebook import Projection
from autograder.grading import Graded, grade_class
from autograder.result import Result, Status
from autograder.verifying.cases import Case, read_cases, submitted_notebook, tests_of
from autograder.verifying.trials import verdict_of

STUDENTS = 30
DUE = datetime(2026, 11, 20, 12, 0)
LATE_EVERY = 7
ATTACK_EVERY = 5
GOLDEN = 0.6180339887


@dataclass(frozen=True, slots=True)
class Planned:
    """One student of the demo: the notebooks to hand in and what should come of them."""

    student: str
    about: str
    notebooks: Mapping[str, bytes]
    status: Status
    verdicts: Mapping[tuple[str, str], str | None]
    timestamp: datetime

    @property
    def is_late(self) -> bool:
        return self.timestamp > DUE

    def differs(self, result: Result) -> str:
        """How the result differs from the plan, or nothing."""
        if result.status is not self.status:
            return f"{self.student} ({self.about}): {result.status} instead of {self.status}"
        for notebook in result.notebooks:
            for test in notebook.tests:
                planned = self.verdicts.get((notebook.name, test.id))
                if planned is not None and verdict_of(test) != planned:
                    return (
                        f"{self.student} ({self.about}): {test.id} got {verdict_of(test)}, planned {planned}"
                    )
        return ""


def demo(
    course: Course,
    name: str,
    jobs: int | None = None,
    attacks: bool = False,
    on_start: Callable[[int], None] = lambda total: None,
    on_graded: Callable[[Graded], None] = lambda graded: None,
) -> tuple[list[Graded], list[Planned], list[str]]:
    """Hands in thirty submissions, grades them; the class, its plan, and where they differ.

    With `attacks` every fifth of them is hostile, and the others should not notice.
    Only students called demoNN are touched, and running it again changes nothing.
    """
    context = Context.of(course, name)
    cases = read_cases(course.root / "cases" / name, context.assignment)
    planned = list(plan_class(context.assignment, cases, attacks))
    for one in planned:
        _hand_in(course, name, one)
    with Projection(course.db_url, course.backups) as projection:
        projection.register(context.assignment, DUE)
    graded = grade_class(
        context, tuple(one.student for one in planned), jobs=jobs, on_start=on_start, on_graded=on_graded
    )
    by_student = {g.result.student: g.result for g in graded}
    differences = [one.differs(by_student[one.student]) for one in planned]
    return graded, planned, [difference for difference in differences if difference]


def plan_class(assignment: Assignment, cases: list[Case], attacks: bool = False) -> Iterator[Planned]:
    """Thirty students: right and wrong answers in turn, some late, one notebook missing, one unreadable.

    With `attacks` every fifth student attacks.
    """
    honest = _by_notebook(assignment, [case for case in cases if not _is_attack(case)])
    hostile = _by_notebook(assignment, [case for case in cases if _is_attack(case)]) if attacks else honest
    for number in range(1, STUDENTS + 1):
        by_notebook = honest if number % ATTACK_EVERY else hostile
        # steps by the golden ratio spread over the sorted names: right and wrong of every question
        chosen = {
            name: found[int(number * (place + 1) * GOLDEN * len(found)) % len(found)]
            for place, (name, found) in enumerate(by_notebook.items())
        }
        late = timedelta(hours=5) if number % LATE_EVERY == 0 else -timedelta(hours=number)
        yield _plan(f"demo{number:02}", assignment, chosen, DUE + late, number)


def _is_attack(case: Case) -> bool:
    return case.name.startswith("attack/")


def _by_notebook(assignment: Assignment, cases: list[Case]) -> dict[str, list[Case]]:
    """The cases that touch one notebook alone, by its name."""
    found = {
        notebook.name: [
            case for case in cases if case.answers and case.notebooks(assignment) == [notebook.name]
        ]
        for notebook in assignment.notebooks
    }
    for name, few in found.items():
        if not few:
            raise UsageError(f"no case for {name!r} in cases/{assignment.name}; the demo is made out of them")
    return found


def _plan(
    student: str, assignment: Assignment, chosen: Mapping[str, Case], timestamp: datetime, number: int
) -> Planned:
    notebooks: dict[str, bytes] = {}
    verdicts: dict[tuple[str, str], str | None] = {}
    for notebook in assignment.notebooks:
        case = chosen[notebook.name]
        answers = {cell: text for (_, cell), text in case.answers.items()}
        notebooks[notebook.name] = submitted_notebook(notebook, answers)
        for test in tests_of(notebook):
            default = None if case.rest_any else "full"
            verdicts[notebook.name, test.id] = case.expect.get(test.id, default)
    about = " and ".join(case.name for case in chosen.values())
    status = Status.GRADED
    last = assignment.notebooks[-1].name
    if number == 11:
        del notebooks[last]
        about = f"{last} was not handed in"
    elif number == 23:
        notebooks[last] = b'{"cells": [ this is not JSON'
        about, status = f"{last} is unreadable", Status.NOT_GRADABLE
    return Planned(student, about, notebooks, status, verdicts, timestamp)


def _hand_in(course: Course, name: str, planned: Planned) -> None:
    folder = course.submitted(planned.student, name)
    folder.mkdir(parents=True, exist_ok=True)
    for notebook, data in planned.notebooks.items():
        (folder / f"{notebook}.ipynb").write_bytes(data)
    (folder / "timestamp.txt").write_text(f"{planned.timestamp:%Y-%m-%d %H:%M:%S.%f} UTC")
