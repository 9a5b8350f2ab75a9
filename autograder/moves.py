"""Which marks differ between two results of the same student, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from autograder.result import Outcome, Result, Status, TestResult

_WORDS = {
    "submission": "handed in again",
    "files": "a file of the assignment changed",
    "modules": "a module of the tests changed",
    "settings": "settings changed",
    "personal": "other data were handed out",
}


@dataclass(frozen=True, slots=True)
class Move:
    """One mark that is another one now. None points are a grade that is open, or a test that is not there."""

    student: str
    test: str  # "notebook/id"
    before: float | None
    after: float | None
    why: str
    message: str = ""  # what the student reads now


def moves(before: Result, after: Result) -> Iterator[Move]:
    """The automatic marks that differ, in the order of the tests, those that were taken out last."""
    old, new = _tests(before), _tests(after)
    for path in [*new, *(path for path in old if path not in new)]:
        a, b = _points(before, old, path), _points(after, new, path)
        if a != b:
            message = new[path].message if path in new else ""
            yield Move(after.student, path, a, b, _why(before, after, old, new, path), message)


def _tests(result: Result) -> Mapping[str, TestResult]:
    return {f"{part.name}/{test.id}": test for part in result.notebooks for test in part.tests}


def _points(result: Result, tests: Mapping[str, TestResult], path: str) -> float | None:
    if path in tests:
        return None if tests[path].outcome is Outcome.FAULT else tests[path].points
    part = result.notebook(path.partition("/")[0])
    missing = part is not None and part.status is Status.MISSING
    return 0.0 if missing and path in result.inputs else None


def _why(
    before: Result,
    after: Result,
    old: Mapping[str, TestResult],
    new: Mapping[str, TestResult],
    path: str,
) -> str:
    a, b = before.inputs, after.inputs
    if Status.FAULT in (before.status, after.status):
        return "a fault of the grader" if after.status is Status.FAULT else "a fault was overcome"
    if path not in a:
        return "a new test"
    if path not in b:
        return "taken out"
    reasons = []
    if a[path] != b[path]:
        reasons.append("the test changed")
    if path in old and path in new and old[path].max != new[path].max:
        reasons.append(f"{old[path].max:g} points became {new[path].max:g}")
    if a["submission"] != b["submission"]:
        reasons.append(_WORDS["submission"])
    return ", ".join(reasons or _elsewhere(before, after, path)) or "graded again"


def _elsewhere(before: Result, after: Result, path: str) -> list[str]:
    """What changed besides this test and the submission."""
    changed = {name for name in before.inputs if before.inputs[name] != after.inputs.get(name)}
    notebook = path.partition("/")[0]
    reasons = [_WORDS[name] for name in ("files", "modules", "settings", "personal") if name in changed]
    if any(name.startswith(f"{notebook}/") for name in changed):
        reasons.append(f"another cell of {notebook} changed")
    if "versions" in changed:
        names = sorted(set(before.versions) | set(after.versions))
        reasons += [
            f"another {name}" for name in names if before.versions.get(name) != after.versions.get(name)
        ]
    if before.tier != after.tier:
        reasons.append("another jail")
    return reasons
