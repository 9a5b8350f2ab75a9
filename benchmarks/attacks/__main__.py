"""`python -m benchmarks.attacks`: every attack, graded by nbgrader, Otter, and us with a jail and without."""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from queue import SimpleQueue

from autograder.verifying.cases import Case, read_cases
from benchmarks.attacks import table
from benchmarks.attacks.judging import Verdict, judge
from benchmarks.attacks.room import Room, assignment, clean_machine, handed_in, listen, solved
from benchmarks.attacks.tools import Nbgrader, Otter, Ours, Run, Unjailed
from benchmarks.course import ROOT

_SECONDS_OF_OURS = 60.0  # a case, on average and at most

Verdicts = dict[str, Verdict]


class Notes:
    """What was found out already, one line of JSON each, so that a run that was stopped goes on."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.known: dict[tuple[str, str], Verdict] = {}
        if path is not None and path.exists():
            for line in path.read_text().splitlines():
                tool, case, fields = json.loads(line)
                self.known[tool, case] = Verdict(**fields | {"fooled": tuple(fields["fooled"])})

    def take(self, tool: str, case: Case, verdict: Verdict) -> Verdict:
        print(f"{tool:<11}{case.name:<44}{table.in_words(verdict)}", file=sys.stderr, flush=True)
        if self.path is not None:
            with self.path.open("a") as file:
                file.write(json.dumps([tool, case.name, asdict(verdict)]) + "\n")
        return verdict


def _one_by_one(
    kind: type[Nbgrader] | type[Otter] | type[Unjailed],
    cases: Sequence[Case],
    folder: Path,
    jobs: int,
    notes: Notes,
) -> Verdicts:
    """A tool that takes one submission after the other; `jobs` of them at a time, each in its own room."""
    known = {case.name: found for case in cases if (found := notes.known.get((kind.name, case.name)))}
    cases = [case for case in cases if case.name not in known]
    if not cases:
        return known
    lab = assignment()
    free: SimpleQueue[Nbgrader | Otter | Unjailed] = SimpleQueue()
    first = kind(Room.made(folder / f"{kind.name}0"), lab)
    first.prepare()
    usual = first.grade("solution", solved(lab)).points
    tools = [first, *(kind(first.room.copied(folder / f"{kind.name}{n}"), lab) for n in range(1, jobs))]
    for tool in tools:
        listen(tool.room.course)
        free.put(tool)

    def grade(case: Case) -> Verdict:
        tool = free.get()
        try:
            run = tool.grade(case.name.replace("/", "-"), handed_in(case, lab))
            tool.room.clean()
        finally:
            free.put(tool)
        return notes.take(kind.name, case, judge(case, run, lab, usual))

    with ThreadPoolExecutor(jobs) as pool, ExitStack() as stack:
        stack.callback(clean_machine)
        return known | dict(zip((case.name for case in cases), pool.map(grade, cases), strict=True))


def _ours(cases: Sequence[Case], folder: Path, notes: Notes) -> tuple[Verdicts, str]:
    lab = assignment()
    ours = Ours(Room.made(folder / "ours"), lab)
    students = {case.name: case.name.replace("/", "-") for case in cases}
    given = {students[case.name]: handed_in(case, lab) for case in cases}
    listen(ours.room.course)
    runs: dict[str, Run] = ours.grade_all(given, 300 + _SECONDS_OF_OURS * len(cases))
    usual = {
        cell.id: float(cell.metadata["nbgrader"]["points"])
        for notebook in lab.notebooks
        for cell in notebook.cells
        if cell.role == "test"
    }
    verdicts = {
        case.name: notes.take(ours.name, case, judge(case, runs[students[case.name]], lab, usual))
        for case in cases
    }
    return verdicts, ours.tier


def _mark(cases: Sequence[Case], found: Mapping[str, Verdicts]) -> None:
    """What was measured takes the place of what the head of a case says; of other graders it stays."""
    for case in cases:
        path = ROOT / "cases" / "lab6" / f"{case.name}.py"
        there = {tool for tool in case.succeeds_at if tool not in found}
        there |= {tool for tool, verdicts in found.items() if verdicts[case.name].succeeded}
        line = f"# succeeds_at = {json.dumps(sorted(there))}"
        path.write_text(re.sub(r"^# succeeds_at = .*$", line, path.read_text(), count=1, flags=re.MULTILINE))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.attacks", description=__doc__)
    parser.add_argument("--jobs", type=int, default=2, help="submissions at a time (default 2)")
    parser.add_argument("--only", default="", help="only attacks whose name matches this expression")
    parser.add_argument("--tools", default="nbgrader,otter,tier0,autograder", help="which, by comma")
    parser.add_argument("--out", type=Path, help="write the table as JSON to this file")
    parser.add_argument(
        "--notes", type=Path, help="a file that keeps each verdict; a later run goes on from it"
    )
    parser.add_argument(
        "--mark", action="store_true", help="write `succeeds_at` of each case as it was found"
    )
    given = parser.parse_args()
    every = read_cases(ROOT / "cases" / "lab6", assignment())
    cases = [c for c in every if c.name.startswith("attack/") and re.search(given.only, c.name)]
    random.Random(0).shuffle(cases)  # so that what a run that was stopped has found is a fair sample
    notes = Notes(given.notes)
    found: dict[str, Verdicts] = {}
    tier = ""
    with tempfile.TemporaryDirectory(prefix="attacks-") as folder:
        for kind in (Nbgrader, Otter, Unjailed):
            if kind.name in given.tools.split(","):
                found[kind.name] = _one_by_one(kind, cases, Path(folder), given.jobs, notes)
        if Ours.name in given.tools.split(","):
            found[Ours.name], tier = _ours(cases, Path(folder), notes)
    if given.mark:
        _mark(cases, {tool: verdicts for tool, verdicts in found.items() if tool != Ours.name})
    summary = table.summary(cases, found, tier)
    if given.out:
        given.out.write_text(json.dumps(summary, indent=1) + "\n")
    print(table.markdown(cases, found, tier))


if __name__ == "__main__":
    main()
