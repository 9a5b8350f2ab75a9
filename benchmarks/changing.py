"""`python -m benchmarks.changing`: a round after a cell changed, beside a whole verification, in one run."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from pathlib import Path
from statistics import median

from autograder.context import Context
from autograder.course import Course
from autograder.verifying.cases import read_cases
from autograder.verifying.changing import verify_changed
from autograder.verifying.remembering import Memory
from autograder.verifying.verify import verify
from benchmarks.course import ASSIGNMENT, ROOT, make_course

TESTS = (
    "test_sigmoid_values",
    "test_fit_unseen_data",
    "test_features",
    "test_train_recovers_target",
    "test_classifier_seeded",
)


def change(root: Path, test: str) -> None:
    """A comment more in the test's cell."""
    for path in (root / "source" / ASSIGNMENT).glob("*.ipynb"):
        content = json.loads(path.read_bytes())
        for cell in content["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("grade_id") == test:
                cell["source"] = "".join(cell["source"]).replace("### END HIDDEN", "# more\n### END HIDDEN")
                path.write_text(json.dumps(content))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.changing", description=__doc__)
    parser.add_argument("--cases", type=Path, default=ROOT / "cases" / ASSIGNMENT, help="a folder of cases")
    folder = parser.parse_args().cases
    jobs = len(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        make_course(root, [])
        context = Context.of(Course.open(root), ASSIGNMENT)
        memory = Memory(context)
        cases = read_cases(folder, context.assignment)
        print(f"{len(cases)} cases, {jobs} workers, load {os.getloadavg()[0]:.1f}", flush=True)
        with context.servers() as servers:
            started = time.perf_counter()
            verify(context, cases, jobs=jobs, servers=servers)
            whole = time.perf_counter() - started
            print(f"whole: {whole:.1f} s", flush=True)
            rounds = []
            for test in TESTS:
                change(root, test)
                started = time.perf_counter()
                context = Context.of(Course.open(root), ASSIGNMENT)
                memory.after_change(context)
                cases = read_cases(folder, context.assignment)
                found = verify_changed(context, cases, memory=memory, jobs=jobs, servers=servers)
                rounds.append(time.perf_counter() - started)
                left = sum(found.not_run.values())
                print(f"{test}: {found.run} run, {left} not run, {rounds[-1]:.2f} s", flush=True)
    print(f"a round takes {median(rounds):.2f} s (median), 1/{whole / median(rounds):.0f} of the whole")


if __name__ == "__main__":
    main()
