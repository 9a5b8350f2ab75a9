"""results.json as Gradescope wants it, made of a result of ours. Pure: values in, values out.

The format: https://gradescope-autograders.readthedocs.io/en/latest/specs/. Nothing of it is shown as
HTML or Markdown, because parts of it are students' words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from autograder.assignment import Assignment
from autograder.display.terminal import visible
from autograder.regions import HIDDEN_TESTS, has_region
from autograder.result import SCHEMA, NotebookResult, Outcome, Result, Status, TestResult
from autograder.runtime.tiers import STRONGEST
from autograder.source import Role, SourceCell

Visibility = Literal["visible", "after_due_date", "after_published", "hidden"]

MAX_WORDS = 2_000  # characters of what one test says
MAX_OUTPUT = 10_000
MAX_LINES = 20  # of a kind in the output
# ECMA-48: control sequences, strings such as a title or a link, and two-character escapes
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])")

NO_ZERO = (
    "NOT GRADED. The grader did not get to its end. This is no zero and no fault of the submission, which "
    "is kept: the instructor has to run the autograder again (Rerun Autograder, or Regrade All Submissions)."
)
_UNFINISHED = (
    "It was stopped from outside: its time or memory ran out, or its image was not built to its end."
)
_WHEN = {
    "after_due_date": "after the due date",
    "after_published": "when the marks are published",
    "hidden": "by the instructor alone",
}


@dataclass(frozen=True, slots=True)
class Form:
    """How a result is shown. `hidden` is when students see what hidden tests made of their work."""

    assignment: Assignment
    hidden: Visibility = "after_published"

    def of_result(self, result: Result, seconds: float) -> dict[str, Any]:
        """The results of a submission that was graded, as far as it was."""
        extra = {
            "assignment": result.assignment,
            "student": visible(result.student),
            "status": str(result.status),
            "tier": result.tier,
            "isolation": result.isolation,
            "key": result.key,
            "grader": result.versions.get("autograder", ""),
        }
        return {
            "execution_time": round(seconds, 1),
            "output": shown("\n".join(self._lines(result)), MAX_OUTPUT),
            "output_format": "text",
            "test_output_format": "text",
            "test_name_format": "text",
            "stdout_visibility": "hidden",
            "extra_data": extra,
            "tests": list(self._tests(result)),
        }

    def of_fault(self, words: str, seconds: float = 0.0, tier: int | None = None) -> dict[str, Any]:
        """The results where nothing was graded, for a reason that lies with us."""
        nothing = Result(
            schema=SCHEMA,
            assignment=self.assignment.name,
            student="",
            status=Status.FAULT,
            key="",
            tier=tier,
            isolation="",
            seeds={},
            versions={},
            notebooks=(),
        )
        found = self.of_result(nothing, seconds)
        return found | {"output": shown(f"{NO_ZERO}\n{words}", MAX_OUTPUT)}

    def of_unfinished(self) -> dict[str, Any]:
        """What lies there before the grader starts, and stays if it is killed."""
        return self.of_fault(_UNFINISHED)

    def _tests(self, result: Result) -> Iterator[dict[str, Any]]:
        told = False  # whether the student's code may know hidden inputs by now
        for number, notebook in enumerate(self.assignment.notebooks, 1):
            part = result.notebook(notebook.name)
            ran = {test.id: test for test in part.tests} if part else {}
            cells = [cell for cell in notebook.cells if cell.role is Role.TEST]
            for place, cell in enumerate(cells, 1):
                told = told or is_secret(cell)
                yield {
                    "name": f"{notebook.name} / {cell.id}",
                    "number": f"{number}.{place}",
                    **self._verdict(cell, part, ran.get(cell.id), told),
                    "max_score": cell.points or 0.0,
                    "tags": [notebook.name],
                    "extra_data": {"notebook": notebook.name, "grade_id": cell.id},
                }

    def _verdict(
        self, cell: SourceCell, part: NotebookResult | None, test: TestResult | None, told: bool
    ) -> dict[str, Any]:
        visibility: Visibility = self.hidden if is_secret(cell) else "visible"
        if part is not None and part.status is Status.MISSING:
            return _entry(0.0, "failed", part.reason, visibility)
        if test is None or test.outcome is Outcome.FAULT:
            why = f" {part.reason}" if part is not None and part.reason else ""
            # not to be seen as a zero: while a test is not shown, Gradescope shows students no total
            return _entry(0.0, "failed", f"Not graded; this is no zero.{why}", "after_published")
        words = test.message or str(test.outcome)
        if told and visibility == "visible" and self.hidden != "visible":
            words = f"{test.outcome} (behind a hidden test: its words are left out)"
        status = "passed" if test.outcome is Outcome.PASSED else "failed"
        return _entry(test.points, status, words, visibility)

    def _lines(self, result: Result) -> Iterator[str]:
        """What is said of the whole submission."""
        tests = [test for notebook in result.notebooks for test in notebook.tests]
        if result.status is Status.FAULT or any(test.outcome is Outcome.FAULT for test in tests):
            yield NO_ZERO
        for notebook in result.notebooks:
            if notebook.status is Status.NOT_GRADABLE:
                yield (
                    f"{notebook.name}: NOT GRADED: {notebook.reason}. This is no zero yet: hand in a "
                    "notebook that opens in Jupyter, or ask the instructor to look at it."
                )
            elif notebook.status is Status.MISSING:
                yield f"{notebook.name}: {notebook.reason}; none of its tests was passed."
        secret = sum(is_secret(c) for n in self.assignment.notebooks for c in n.cells if c.role is Role.TEST)
        if secret and self.hidden in _WHEN:
            yield f"{secret} tests are hidden; what they found is seen {_WHEN[self.hidden]}."
        yield from _some([*result.tampering, *result.limits])
        yield from _some(list(self._errors(result)))
        by_hand = [
            f"{notebook.name} / {cell.id} ({cell.points or 0:g})"
            for notebook in self.assignment.notebooks
            for cell in notebook.cells
            if cell.role in (Role.MANUAL, Role.TASK)
        ]
        if by_hand:
            yield f"Marked by a person, with points beside those here: {', '.join(by_hand)}."
        if result.tier is not None:
            yield f"Run in a jail of tier {result.tier} of {STRONGEST}."

    def _errors(self, result: Result) -> Iterator[str]:
        """Errors in the student's own cells, of those that ran before the first hidden test.

        Later cells know what hidden tests asked, and could say it.
        """
        tells_all = self.hidden == "visible"
        for notebook in self.assignment.notebooks:
            part = result.notebook(notebook.name)
            secret = {cell.id for cell in notebook.cells if cell.role is Role.TEST and is_secret(cell)}
            end = _first_of(secret, part) if part is not None and not tells_all else math.inf
            for cell in part.cells if part else ():
                if cell.outcome is Outcome.ERROR and cell.index < end:
                    name = f"cell {cell.id}" if cell.id else f"cell number {cell.index + 1}"
                    yield f"{notebook.name}: {name} ended in {cell.message or 'an error'}"
            if secret and not tells_all:
                return


def _first_of(tests: set[str], part: NotebookResult) -> float:
    """The place of the first of these tests among all cells of the executed notebook."""
    others = {cell.index for cell in part.cells}
    places = (n for n in range(len(part.cells) + len(part.tests)) if n not in others)
    return next((n for n, test in zip(places, part.tests, strict=True) if test.id in tests), math.inf)


def _entry(score: float, status: str, words: str, visibility: Visibility) -> dict[str, Any]:
    return {
        "score": score,
        "status": status,
        "output": shown(words, MAX_WORDS),
        "output_format": "text",
        "visibility": visibility,
    }


def _some(lines: list[str]) -> Iterator[str]:
    yield from lines[:MAX_LINES]
    if len(lines) > MAX_LINES:
        yield f"and {len(lines) - MAX_LINES} more like these"


def is_secret(cell: SourceCell) -> bool:
    """Whether a test has a hidden part; its verdict then tells of that, whatever else stands in the cell."""
    return has_region(cell.source, HIDDEN_TESTS)


def shown(text: str, most: int) -> str:
    """Text of a student's making as plain lines, without escapes and control characters, cut to length."""
    plain = "\n".join(visible(line) for line in _ESCAPES.sub("", text[: 4 * most]).splitlines())
    return plain if len(plain) <= most else f"{plain[: most - 10]} ... (cut)"
