"""`autograder explain`: why did this test judge like that? Runs it once more and watches.

The notebook runs again as it was graded, with the seeds in its result, and the test tells what it asked
of the student's code, what came back, and how far from the tolerance that was. Nothing is recorded.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from autograder.assignment import Assignment
from autograder.context import Context
from autograder.course import Course
from autograder.errors import GraderFault, UsageError, did_you_mean
from autograder.marking import mark
from autograder.places import place_in
from autograder.result import Result
from autograder.runtime.servers import Servers
from autograder.scratch import scratch_folder
from autograder.settings import DEVICES
from autograder.source import SourceNotebook
from autograder.submission import Submission, read_submission
from autograder.verifying.cases import read_cases, submitted_notebooks, tests_of
from autograder.verifying.trials import example_of, verdict_of


@dataclass(frozen=True, slots=True)
class Comparison:
    """One measurement of a check: it passes at a distance of at most 1, which is the tolerance."""

    what: str
    quantity: str
    distance: float
    tolerance: str
    answer: str
    expected: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What one test made of one submission. `calls` are the last ones, each with what came back.

    `where` is the line of the test's cell that failed. `before` is the verdict in the result, if the
    submission was graded: another one now means that the submission, the assignment or the machine has
    changed, or that the answer is a matter of luck.
    """

    who: str
    assignment: str
    notebook: str
    test: str
    points: float
    max_points: float
    outcome: str
    verdict: str
    message: str
    calls: tuple[tuple[str, str], ...]
    comparisons: tuple[Comparison, ...]
    withheld: str
    where: str = ""
    before: str | None = None


def explain(
    context: Context,
    submission: Submission,
    test: str,
    *,
    assignment: Assignment | None = None,
    servers: Servers | None = None,
) -> Explanation:
    """Runs the notebook with `test` again. UsageError for a test or a notebook that there is not.

    `assignment` is that of the context as the student has it, where data are personal.
    """
    notebook = _notebook_of(context.assignment, test)
    chosen = replace(assignment or context.assignment, notebooks=(notebook,))
    with ExitStack() as stack:
        scratch = stack.enter_context(scratch_folder())
        warm = servers or stack.enter_context(context.servers())
        marked = mark(chosen, submission, context.settings, warm, scratch=scratch, watch=True)
    (run,) = marked.result.notebooks or (None,)
    if run is None:
        raise GraderFault(f"the notebook could not be run: {marked.result.withheld.get('fault', '')[-300:]}")
    found = next((each for each in run.tests if each.id == test), None)
    if found is None:
        raise UsageError(f"{submission.student}: {notebook.name}.ipynb cannot be graded: {run.reason}")
    place = f"{notebook.name}/{test}"
    seen: dict[str, Any] = dict(marked.seen.get(place, {}))
    line = marked.lines.get(place)
    return Explanation(
        who=submission.student,
        assignment=context.assignment.name,
        notebook=notebook.name,
        test=test,
        points=found.points,
        max_points=found.max,
        outcome=str(found.outcome),
        verdict=verdict_of(found),
        message=found.message,
        calls=tuple((call, result) for call, result in seen.get("calls", ())),
        comparisons=tuple(Comparison(*each) for each in seen.get("measurements", ())),
        withheld=marked.result.withheld.get(place, ""),
        where=place_in(context.assignment.name, notebook, test, line).in_full if line else "",
    )


def explain_student(course: Course, student: str, test: str, assignment: str | None = None) -> Explanation:
    """A submission of the course, with the seeds and the device that its result was made with."""
    context = _context(course, test, assignment, student)
    name = context.assignment.name
    submission = read_submission(
        course.submitted(course.require_student(student, name), name), student, name, context.settings.limits
    )
    result = Result.read(course.result_path(name, student))
    given = context.assignment_of(student)
    if result is None:
        return explain(context, submission, test, assignment=given)
    found = explain(_as_graded(context, result), submission, test, assignment=given)
    graded = [t for n in result.notebooks if n.name == found.notebook for t in n.tests if t.id == test]
    return replace(found, before=verdict_of(graded[0])) if graded else found


def explain_case(
    course: Course, name: str, test: str, assignment: str | None = None, folder: Path | None = None
) -> Explanation:
    """A case of the assignment, or of `folder`."""
    context = _context(course, test, assignment)
    lab = context.assignment
    cases = {case.name: case for case in read_cases(folder or course.root / "cases" / lab.name, lab)}
    if name not in cases:
        raise UsageError(f"no case {name!r}{did_you_mean(name, cases)}")
    notebooks = submitted_notebooks(lab.notebooks, cases[name].answers)
    given = context.assignment_of_example(example_of(name))
    return explain(context, Submission(name, lab.name, Path(), notebooks), test, assignment=given)


def _as_graded(context: Context, result: Result) -> Context:
    student, hidden = result.seeds.get("student"), result.seeds.get("hidden")
    settings = context.settings
    if student is False:
        settings = replace(settings, seed=False)
    elif student is not None:
        settings = replace(settings, seed=int(student))
    if hidden is not None:
        settings = replace(settings, hidden_seed=int(hidden))
    for device in DEVICES:
        if device == result.versions.get("device"):
            settings = replace(settings, device=device)
    return replace(context, settings=settings)


def _notebook_of(assignment: Assignment, test: str) -> SourceNotebook:
    tests = {cell.id: notebook for notebook in assignment.notebooks for cell in tests_of(notebook)}
    if test not in tests:
        raise UsageError(f"no test {test!r} in {assignment.name!r}{did_you_mean(test, tests)}")
    return tests[test]


def _context(course: Course, test: str, assignment: str | None, student: str | None = None) -> Context:
    """The assignment that has the test, among those that `student` has handed in."""
    if assignment is not None:
        return Context.of(course, course.require_assignment(assignment))
    handed_in = {name: course.students_submitted(name) for name in course.assignments()}
    if student is not None and not any(student in students for students in handed_in.values()):
        known = sorted(set().union(*handed_in.values()))
        raise UsageError(f"no submission of {student!r} in submitted/{did_you_mean(student, known)}")
    tests = {
        name: [cell.id for n in Assignment.load(course, name).notebooks for cell in tests_of(n)]
        for name, students in handed_in.items()
        if student is None or student in students
    }
    found = [name for name, ids in tests.items() if test in ids]
    if len(found) == 1:
        return Context.of(course, found[0])
    if found:
        raise UsageError(f"{test!r} is a test of {' and of '.join(found)}; say which with --assignment")
    whose = "" if student is None else f" that {student!r} has handed in"
    mend = did_you_mean(test, chain.from_iterable(tests.values())) or "; look at its id"
    raise UsageError(f"no assignment{whose} has a test {test!r}{mend}")
