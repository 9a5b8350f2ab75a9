"""`autograder verify`: is the assignment's grading right, on every answer whose verdict is known?

The instructor's solution must score everything and the untouched release nothing; every case
must get what it expects; and a constant, a None and an always-raising answer, tried on every
solution cell, must not pass a single test that follows it. Where data are personal, all that is tried
as students who are made up. What cannot cross the wall is pointed at.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from autograder.assignment import Assignment
from autograder.context import Context
from autograder.errors import GraderFault, UsageError
from autograder.linting.lint import errors_of, lint_source
from autograder.marking import Marked
from autograder.runtime.servers import Servers
from autograder.verifying.cases import Case, tests_of
from autograder.verifying.judging import Finding, Observed, Verification, count, judge, observe
from autograder.verifying.probes import probes_of
from autograder.verifying.remembering import Memory
from autograder.verifying.trials import (
    Answer,
    Trial,
    every_test,
    example_of,
    is_solution,
    notebook_names,
    run_trials,
    solution_trials,
)

RELEASE, LINT = "@release", "@lint"


def verify(
    context: Context,
    cases: Iterable[Case],
    *,
    probes: bool = True,
    jobs: int = 1,
    servers: Servers | None = None,
    keep: Path | None = None,
    on_start: Callable[[int], None] = lambda total: None,
    on_trial: Callable[[str], None] = lambda case: None,
) -> Verification:
    """Grades solution, release, cases and probes, by data of students who are made up where these are
    personal; compares each test's verdict with the expected one.

    `keep` is a folder for one executed notebook a case. Nothing is taken from earlier runs; what was found is
    remembered for `verify_changed`.
    """
    cases = list(cases)
    trials = trials_of(context, cases, probes)
    memory = Memory(context) if context.assignment.is_template else None
    observed: dict[str, Observed] = {}

    def note(trial: Trial, answer: Answer) -> None:
        observed[trial.name] = found = observe(answer)
        if memory is not None:
            memory.put(trial, found)
        if keep is not None:
            _keep(keep, trial, answer)
        on_trial(trial.name)

    on_start(len(trials))
    run_trials(context, trials, jobs=jobs, servers=servers, on_answer=note)
    return judged(context, cases, trials, observed)


def trials_of(context: Context, cases: Iterable[Case], probes: bool = True) -> list[Trial]:
    """All that is graded to verify an assignment: solution, release, cases and probes, in this order."""
    assignment = context.assignment
    if unsolved := [n.name for n in assignment.notebooks if not n.has_solution]:
        raise UsageError(f"no solution of {unsolved[0]!r} is known; put the solved notebook into solution/")
    # an untouched notebook may pass public tests of otter's, such as that a name is bound
    releases = [_release(assignment)] if assignment.is_template else []
    trials = [*solution_trials(context), *releases, *(trial_of(case, assignment) for case in cases)]
    return [*trials, *(probes_of(context) if probes else ())]


def judged(
    context: Context, cases: Iterable[Case], trials: Iterable[Trial], observed: Mapping[str, Observed]
) -> Verification:
    """The verification by what is known of the trials, and by what the notebooks' text tells."""
    assignment, settings = context.assignment, context.settings
    named = {case.name for case in cases}
    tests = sum(len(tests_of(notebook)) for notebook in assignment.notebooks)
    verification = Verification(assignment.name, len(named), tests)
    for problem in errors_of(lint_source(assignment, settings.shared_cells, settings.engine)):
        verification.faults.append(
            Finding(
                LINT,
                problem.cell,
                "clean",
                "problem",
                f"{problem.message}; {problem.mend}",
                problem.place.in_full,
            )
        )
    for trial in trials:
        if trial.name in observed:
            judge(verification, assignment, trial, observed[trial.name])
            if trial.name in named:
                count(verification, trial)
    return verification


def require_verified(context: Context, servers: Servers | None, jobs: int) -> None:
    """Raises GraderFault unless the solution scores everything and the release nothing.

    What was verified once is remembered until something changes that the marks depend on. An assignment of
    otter's whose solution is not known is taken as it is.
    """
    if not all(notebook.has_solution for notebook in context.assignment.notebooks):
        return
    record = context.course.state / "verified" / context.assignment.name
    with contextlib.suppress(OSError):
        if record.read_text() == context.digest:
            return
    settings = context.settings
    if problems := errors_of(lint_source(context.assignment, settings.shared_cells, settings.engine)):
        raise GraderFault(f"{context.assignment.name} does not verify: {problems[0]}")
    found = verify(context, (), probes=False, jobs=jobs, servers=servers)
    for finding in (*found.faults, *found.false_accepts):
        who = "the instructor's solution" if is_solution(finding.case) else "the untouched release"
        what = f"scores {finding.got} on {finding.test}" if finding.test else f"ends in a {finding.got}"
        why = (finding.message.strip().splitlines() or ["no reason is known"])[-1][:300]
        raise GraderFault(
            f"{context.assignment.name} does not verify: {who} {what} ({why}); mend it, see "
            f"`autograder verify {context.assignment.name}`, or grade with --unverified"
        )
    record.parent.mkdir(parents=True, exist_ok=True)
    record.write_text(context.digest)


# Trials -----------------------------------------------------------------------------------------


def _release(assignment: Assignment) -> Trial:
    return Trial(RELEASE, notebook_names(assignment), {}, every_test(assignment, "zero"), solved=False)


def trial_of(case: Case, assignment: Assignment) -> Trial:
    """The notebooks that the case touches, with the verdicts that it expects."""
    notebooks = tuple(case.notebooks(assignment))
    default = None if case.rest_any else "full"
    expect = {
        (notebook, test): case.expect.get(test, default)
        for notebook, test in every_test(assignment, None)
        if notebook in notebooks
    }
    number = example_of(case.name)
    return Trial(case.name, notebooks, case.answers, expect, owner=number, holder=number)


def _keep(folder: Path, trial: Trial, answer: Answer) -> None:
    if isinstance(answer, Marked):
        for name, text in answer.executed.items():
            several = len(answer.executed) > 1
            path = folder / (f"{trial.name}.{name}.ipynb" if several else f"{trial.name}.ipynb")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
