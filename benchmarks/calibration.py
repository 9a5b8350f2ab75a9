"""`python -m benchmarks.calibration`: how near do right answers come to each tolerance, and wrong ones?

Every right case is graded with many hidden seeds, and with some of them also with two threads and on a
busy machine; every wrong case with several seeds, with one thread and with two in turn. No verdict may
depend on any of it. Only the tests of the cells that a case answers run. A distance of 1 is the tolerance.
"""

from __future__ import annotations

import argparse
import itertools
import math
import multiprocessing
import os
import re
import statistics
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.assignment import Assignment
from autograder.context import Context
from autograder.course import Course
from autograder.verifying.cases import Case, answers_of, read_cases
from autograder.verifying.trials import Answer, Trial, every_test, run_trials, verdict_of, why_not_graded
from autograder.verifying.verify import trial_of
from benchmarks.course import ASSIGNMENT, ROOT

Place = tuple[str, str]  # a test and a quantity that it measures


FEW = 2  # seeds with two threads, and on a busy machine


@dataclass(frozen=True, slots=True)
class Condition:
    """How a round is run; `threads` are those of numpy and torch in either process."""

    seed: int
    threads: int = 1
    busy: bool = False

    def __str__(self) -> str:
        plural = "s" if self.threads > 1 else ""
        return f"seed {self.seed}, {self.threads} thread{plural}{', busy' if self.busy else ''}"


@dataclass
class Found:
    """What the tests measured of the cells that each case answers, and the verdicts that should not be.

    `right` has the largest distance by place, case and condition; `wrong` the smallest beyond the tolerance
    by place and case, and `failing`, by test and case, the smallest that decided a run (inf where no
    distance did).
    """

    right: dict[Place, dict[str, dict[Condition, float]]] = field(default_factory=lambda: defaultdict(dict))
    wrong: dict[Place, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    failing: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    tolerances: dict[Place, set[str]] = field(default_factory=lambda: defaultdict(set))
    single: set[str] = field(default_factory=set)  # cases that name float32
    misjudged: list[str] = field(default_factory=list)
    runs: int = 0


def conditions(seeds: int) -> list[Condition]:
    """Every seed with one thread; the first few, before the others, also with two and on a busy machine."""
    few = range(min(seeds, FEW))
    return [
        *(Condition(seed, threads) for seed in few for threads in (1, 2)),
        *(Condition(seed, busy=True) for seed in few),
        *(Condition(seed) for seed in range(len(few), seeds)),
    ]


def calibrate(
    context: Context,
    cases: Sequence[Case],
    seeds: int,
    wrong_seeds: int,
    on_round: Callable[[Found], None] = lambda found: None,
) -> Found:
    """What all rounds found; `on_round` gets what was found so far, for a run that is stopped.

    Rounds of right and wrong answers take turns as long as there are both.
    """
    found = Found(single={c.name for c in cases if any("float32" in text for text in c.answers.values())})
    right = [("right/", condition) for condition in conditions(seeds)]
    wrong = [("wrong/", Condition(seed, threads=1 + seed % 2)) for seed in range(wrong_seeds)]
    rounds = [each for pair in itertools.zip_longest(right, wrong) for each in pair if each is not None]
    trials = {
        kind: [
            replace(trial_of(case, context.assignment), only=own_tests(case, context.assignment))
            for case in cases
            if case.name.startswith(kind)
        ]
        for kind in ("right/", "wrong/")
    }
    with ExitStack() as stack:
        servers = {threads: stack.enter_context(context.servers(threads)) for threads in (1, 2)}
        for kind, condition in rounds:
            seeded = replace(context, settings=replace(context.settings, hidden_seed=condition.seed))
            with _load(condition.busy):
                answers = run_trials(
                    seeded,
                    trials[kind],
                    jobs=context.jobs(None)[0],
                    servers=servers[condition.threads],
                    watch=True,
                )
            for trial, answer in zip(trials[kind], answers, strict=True):
                note(found, trial, answer, condition)
            print(f"{condition}: {len(trials[kind])} {kind[:-1]} answers", file=sys.stderr, flush=True)
            on_round(found)
    return found


def own_tests(case: Case, assignment: Assignment) -> frozenset[str]:
    """The tests of the cells that the case answers, and those that it names; others measure the solution."""
    named = {f"{notebook}/{test}" for notebook, test in every_test(assignment, None) if test in case.expect}
    return frozenset(named) | {
        f"{notebook.name}/{test}"
        for notebook in assignment.notebooks
        for cell in answers_of(notebook)
        if (notebook.name, cell.id) in case.answers
        for test in notebook.tests_after(cell)
    }


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


def note(found: Found, trial: Trial, answer: Answer, condition: Condition) -> None:
    """Enters one run."""
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
            if wanted in ("zero", "partial"):
                decided = max((distance for distance in largest.values() if distance > 1), default=math.inf)
                failing = found.failing[test.id]
                failing[trial.name] = min(failing.get(trial.name, math.inf), decided)
            for place, distance in largest.items():
                if wanted == "full" and trial.name.startswith("right/"):
                    found.right[place].setdefault(trial.name, {})[condition] = distance
                elif wanted == "zero" and distance > 1:
                    least = found.wrong[place].get(trial.name, math.inf)
                    found.wrong[place][trial.name] = min(least, distance)


def _in_words(tolerances: set[str]) -> str:
    """The tolerances of one place; some depend on the data."""
    found = {re.sub(r"^(\S+) above .*", r"\1 above the limit", text) for text in tolerances}
    return " or ".join(sorted(found)) if len(found) < 3 else "by the data"


_COLUMNS = (
    ("test", "---"),
    ("quantity", "---"),
    ("tolerance", "---"),
    ("right answers", "---:"),
    ("median", "---:"),
    ("nearest", "---:"),
    ("in float32", "---:"),
    ("by data", "---:"),
    ("by threads, load", "---:"),
    ("nearest right answer", "---"),
    ("wrong: nearest", "---:"),
    ("nearest wrong answer", "---"),
)


def table(found: Found) -> str:
    """Markdown: for each tolerance the nearest right and wrong answer.

    `in float32` is the nearest right answer that names float32. `by data` is how far the nearest one's
    distance ranges over the seeds, `by threads, load` the most that any right answer's differs, for one
    seed, between one thread and two or idle and busy.
    """
    rows = [[name for name, _ in _COLUMNS], [line for _, line in _COLUMNS]]
    for place, cases in found.right.items():
        largest = {name: max(by_condition.values()) for name, by_condition in cases.items()}
        nearest = max(largest, key=largest.__getitem__)
        plain = [d for condition, d in cases[nearest].items() if condition == Condition(condition.seed)]
        single = [distance for name, distance in largest.items() if name in found.single]
        rows.append(
            [
                f"`{place[0]}`",
                place[1],
                _in_words(found.tolerances[place]),
                str(len(cases)),
                f"{statistics.median(largest.values()):.2g}",
                f"{largest[nearest]:.2g}",
                f"{max(single):.2g}" if single else "-",
                f"{max(plain) - min(plain):.1g}" if plain else "-",
                f"{max(map(_by_machine, cases.values())):.1g}",
                nearest.removeprefix("right/"),
                *_nearest(found.wrong.get(place, {})),
            ]
        )
    return _markdown(rows)


def _by_machine(distances: Mapping[Condition, float]) -> float:
    """The most that threads or load change, data being the same."""
    pairs = [(d, distances.get(Condition(condition.seed))) for condition, d in distances.items()]
    return max((abs(distance - plain) for distance, plain in pairs if plain is not None), default=0.0)


def by_test(found: Found) -> str:
    """Markdown: for each test, how many wrong answers it has to stop and how near they come.

    Those without a distance fail otherwise: by a wrong type or shape, an exception, a count.
    """
    rows = [
        ["test", "wrong answers", "with a distance", "within 10", "nearest", "nearest wrong answer"],
        ["---", "---:", "---:", "---:", "---:", "---"],
    ]
    for test, distances in sorted(found.failing.items()):
        measured = {name: distance for name, distance in distances.items() if distance < math.inf}
        near = sum(distance <= 10 for distance in measured.values())
        counts = [str(len(distances)), str(len(measured)), str(near)]
        rows.append([f"`{test}`", *counts, *_nearest(measured)])
    return _markdown(rows)


def _markdown(rows: Sequence[Sequence[str]]) -> str:
    escaped = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in escaped)


