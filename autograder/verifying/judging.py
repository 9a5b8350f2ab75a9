"""What a trial showed, and whether that is what it should have shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from autograder.assignment import Assignment
from autograder.marking import Marked
from autograder.places import place_in
from autograder.result import Outcome
from autograder.verifying.trials import (
    ANOTHER,
    VERDICT_ORDER,
    Answer,
    Trial,
    is_solution,
    verdict_of,
    why_not_graded,
)

MAX_REASON = 600  # characters
_NOT_PERSONAL = "passes with answers to another student's data: it does not depend on whose they are"
# where a record goes on with what the student's code left
_OF_STUDENT = re.compile(r"\n(?:In the student's code|Printed meanwhile):\n")
# a line of its own, or an exception's message: a traceback that quotes the source is no leak
_PWNED = re.compile(r"^(?:[^\S\n]|['\"])*(?:[\w.]+: )?PWNED:([\w./@-]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One test of one case that did not come out as it should, its cell, and the line of it that failed."""

    case: str
    test: str
    expected: str
    got: str
    message: str
    where: str = ""


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


@dataclass(frozen=True, slots=True)
class Judged:
    """How one test ended: `reason` is the exception in a line, or what was printed where there is none.

    `line`, from 1, is where its cell failed; `leaks` are the names that got out.
    """

    outcome: Outcome
    verdict: str
    max: float
    message: str
    reason: str
    line: int | None
    leaks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Observed:
    """What a trial showed: its tests as "notebook/test", leaks beside them by place, or why it has none."""

    tests: Mapping[str, Judged]
    leaks: Mapping[str, tuple[str, ...]]
    why_not: str = ""


def observe(answer: Answer) -> Observed:
    """The part of an answer that verdicts are about."""
    why_not = why_not_graded(answer)
    if isinstance(answer, BaseException) or why_not is not None:
        return Observed({}, {}, why_not or "no reason is known")
    withheld = answer.result.withheld
    tests = {}
    for part in answer.result.notebooks:
        for test in part.tests:
            name = f"{part.name}/{test.id}"
            record = withheld.get(name, "")
            tests[name] = Judged(
                test.outcome,
                verdict_of(test),
                test.max,
                test.message,
                _reason(record),
                answer.lines.get(name),
                _names_in(record),
            )
    shown = {where: names for where, text in _shown(answer) if (names := _names_in(text))}
    return Observed(tests, shown)


def judge(verification: Verification, assignment: Assignment, trial: Trial, observed: Observed) -> None:
    """Adds to `verification` whatever the trial should not have shown."""
    if observed.why_not:
        verification.faults.append(Finding(trial.name, "", "graded", "fault", observed.why_not))
        return
    for name, test in observed.tests.items():
        _judge(verification, assignment, trial, name, test)
        verification.leaks += (Leak(trial.name, leak, f"withheld {name}") for leak in test.leaks)
    for where, names in observed.leaks.items():
        verification.leaks += (Leak(trial.name, leak, f"visible {where}") for leak in names)


def _judge(verification: Verification, assignment: Assignment, trial: Trial, name: str, test: Judged) -> None:
    notebook, _, cell = name.partition("/")
    expected = trial.expect.get((notebook, cell))
    got = test.verdict
    if test.outcome is not Outcome.FAULT and (
        expected is None or got == expected or (expected == "zero" and not test.max)
    ):
        return
    where = place_in(assignment.name, assignment.notebook(notebook), cell, test.line).in_full
    message = test.message or test.reason
    finding = Finding(trial.name, cell, expected or "any", got, message, where)
    if test.outcome is Outcome.FAULT:
        verification.faults.append(finding)
    elif is_solution(trial.name):  # a test that fails on the solution is a fault of the test
        why = test.reason if test.outcome is Outcome.ERROR else ""
        verification.faults.append(replace(finding, message=_with_reason(test.message, why)))
    elif expected is not None and VERDICT_ORDER[got] > VERDICT_ORDER[expected]:
        why = _NOT_PERSONAL if trial.name == ANOTHER else message
        verification.false_accepts.append(replace(finding, message=why))
    else:
        verification.false_rejects.append(finding)


def _with_reason(message: str, reason: str) -> str:
    """What the student reads, and the exception, which is named once."""
    name, colon, what = reason.partition(": ")
    if not reason or message.endswith(f" {name.rpartition('.')[2]}"):
        return f"{message}{colon}{what}"
    return reason if reason.endswith(message) else f"{message}: {reason}"


def _reason(record: str) -> str:
    lines = _OF_STUDENT.split(record, maxsplit=1)[0].strip().splitlines()
    return lines[-1][:MAX_REASON] if lines else ""


def count(verification: Verification, trial: Trial) -> None:
    """Counts a case that was judged among the right or the wrong ones."""
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


# Leaks ------------------------------------------------------------------------------------------


def _names_in(text: str) -> tuple[str, ...]:
    return tuple(sorted(set(_PWNED.findall(text))))


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
