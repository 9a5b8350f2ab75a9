"""`autograder verify --mutants`: do the tests notice small mistakes in the instructor's solution?

Every mutant is graded as a submission; one that still scores everything has survived. A survivor
may be declared equivalent in `_equivalent.py` beside the cases, where a function compares it
with the solution on random data: what lies within the tolerance of the tests need not be noticed.
"""

from __future__ import annotations

import runpy
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from autograder.assignment import Assignment
from autograder.context import Context
from autograder.errors import UsageError, did_you_mean
from autograder.names import without_magics
from autograder.regions import SOLUTION as SOLUTION_REGION
from autograder.regions import without_marks
from autograder.result import Outcome
from autograder.runtime.servers import Servers
from autograder.verifying.cases import EQUIVALENT_FILE, tests_of
from autograder.verifying.mutants import Mutant, mutants_of
from autograder.verifying.trials import (
    SOLUTION,
    Answer,
    Trial,
    run_trials,
    solution_trial,
    verdict_of,
    why_not_graded,
)

COMPARISONS = 10_000
LEAST_KILLED = 0.95  # of the mutants that are not equivalent
MOST_EQUIVALENT = 0.1  # of all

# How far a mutant's answer lies from the solution's on data drawn from the generator, in units of what the
# tests tolerate: one number or an array of them. Both are namespaces with what the notebook's cells define.
Distance = Callable[[SimpleNamespace, SimpleNamespace, Any], Any]


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that scores everything. `reason` says why it may, and is empty for a gap in the tests."""

    name: str
    notebook: str
    operator: str
    diff: str
    reason: str = ""
    distance: float | None = None


@dataclass
class MutationTest:
    """What `verify --mutants` found.

    `idle` are the tests that no mutant failed, `together` groups of tests that failed on the same mutants,
    `failing` the mutants (by name) that each test failed.
    """

    assignment: str
    mutants: int = 0
    killed: int = 0
    survivors: list[Survivor] = field(default_factory=list)
    equivalent: list[Survivor] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    idle: list[str] = field(default_factory=list)
    together: list[list[str]] = field(default_factory=list)
    failing: dict[str, list[str]] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """Killed mutants, of those that are not equivalent; 1 if there are none."""
        counted = self.mutants - len(self.equivalent)
        return self.killed / counted if counted else 1.0

    @property
    def exit_code(self) -> int:
        if self.faults:
            return 4
        too_many = len(self.equivalent) > MOST_EQUIVALENT * self.mutants
        return 1 if self.share < LEAST_KILLED or too_many else 0


def mutation_test(
    context: Context,
    equivalents: Equivalents,
    *,
    jobs: int = 1,
    servers: Servers | None = None,
    on_start: Callable[[int], None] = lambda total: None,
    on_trial: Callable[[str], None] = lambda name: None,
) -> MutationTest:
    """Grades every mutant of the solution, and compares those that are declared equivalent with it."""
    assignment = context.assignment
    mutants = mutants_of(assignment)
    equivalents.refuse_unknown([mutant.name for mutant in mutants])
    trials = [solution_trial(assignment), *map(_trial, mutants)]
    on_start(len(trials))
    solution, *answers = run_trials(
        context, trials, jobs=jobs, servers=servers, on_answer=lambda trial, _: on_trial(trial.name)
    )
    found = MutationTest(assignment.name, len(mutants))
    if failed := _failed(solution, found.faults, SOLUTION):
        found.faults.append(f"{SOLUTION}: the instructor's solution fails {', '.join(sorted(failed))}")
    failing: dict[str, list[str]] = defaultdict(list)
    for mutant, answer in zip(mutants, answers, strict=True):
        failed = _failed(answer, found.faults, mutant.name)
        if failed:
            found.killed += 1
            for test in failed:
                failing[test].append(mutant.name)
            if mutant.name in equivalents.reasons:
                found.faults.append(
                    f"{mutant.name}: a test fails it, so it is not equivalent; "
                    f"take it out of {equivalents.path}"
                )
        elif failed is not None:
            _survived(found, mutant, assignment, equivalents)
    tests = [test.id for notebook in assignment.notebooks for test in tests_of(notebook)]
    found.failing = {test: failing[test] for test in tests}
    found.idle = [test for test in tests if not failing[test]]
    found.together = _together(found.failing)
    return found


def _trial(mutant: Mutant) -> Trial:
    return Trial(mutant.name, (mutant.notebook,), {(mutant.notebook, mutant.cell): mutant.source}, {})


def _failed(answer: Answer, faults: list[str], name: str) -> set[str] | None:
    """The tests that are not passed in full; None, and a fault noted, where there are no verdicts."""
    why = why_not_graded(answer)
    if isinstance(answer, BaseException) or why is not None:
        faults.append(f"{name}: {why}")
        return None
    tests = [test for notebook in answer.result.notebooks for test in notebook.tests]
    faulty = [test.id for test in tests if test.outcome is Outcome.FAULT]
    if faulty:
        faults.append(f"{name}: {', '.join(faulty)} ended in a fault of the test or of the grader")
        return None
    return {test.id for test in tests if test.max and verdict_of(test) != "full"}


def _survived(found: MutationTest, mutant: Mutant, assignment: Assignment, equivalents: Equivalents) -> None:
    survivor = Survivor(mutant.name, mutant.notebook, mutant.operator, mutant.diff)
    reason = equivalents.reasons.get(mutant.name)
    if reason is None:
        found.survivors.append(survivor)
        return
    distance = equivalents.distance(assignment, mutant)
    if distance <= 1:
        found.equivalent.append(replace(survivor, reason=reason, distance=distance))
    else:
        found.faults.append(
            f"{mutant.name}: not equivalent: it lies {distance:.3g} times the tolerance from the solution; "
            f"take it out of {equivalents.path}, or mend how it is compared"
        )
        found.survivors.append(survivor)


def _together(failing: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Tests that failed just the same mutants: one of them tells all."""
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for test, mutants in failing.items():
        if mutants:
            groups[tuple(mutants)].append(test)
    return [tests for tests in groups.values() if len(tests) > 1]