def _nearest(wrong: Mapping[str, float]) -> tuple[str, str]:
    """The smallest distance beyond a tolerance, and whose it is."""
    if not wrong:
        return "-", ""
    name = min(wrong, key=wrong.__getitem__)
    return f"{wrong[name]:.3g}", name.removeprefix("wrong/")


def report(found: Found) -> str:
    """Both tables, and every verdict that should not be."""
    last = f"{found.runs} runs, {len(found.misjudged)} verdicts that should not be"
    return "\n".join([table(found), "", by_test(found), "", last, *found.misjudged, ""])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calibration", description=__doc__)
    parser.add_argument("--seeds", type=int, default=20, help="hidden seeds of right answers (default 20)")
    parser.add_argument("--wrong-seeds", type=int, default=4, help="and of wrong answers (default 4)")
    parser.add_argument("--only", default="", help="only cases whose name matches this expression")
    parser.add_argument("--out", type=Path, help="write the tables to this file, after every round")
    given = parser.parse_args()
    context = Context.of(Course.open(ROOT), ASSIGNMENT)
    every = read_cases(ROOT / "cases" / ASSIGNMENT, context.assignment)
    cases = [case for case in every if re.search(given.only, case.name)]

    def keep(found: Found) -> None:
        if given.out:
            given.out.write_text(report(found))

    found = calibrate(context, cases, given.seeds, given.wrong_seeds, keep)
    print(report(found))
    sys.exit(1 if found.misjudged else 0)


if __name__ == "__main__":
    main()
