"""Trials: submissions that nobody handed in, graded to learn something about an assignment's tests."""

from __future__ import annotations

import contextlib
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.assignment import Assignment
from autograder.context import Context
from autograder.marking import Marked, Task, mark
from autograder.personal.given import EXAMPLES
from autograder.result import Outcome, Status, TestResult
from autograder.runtime.servers import Servers
from autograder.scheduling.local import LocalPool
from autograder.scratch import scratch_folder
from autograder.source import Role, SourceCell, SourceNotebook
from autograder.submission import Submission
from autograder.verifying.cases import submitted_notebooks, tests_of

SOLUTION, ANOTHER = "@solution", "@another-student"
VERDICT_ORDER = {"zero": 0, "partial": 1, "full": 2}

Answer = Marked | BaseException


@dataclass(frozen=True, slots=True)
class Trial:
    """One submission to grade and the verdict that each of its tests should get (None: any).

    `answers` and `expect` go by (notebook, cell); what is not answered is the solution or, unless
    `solved`, the released text. `only` are the tests to run, as "notebook/test", None for all; the cells of
    the others keep their places, so that each cell starts from the random state that it has among them all.
    Where data are personal, it is judged by those of `owner`, one of the students who are made up, and its
    cells find those of `holder`.
    """

    name: str
    notebooks: tuple[str, ...]
    answers: Mapping[tuple[str, str], str]
    expect: Mapping[tuple[str, str], str | None]
    solved: bool = True
    only: frozenset[str] | None = None
    owner: int = 0
    holder: int = 0


def solution_trial(assignment: Assignment) -> Trial:
    """The instructor's solution, which should pass every test."""
    return Trial(SOLUTION, notebook_names(assignment), {}, every_test(assignment, "full"))


def solution_trials(context: Context) -> list[Trial]:
    """As `solution_trial`; where data are personal, once for each of the students who are made up."""
    first = solution_trial(context.assignment)
    numbers = range(1, EXAMPLES) if context.personal is not None else ()
    others = [replace(first, name=f"{SOLUTION}/student{n + 1}", owner=n, holder=n) for n in numbers]
    return [first, *others]


def is_solution(name: str) -> bool:
    """Whether the trial of that name is the instructor's solution."""
    return name == SOLUTION or name.startswith(f"{SOLUTION}/")


def example_of(name: str) -> int:
    """By whose data a case of that name is tried: the same one every time, whatever other cases there are."""
    return zlib.crc32(name.encode()) % EXAMPLES


def every_test(assignment: Assignment, verdict: str | None) -> dict[tuple[str, str], str | None]:
    """The same verdict for every test, by notebook and cell."""
    return {
        (notebook.name, cell.id): verdict for notebook in assignment.notebooks for cell in tests_of(notebook)
    }


def notebook_names(assignment: Assignment) -> tuple[str, ...]:
    """The notebooks of the assignment, in order."""
    return tuple(notebook.name for notebook in assignment.notebooks)


def run_trials(
    context: Context,
    trials: Sequence[Trial],
    *,
    jobs: int,
    servers: Servers | None = None,
    watch: bool = False,
    on_answer: Callable[[Trial, Answer], None] = lambda trial, answer: None,
) -> list[Answer]:
    """What came of each trial, in their order; an exception where grading it did not come to an end.

    `on_answer` gets each as soon as it is final. As when a class is graded, a timeout and its like that was
    not expected is tried once more, alone. With `watch`, what tests asked and measured is in `Marked.seen`.
    """
    context.prepare_examples()
    with contextlib.ExitStack() as stack:
        scratch = stack.enter_context(scratch_folder())
        warm = servers or stack.enter_context(context.servers())

        def run(number: int) -> Marked:
            return _run(context, trials[number], warm, scratch, watch)

        pool: LocalPool[int, Marked] = LocalPool(run, jobs)
        answers: dict[int, Answer] = {}
        doubtful: list[int] = []
        for number, answer in pool.run(range(len(trials))):
            answers[number] = answer
            if _is_doubtful(trials[number], answer):
                doubtful.append(number)
            else:
                on_answer(trials[number], answer)
        for number in doubtful:
            answers.update(LocalPool(run, 1).run([number]))
            on_answer(trials[number], answers[number])
    return [answers[number] for number in range(len(trials))]


def _is_doubtful(trial: Trial, answer: Answer) -> bool:
    """Whether a verdict that was not expected may be owed to a busy machine."""
    if isinstance(answer, BaseException):
        return False
    return any(
        not test.outcome.is_final and trial.expect.get((part.name, test.id)) not in (None, verdict_of(test))
        for part in answer.result.notebooks
        for test in part.tests
    )


def task_of(context: Context, trial: Trial) -> Task:
    """What is to be marked in a trial; the data of the students who are made up have to be prepared."""
    assignment = context.assignment
    asked = tuple(n for n in assignment.notebooks if n.name in trial.notebooks)
    chosen = tuple(_with_tests(notebook, trial.only) for notebook in asked)
    notebooks = submitted_notebooks(chosen, trial.answers, trial.solved)
    submission = Submission(trial.name, assignment.name, Path(), notebooks)
    held, judged = context.assignment_of_example(trial.holder), context.assignment_of_example(trial.owner)
    return Task(replace(held, notebooks=chosen, own=judged.own), submission)


def _run(context: Context, trial: Trial, servers: Servers, scratch: Path, watch: bool) -> Marked:
    task = task_of(context, trial)
    marked = mark(task.assignment, task.submission, context.settings, servers, scratch=scratch, watch=watch)
    return marked if trial.only is None else _of_tests(marked, trial.only)


def _with_tests(notebook: SourceNotebook, only: frozenset[str] | None) -> SourceNotebook:
    def emptied(cell: SourceCell) -> SourceCell:
        is_left_out = only is not None and cell.role is Role.TEST and f"{notebook.name}/{cell.id}" not in only
        return replace(cell, source="") if is_left_out else cell

    return replace(notebook, cells=tuple(map(emptied, notebook.cells)))


def _of_tests(marked: Marked, only: frozenset[str]) -> Marked:
    """Without the verdicts of the emptied cells."""
    parts = tuple(
        replace(part, tests=tuple(test for test in part.tests if f"{part.name}/{test.id}" in only))
        for part in marked.result.notebooks
    )
    return replace(marked, result=replace(marked.result, notebooks=parts))


def why_not_graded(answer: Answer) -> str | None:
    """The reason why a trial has no verdicts, or None if it has them."""
    if isinstance(answer, BaseException):
        return str(answer)
    if answer.result.status is Status.GRADED:
        return None
    reasons = [notebook.reason for notebook in answer.result.notebooks if notebook.reason]
    return "; ".join([*reasons, *answer.result.withheld.values()])[-500:] or str(answer.result.status)


def verdict_of(test: TestResult) -> str:
    """full, partial or zero."""
    if test.points >= test.max and test.outcome is Outcome.PASSED:
        return "full"
    return "partial" if test.points > 0 else "zero"
