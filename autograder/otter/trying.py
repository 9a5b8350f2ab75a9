"""Which tests can be run in the student's own process, as otter runs them: found out with the solution."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.context import Context
from autograder.otter.testfiles import Question
from autograder.runtime.servers import Servers
from autograder.source import SourceNotebook
from autograder.verifying.cases import tests_of
from autograder.verifying.trials import Answer, run_trials, solution_trial, verdict_of, why_not_graded

MAX_WHY = 300  # characters


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A test that otter cannot run as it is."""

    test: str
    points: float
    why: str


@dataclass(frozen=True, slots=True)
class Tried:
    """The tests of a notebook: those that can go out, by grade_id, and those that cannot."""

    questions: Mapping[str, Question]
    left_out: tuple[LeftOut, ...]


def try_tests(context: Context, files: Path, servers: Servers) -> Tried:
    """Runs the solution of the context's one notebook, with its tests and `files` beside it."""
    (notebook,) = context.assignment.notebooks
    paths = {path.relative_to(files).as_posix(): path for path in files.rglob("*") if path.is_file()}
    beside = replace(
        context,
        assignment=replace(context.assignment, support_files=paths),
        settings=replace(context.settings, isolation="shared", shared_cells=()),
    )
    (answer,) = run_trials(beside, [solution_trial(beside.assignment)], jobs=1, servers=servers)
    return _tried(notebook, answer)


def _tried(notebook: SourceNotebook, answer: Answer) -> Tried:
    if (reason := why_not_graded(answer)) is not None or isinstance(answer, BaseException):
        why = f"the solution could not be run: {reason}"
        return Tried({}, tuple(LeftOut(cell.id, cell.points or 0.0, why) for cell in tests_of(notebook)))
    (part,) = answer.result.notebooks
    results = {test.id: test for test in part.tests}
    numbers = _numbers(answer.executed[notebook.name])
    questions: dict[str, Question] = {}
    left_out: list[LeftOut] = []
    for cell in tests_of(notebook):
        question, result = Question.of(cell), results[cell.id]
        if verdict_of(result) != "full":
            record = answer.result.withheld.get(f"{notebook.name}/{cell.id}", "").strip().splitlines()
            said = record[-1] if record else result.message or result.outcome
            why = f"in one process it fails with the solution: {' '.join(said.split())[:MAX_WHY]}"
            left_out.append(LeftOut(cell.id, question.points, why))
        elif cell.id in numbers and not question.parts:
            left_out.append(LeftOut(cell.id, question.points, _NO_NUMBERS))
        else:
            questions[cell.id] = question
    return Tried(questions, tuple(left_out))


_NO_NUMBERS = (
    "it gives part of its points by a number, and otter has points for cases only; checks.Parts can be "
    "exported, if the parts stand at the top of the cell and add up to its points"
)


def _numbers(executed: str) -> set[str]:
    """The ids of the cells whose last value is a number: partial credit."""
    return {
        cell["metadata"].get("nbgrader", {}).get("grade_id")
        for cell in json.loads(executed)["cells"]
        for output in cell.get("outputs", ())
        if output["output_type"] == "execute_result" and _is_number(output["data"].get("text/plain", ""))
    }


def _is_number(text: str | list[str]) -> bool:
    try:
        float("".join(text))
    except ValueError:
        return False
    return True
