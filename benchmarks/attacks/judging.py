"""What an attack got out of a grader."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from autograder.assignment import Assignment
from autograder.verifying.cases import Case, tests_of
from benchmarks.attacks.tools import Run

EXHAUSTION = 4  # the promise whose attacks print PWNED for what would have stopped the machine
# What a terminal obeys, colours apart.
_CONTROL = re.compile(r"\x1b[\]PX^_]|\x1b\[[0-9;?]*[A-Za-ln-z]|[\x80-\x9f\x07\x08]")


@dataclass(frozen=True, slots=True)
class Verdict:
    """`fooled`: it has marks that it does not deserve. `leaked`: it printed its PWNED line, or what it
    displays runs. `knocked_out`: no end, no marks, or marks lost that it should have kept."""

    fooled: tuple[str, ...] = ()
    leaked: bool = False
    knocked_out: str = ""

    @property
    def succeeded(self) -> bool:
        return bool(self.fooled or self.leaked or self.knocked_out)


def judge(case: Case, run: Run, assignment: Assignment, usual: Mapping[str, float]) -> Verdict:
    """`usual` are the marks that the same grader gives to the solution."""
    got_it = _got_it(case.name, run)
    exhausted = got_it and case.promise == EXHAUSTION
    return Verdict(
        fooled=tuple(_fooled(case, run)),
        leaked=got_it and not exhausted,
        knocked_out="the resource was had" if exhausted else _knocked_out(case, run, assignment, usual),
    )


def _fooled(case: Case, run: Run) -> Iterator[str]:
    for test, verdict in case.expect.items():
        if verdict == "zero" and run.points.get(test, 0.0) > 0:
            yield test


def _got_it(name: str, run: Run) -> bool:
    mark = re.compile(rf"PWNED:{re.escape(name)}(?![\w-])")
    texts = list(_texts(run.shown))
    if mark.search(run.printed) or any(map(mark.search, texts)):
        return True
    controls = [*texts, run.said] if name.endswith("terminal_control") else []
    return any(map(_CONTROL.search, controls))


def _texts(outputs: list[dict[str, Any]]) -> Iterator[str]:
    for output in outputs:
        if output["output_type"] == "stream":
            yield _joined(output["text"])
        elif output["output_type"] == "error":
            yield str(output["evalue"])
        else:
            yield from (_joined(value) for mime, value in output["data"].items() if "image/p" not in mime)


def _joined(text: Any) -> str:
    return "".join(map(str, text)) if isinstance(text, list) else str(text)


def _knocked_out(case: Case, run: Run, assignment: Assignment, usual: Mapping[str, float]) -> str:
    if not run.ended:
        return "it did not come to an end"
    if not run.bystanders:
        return "others lost their marks"
    tests = [cell.id for name in case.notebooks(assignment) for cell in tests_of(assignment.notebook(name))]
    if not any(test in run.points for test in tests):
        return "no marks at all"
    deserved = [test for test in tests if case.expect.get(test, "any" if case.rest_any else "full") == "full"]
    lost = [test for test in deserved if run.points.get(test, 0.0) < usual.get(test, 0.0)]
    return f"lost: {', '.join(lost)}" if lost else ""
