"""`autograder verify`: is the assignment's grading right, on every answer whose verdict is known?

The instructor's solution must score everything and the untouched release nothing; every case
must get what it expects; and a constant, a None and an always-raising answer, tried on every
solution cell, must not pass a single test that follows it. What cannot cross the wall is pointed at.
"""

from __future__ import annotations

import ast
import contextlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.assignment import Assignment
from autograder.cases import Case, answers_of, tests_of
from autograder.context import Context
from autograder.errors import GraderFault, UsageError
from autograder.linting import errors_of, lint_source
from autograder.marking import Marked
from autograder.names import python_of
from autograder.result import Outcome, TestResult
from autograder.runtime.servers import Servers
from autograder.source import SourceCell, SourceNotebook
from autograder.trials import (
    VERDICT_ORDER,
    Answer,
    Trial,
    every_test,
    example_of,
    is_solution,
    notebook_names,
    run_trials,
    solution_trials,
    verdict_of,
    why_not_graded,
)

RELEASE, LINT, ANOTHER = "@release", "@lint", "@another-student"
_NOT_PERSONAL = "passes with answers to another student's data: it does not depend on whose they are"
# a line of its own, or an exception's message: a traceback that quotes the source is no leak
_PWNED = re.compile(r"^[\s'\"]*(?:[\w.]+: )?PWNED:([\w./@-]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One test of one case that did not come out as it should."""

    case: str
    test: str
    expected: str
    got: str
    message: str


@dataclass(frozen=True, slots=True)
class Leak:
    """A line `PWNED:<name>` that an attack got out, and where it stood."""

    case: str
    name: str
    where: str


@dataclass
class Verification:
    """What `verify` found. It is clean if the four lists are empty.

    Of the cases that could be graded, `wrong_cases` are those in which some test should not pass,
    `wrong_accepted` those of them in which one got more than it should; `right_cases` those in which every
    test should pass, `right_rejected` those of them in which one did not.
    """

    assignment: str
    cases: int = 0
    tests: int = 0
    wrong_cases: int = 0
    wrong_accepted: int = 0
    right_cases: int = 0
    right_rejected: int = 0
    false_accepts: list[Finding] = field(default_factory=list)
    false_rejects: list[Finding] = field(default_factory=list)
    faults: list[Finding] = field(default_factory=list)
    leaks: list[Leak] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        if self.faults:
            return 4
        return 1 if self.false_accepts or self.false_rejects or self.leaks else 0


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

    `keep` is a folder for one executed notebook a case.
    """
    cases = list(cases)
    named = {case.name for case in cases}
    assignment = context.assignment
    if unsolved := [n.name for n in assignment.notebooks if not n.has_solution]:
        raise UsageError(f"no solution of {unsolved[0]!r} is known; put the solved notebook into solution/")
    # an untouched notebook may pass public tests of otter's, such as that a name is bound
    releases = [_release(assignment)] if all(n.is_template for n in assignment.notebooks) else []
    trials = [*solution_trials(context), *releases]
    trials += [trial_of(case, assignment) for case in cases]
    if probes:
        trials += [*_probes(assignment), *_of_another(context)]
    verification = Verification(
        assignment.name, len(cases), sum(len(tests_of(n)) for n in assignment.notebooks)
    )
    for problem in errors_of(lint_source(assignment, context.settings.shared_cells, context.settings.engine)):
        verification.faults.append(Finding(LINT, problem.cell, "clean", "problem", str(problem)))
    on_start(len(trials))
    answers = run_trials(context, trials, jobs=jobs, servers=servers, on_trial=on_trial)
    for trial, answer in zip(trials, answers, strict=True):
        _compare(verification, trial, answer)
        if trial.name in named:
            _count(verification, trial)
        if keep is not None:
            _keep(keep, trial, answer)
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
    found = verify(context, (), probes=False, jobs=jobs, servers=servers)
    for finding in (*found.faults, *found.false_accepts):
        if finding.case == LINT:
            raise GraderFault(f"{context.assignment.name} does not verify: {finding.message}")
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


def _probes(assignment: Assignment) -> Iterator[Trial]:
    """Answers without any knowledge, on every code cell that students fill."""
    for notebook in assignment.notebooks:
        for cell in answers_of(notebook):
            tests = tests_after(notebook, cell)
            if cell.cell_type != "code" or not tests:
                continue
            for kind, (function, value) in _KNOW_NOTHING.items():
                answer = _answer(cell, function, value)
                expect: dict[tuple[str, str], str | None] = {(notebook.name, test): "zero" for test in tests}
                yield Trial(
                    f"@{kind}/{cell.id}", (notebook.name,), {(notebook.name, cell.id): answer}, expect
                )


def _of_another(context: Context) -> Iterator[Trial]:
    """The solution's answers to one student's data, handed in by another."""
    if context.personal is not None:
        expect: dict[tuple[str, str], str | None] = {
            (notebook, test): "zero" if test in context.personal.tests else None
            for notebook, test in every_test(context.assignment, None)
        }
        yield Trial(ANOTHER, notebook_names(context.assignment), {}, expect, owner=1, holder=0)


_KNOW_NOTHING = {
    "constant": ("return 0.5", "0.5"),
    "none": ("return None", "None"),
    "raising": ('raise ValueError("no answer")', None),
}


def tests_after(notebook: SourceNotebook, answer: SourceCell) -> list[str]:
    """The tests between this answer and the next one."""
    cells = list(notebook.cells)
    found = []
    for cell in cells[cells.index(answer) + 1 :]:
        if cell.role.is_answer:
            break
        if cell.role == "test":
            found.append(cell.id)
    return found


def _answer(cell: SourceCell, function: str, value: str | None) -> str:
    """The cell with every function's body replaced and every other name bound to `value`, or unbound."""
    lines = []
    for node in ast.parse(python_of(cell.source)).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            lines.append(f"def {node.name}(*args, **kwargs):\n    {function}")
        elif value is not None:
            names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
            lines += [f"{name} = {value}" for name in sorted(names)]
    return "\n".join(lines)


# Judging ----------------------------------------------------------------------------------------


def _count(verification: Verification, trial: Trial) -> None:
    wanted = {verdict for verdict in trial.expect.values() if verdict is not None}
    accepted, rejected, faulty = (
        any(found.case == trial.name for found in findings)
        for findings in (verification.false_accepts, verification.false_rejects, verification.faults)
    )
    if faulty:
        return
    if wanted - {"full"}:
        verification.wrong_cases += 1
        verification.wrong_accepted += accepted
    elif wanted:
        verification.right_cases += 1
        verification.right_rejected += rejected


def _compare(verification: Verification, trial: Trial, answer: Answer) -> None:
    why = why_not_graded(answer)
    if isinstance(answer, BaseException) or why is not None:
        verification.faults.append(Finding(trial.name, "", "graded", "fault", why or ""))
        return
    for notebook in answer.result.notebooks:
        for test in notebook.tests:
            expected = trial.expect.get((notebook.name, test.id))
            record = answer.result.withheld.get(f"{notebook.name}/{test.id}", "")
            _judge(verification, trial, expected, test, record)
    _search(verification, trial, answer)


def _judge(
    verification: Verification, trial: Trial, expected: str | None, test: TestResult, record: str
) -> None:
    got = verdict_of(test)
    message = _NOT_PERSONAL if trial.name == ANOTHER else test.message or record[-300:]
    finding = Finding(trial.name, test.id, expected or "any", got, message)
    if test.outcome is Outcome.FAULT:
        verification.faults.append(finding)
    elif expected is None or got == expected or (expected == "zero" and not test.max):
        return
    elif is_solution(trial.name):  # a test that fails on the solution is a fault of the test
        verification.faults.append(replace(finding, message=f"{test.message} {record[-600:]}".strip()))
    elif VERDICT_ORDER[got] > VERDICT_ORDER[expected]:
        verification.false_accepts.append(finding)
    else:
        verification.false_rejects.append(finding)


def _search(verification: Verification, trial: Trial, answer: Marked) -> None:
    places = {f"visible {name}": text for name, text in _shown(answer)}
    places |= {f"withheld {test}": text for test, text in answer.result.withheld.items()}
    for where, text in places.items():
        for name in sorted(set(_PWNED.findall(text))):
            verification.leaks.append(Leak(trial.name, name, where))


def _shown(answer: Marked) -> Iterator[tuple[str, str]]:
    """What the executed notebooks show: outputs, not sources, which may well say PWNED."""
    import json

    for name, text in answer.executed.items():
        for number, cell in enumerate(json.loads(text)["cells"]):
            if cell.get("outputs"):
                yield f"{name}, cell {number}", _output_text(cell["outputs"])
    for path, data in answer.written.items():
        yield path, data.decode("utf-8", "replace")


def _output_text(outputs: list[dict[str, object]]) -> str:
    """Every text in the outputs; a traceback quotes source lines, so only its last line counts."""
    parts: list[str] = []
    for output in outputs:
        if output["output_type"] == "stream":
            parts.append(str(output["text"]))
        elif output["output_type"] == "error":
            parts.append(str(output["evalue"]))
        else:
            data = output["data"]
            assert isinstance(data, dict)
            parts += [str(value) for mime, value in data.items() if not mime.startswith("image/p")]
    return "\n".join(parts)


def _keep(folder: Path, trial: Trial, answer: Answer) -> None:
    if isinstance(answer, Marked):
        for name, text in answer.executed.items():
            several = len(answer.executed) > 1
            path = folder / (f"{trial.name}.{name}.ipynb" if several else f"{trial.name}.ipynb")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
