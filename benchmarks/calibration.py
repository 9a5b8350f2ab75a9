"""`python -m benchmarks.calibration`: how near do right answers come to each tolerance, and wrong ones?

Every right case is graded with several hidden seeds, with one thread and with two, on a machine that is
idle and on one that is busy; every wrong case once. A distance of 1 is the tolerance.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import re
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.cases import Case, read_cases
from autograder.context import Context
from autograder.course import Course
from autograder.trials import Answer, Trial, run_trials, verdict_of, why_not_graded
from autograder.verifying import trial_of
from benchmarks.course import ASSIGNMENT, ROOT

Place = tuple[str, str]  # a test and a quantity that it measures


@dataclass(frozen=True, slots=True)
class Condition:
    """How a round is run; `threads` are those of numpy and torch in either process."""

    seed: int
    threads: int = 1
    busy: bool = False

    def __str__(self) -> str:
        plural = "s" if self.threads > 1 else ""
        return f"seed {self.seed}, {self.threads} thread{plural}, {'busy' if self.busy else 'idle'}"


@dataclass
class Found:
    """Largest distances by place, case and condition, and the verdicts that should not be."""

    right: dict[Place, dict[str, dict[Condition, float]]] = field(default_factory=lambda: defaultdict(dict))
    wrong: dict[Place, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    tolerances: dict[Place, set[str]] = field(default_factory=lambda: defaultdict(set))
    misjudged: list[str] = field(default_factory=list)
    runs: int = 0


def conditions(seeds: int) -> list[Condition]:
    """Every seed idle with one thread and with two, and busy with one."""
    return [
        Condition(seed, threads, busy)
        for threads, busy in ((1, False), (2, False), (1, True))
        for seed in range(seeds)
    ]


def calibrate(context: Context, cases: Sequence[Case], seeds: int) -> Found:
    found = Found()
    right, wrong = (
        [trial_of(case, context.assignment) for case in cases if case.name.startswith(kind)]
        for kind in ("right/", "wrong/")
    )
    for condition in conditions(seeds):
        for trial, answer in zip(right, _graded(context, right, condition), strict=True):
            _note(found, trial, answer, condition)
        print(f"{condition}: {len(right)} right answers", file=sys.stderr, flush=True)
    for trial, answer in zip(wrong, _graded(context, wrong, Condition(0)), strict=True):
        _note(found, trial, answer, None)
    return found


def _graded(context: Context, trials: Sequence[Trial], condition: Condition) -> list[Answer]:
    seeded = replace(context, settings=replace(context.settings, hidden_seed=condition.seed))
    jobs, _ = context.jobs(None)
    with _load(condition.busy), seeded.servers(condition.threads) as servers:
        return run_trials(seeded, trials, jobs=jobs, servers=servers, watch=True)


@contextmanager
def _load(busy: bool) -> Iterator[None]:
    """As many processes as there are cores, each of which takes all that it can get."""
    burning = [
        multiprocessing.Process(target=_burn, daemon=True) for _ in range(busy * (os.cpu_count() or 1))
    ]
    for process in burning:
        process.start()
    try:
        yield
    finally:
        for process in burning:
            process.kill()
            process.join()


def _burn() -> None:
    while True:
        sum(range(10_000))


def _note(found: Found, trial: Trial, answer: Answer, condition: Condition | None) -> None:
    found.runs += 1
    why = why_not_graded(answer)
    if isinstance(answer, BaseException) or why is not None:
        found.misjudged.append(f"{trial.name} ({condition}): {why}")
        return
    for notebook in answer.result.notebooks:
        for test in notebook.tests:
            wanted = trial.expect.get((notebook.name, test.id))
            if wanted is not None and verdict_of(test) != wanted:
                found.misjudged.append(f"{trial.name} ({condition}): {test.id} is {verdict_of(test)}")
            largest: dict[Place, float] = defaultdict(float)
            seen = answer.seen.get(f"{notebook.name}/{test.id}", {})
            for _, quantity, distance, tolerance, *_ in seen.get("measurements", ()):
                place = (test.id, quantity)
                found.tolerances[place].add(tolerance)
                largest[place] = max(largest[place], distance)
            for place, distance in largest.items():
                if condition is not None and wanted == "full":
                    found.right[place].setdefault(trial.name, {})[condition] = distance
                elif condition is None and wanted == "zero" and distance > 1:
                    found.wrong[place][trial.name] = distance


def _in_words(tolerances: set[str]) -> str:
    """The tolerances of one place; some depend on the data."""
    found = {re.sub(r"^(\S+) above .*", r"\1 above the limit", text) for text in tolerances}
    return " or ".join(sorted(found)) if len(found) < 3 else "by the data"


_COLUMNS = (
    ("test", "---"),
    ("quantity", "---"),
    ("tolerance", "---"),
    ("right: median", "---:"),
    ("right: nearest", "---:"),
    ("varies by", "---:"),
    ("nearest right answer", "---"),
    ("wrong: nearest", "---:"),
    ("nearest wrong answer", "---"),
)


def table(found: Found) -> str:
    """Markdown: for each tolerance the nearest right and wrong answer, and how much the former varies."""
    rows = [[name for name, _ in _COLUMNS], [line for _, line in _COLUMNS]]
    for place, cases in found.right.items():
        largest = {name: max(by_condition.values()) for name, by_condition in cases.items()}
        nearest = max(largest, key=largest.__getitem__)
        rows.append(
            [
                f"`{place[0]}`",
                place[1],
                _in_words(found.tolerances[place]),
                f"{statistics.median(largest.values()):.2g}",
                f"{largest[nearest]:.2g}",
                f"{largest[nearest] - min(cases[nearest].values()):.1g}",
                nearest.removeprefix("right/"),
                *_nearest(found.wrong.get(place, {})),
            ]
        )
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _nearest(wrong: Mapping[str, float]) -> tuple[str, str]:
    """The smallest distance beyond a tolerance, and whose it is."""
    if not wrong:
        return "-", ""
    name = min(wrong, key=wrong.__getitem__)
    return f"{wrong[name]:.3g}", name.removeprefix("wrong/")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calibration", description=__doc__)
    parser.add_argument("--seeds", type=int, default=3, help="hidden seeds for each condition (default 3)")
    parser.add_argument("--only", default="", help="only cases whose name matches this expression")
    parser.add_argument("--out", type=Path, help="write the table to this file as well")
    given = parser.parse_args()
    context = Context.of(Course.open(ROOT), ASSIGNMENT)
    every = read_cases(ROOT / "cases" / ASSIGNMENT, context.assignment)
    cases = [case for case in every if re.search(given.only, case.name)]
    found = calibrate(context, cases, given.seeds)
    text = table(found)
    print(text)
    print(f"\n{found.runs} runs, {len(found.misjudged)} verdicts that should not be")
    for line in found.misjudged:
        print(f"  {line}")
    if given.out:
        given.out.write_text(text + "\n")
    sys.exit(1 if found.misjudged else 0)


if __name__ == "__main__":
    main()