# Equivalent mutants -----------------------------------------------------------------------------


class Equivalents:
    """What `_equivalent.py` declares: `EQUIVALENT`, reasons by the name of the mutant, and for each cell that
    has one a function of the cell's id, `Distance`."""

    def __init__(self, path: Path, reasons: Mapping[str, str], functions: Mapping[str, Distance]) -> None:
        self.path = path
        self.reasons = reasons
        self._functions = functions

    @classmethod
    def read(cls, folder: Path) -> Equivalents:
        """From the file in `folder`; nothing is equivalent without one. Runs it: it is the instructor's."""
        path = folder / EQUIVALENT_FILE
        if not path.exists():
            return cls(path, {}, {})
        try:
            names = runpy.run_path(str(path))
        except Exception as error:
            raise UsageError(f"{path}: {type(error).__name__}: {error}") from None
        reasons = names.get("EQUIVALENT")
        if not isinstance(reasons, dict) or not all(
            isinstance(name, str) and isinstance(reason, str) and reason for name, reason in reasons.items()
        ):
            raise UsageError(f"{path}: EQUIVALENT maps the name of a mutant to the reason, in words")
        for name in reasons:
            cell = name.partition("/")[0]
            if not callable(names.get(cell)):
                raise UsageError(
                    f"{path}: {name} has no comparison; define {cell}(right, mutant, rng), which returns how "
                    "far the two lie apart, in units of the tolerance"
                )
        return cls(path, reasons, {name: value for name, value in names.items() if callable(value)})

    def refuse_unknown(self, names: Iterable[str]) -> None:
        """UsageError for a reason of a mutant that there is not, as after a change of the solution."""
        known = list(names)
        for name in self.reasons:
            if name not in known:
                raise UsageError(f"{self.path}: no mutant {name!r}{did_you_mean(name, known)}")

    def distance(self, assignment: Assignment, mutant: Mutant) -> float:
        """The largest distance of the mutant from the solution in COMPARISONS comparisons.

        An error in the mutant's code is a distance beyond measure.
        """
        import numpy as np

        right = _namespace(assignment, mutant, None)
        compare = self._functions[mutant.cell]
        rng = np.random.default_rng(0)
        largest, made = 0.0, 0
        try:
            wrong = _namespace(assignment, mutant, mutant.source)
            with np.errstate(all="ignore"):
                while made < COMPARISONS:
                    found = np.asarray(compare(right, wrong, rng), dtype=float)
                    made += max(1, found.size)
                    largest = max(largest, float(np.nan_to_num(found, nan=np.inf).max(initial=0.0)))
        except Exception:
            return float("inf")
        return largest


def _namespace(assignment: Assignment, mutant: Mutant, source: str | None) -> SimpleNamespace:
    """What the notebook has defined once the mutant's cell has run, tests left out."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in assignment.notebook(mutant.notebook).cells:
        if cell.cell_type != "code" or cell.role == "test":
            continue
        is_mutated = cell.id == mutant.cell
        text = source if is_mutated and source is not None else without_marks(cell.source, SOLUTION_REGION)
        exec(compile(without_magics(text), f"<{cell.id}>", "exec"), names)
        if is_mutated:
            break
    return SimpleNamespace(**{name: value for name, value in names.items() if not name.startswith("__")})
