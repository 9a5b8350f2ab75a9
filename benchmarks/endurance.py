"""`python -m benchmarks.endurance`: a very large class, and graders, servers and students that are killed.

1. Many submissions, copies with variations: what does one cost at the beginning, and what at the end?
2. The same run is killed before each of its writes in turn, then at random moments; servers and students
   are killed under it; its clock goes backwards. At the end results, notebooks and marks have to be those of
   a run that nobody disturbed, with a gradebook from scratch too; no complete result was made twice.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import itertools
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course import Course
from autograder.history import History
from autograder.repairing import undo
from autograder.runtime.watch import descendants
from autograder.source import SourceNotebook
from autograder.verifying.cases import submitted_notebook
from benchmarks.building import cell, notebook, test_cell
from benchmarks.course import ROOT
from benchmarks.killing import CLOCK_BACK, COUNT_FILE, KILL_AT

ASSIGNMENT = "endurance"
RIGHT = "def half(x):\n    return x / 2"
ANSWERS = (
    RIGHT,
    "def half(x):\n    return x // 2",
    RIGHT.replace("/ 2", "* 0.5"),
    "def half(x):\n    raise ValueError(x)",
    "half = 7",
    "half = (",
)
CRASH = "def half(x):\n    import os\n    os._exit(0)"
CRASH_EVERY = 20
FEW = 3  # students of the run that is killed before every write
CLASS = 40  # students of the run that is killed at random moments


def make_class(folder: Path, count: int, crash_every: int = CRASH_EVERY) -> Course:
    """A course with one small assignment and `count` submissions, no two of them alike."""
    (folder / "source" / ASSIGNMENT).mkdir(parents=True)
    (folder / "autograder.toml").write_text('preload = ["numpy"]\n')
    data = _source()
    (folder / "source" / ASSIGNMENT / "nb.ipynb").write_bytes(data)
    source = SourceNotebook.parse("nb", data)
    for number in range(count):
        answer = CRASH if number % crash_every == crash_every - 1 else ANSWERS[number % len(ANSWERS)]
        target = folder / "submitted" / f"s{number:05}" / ASSIGNMENT
        target.mkdir(parents=True)
        given = submitted_notebook(source, {"half": f"# {number}\n{answer}"})
        (target / "nb.ipynb").write_bytes(given)
    return Course.open(folder)


def _source() -> bytes:
    return notebook(
        cell("import numpy as np", "setup", locked=True),
        cell(f"### BEGIN SOLUTION\n{RIGHT}\n### END SOLUTION", "half", solution=True),
        test_cell("assert half(3) == 1.5", "odd", 2),
        test_cell("import numpy as np\nassert np.allclose(half(np.ones(4)), 0.5)", "array", 3),
    )


# The state of a course ---------------------------------------------------------------------------

_MARKS = """
SELECT s.student_id, c.name, g.auto_score, g.needs_manual_grade FROM grade g
JOIN base_cell c ON c.id = g.cell_id JOIN submitted_notebook n ON n.id = g.notebook_id
JOIN submitted_assignment s ON s.id = n.assignment_id
"""


@dataclass(frozen=True)
class State:
    """All that grading leaves, but for times."""

    results: Mapping[str, Any]
    notebooks: Mapping[str, str]
    marks: frozenset[tuple[Any, ...]]

    @classmethod
    def of(cls, course: Course) -> State:
        results = {
            path.parent.name: _timeless(json.loads(path.read_bytes())) for path in result_files(course)
        }
        notebooks = {
            str(path.relative_to(course.root)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in (course.root / "autograded").rglob("*")
            if path.is_file()
        }
        with closing(sqlite3.connect(course.gradebook)) as connection:
            return cls(results, notebooks, frozenset(connection.execute(_MARKS)))

    def differences(self, other: State) -> list[str]:
        """Where they differ, in words."""
        found = []
        for what in ("results", "notebooks"):
            mine, theirs = getattr(self, what), getattr(other, what)
            names = sorted(name for name in mine.keys() | theirs.keys() if mine.get(name) != theirs.get(name))
            found += [f"{what}: {', '.join(names[:5])}"] if names else []
        wrong = sorted(self.marks ^ other.marks, key=repr)
        return found + ([f"marks: {wrong[:5]}"] if wrong else [])


def result_files(course: Course) -> list[Path]:
    return sorted((course.state / "results" / ASSIGNMENT).glob("*/result.json"))


def _timeless(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _timeless(item) for key, item in value.items() if key != "seconds"}
    return [_timeless(item) for item in value] if isinstance(value, list) else value


# Running ----------------------------------------------------------------------------------------


@contextlib.contextmanager
def grader(course: Course, *options: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """`autograder grade`, in a session of its own that is killed at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.killing", "--course", course.root, "grade", ASSIGNMENT, *options],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert process.stderr is not None
        process.stderr.close()


class Failed(Exception):
    """Something was lost, done twice, or left otherwise than an undisturbed run leaves it."""


def finish(course: Course) -> None:
    """Runs the grader to its end."""
    with grader(course, "--unverified") as process:
        _, said = process.communicate()
    if process.returncode:
        raise Failed(f"the grader ended with {process.returncode}: {said[-2_000:]}")


class Watch:
    """Complete results, which nobody may make again."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._seen: dict[Path, int] = {}

    @property
    def complete(self) -> int:
        """How many there were when it looked last."""
        return len(self._seen)

    def look(self) -> None:
        now = {path: path.stat().st_mtime_ns for path in result_files(self._course)}
        again = [path for path, at in self._seen.items() if now.get(path) != at]
        if again:
            raise Failed(f"a complete result was lost or made again: {again[:3]}")
        self._seen = {path: at for path, at in now.items() if _is_final(path)}


def _is_final(path: Path) -> bool:
    content = json.loads(path.read_bytes())
    outcomes = {test["outcome"] for part in content["notebooks"] for test in part["tests"]}
    return content["status"] != "fault" and not outcomes & {"timeout", "memory", "crashed", "fault"}


def large_class(folder: Path, count: int) -> None:
    """Prints what a submission costs, tenth by tenth, and what a rerun costs."""
    course = make_class(folder, count)
    times = [time.perf_counter()]
    with grader(course, "--unverified") as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("s"):
                times.append(time.perf_counter())
    if len(times) != count + 1:
        raise Failed(f"{len(times) - 1} of {count} submissions were graded")
    tenths = [times[count * n // 10] for n in range(11)]
    costs = [(b - a) / (count / 10) for a, b in itertools.pairwise(tenths)]
    print(f"{count} submissions, seconds each by tenths: {', '.join(f'{cost:.3f}' for cost in costs)}")
    print(f"last tenth / second tenth: {costs[-1] / costs[1]:.2f}", flush=True)
    started = time.perf_counter()
    finish(course)
    seconds = time.perf_counter() - started
    print(f"rerun: {seconds:.1f} s, {seconds / count * 1e3:.2f} ms each", flush=True)
    before = State.of(course)
    course.gradebook.unlink()
    finish(course)
    _require_same(State.of(course), before, "the gradebook made from scratch")


def killed_before_every_write(folder: Path) -> None:
    """Prints before how many writes the grader was killed, each time in a course of its own.

    Its class was graded before, and a test was changed since: all results are replaced, and afterwards that
    is undone.
    """
    quiet = make_class(folder / "quiet", FEW, crash_every=FEW)
    finish(quiet)
    before = State.of(quiet)
    change_test(quiet)
    finish(quiet)
    undisturbed = State.of(quiet)
    for number in itertools.count(1):
        course = make_class(folder / str(number), FEW, crash_every=FEW)
        finish(course)
        change_test(course)
        counter = folder / "count"
        counter.write_text("0")
        with grader(course, "--unverified", **{KILL_AT: str(number), COUNT_FILE: str(counter)}) as process:
            process.wait()
        if process.returncode != -signal.SIGKILL:
            break
        finish(course)
        _require_same(State.of(course), undisturbed, f"killed before write {number}")
        while History(course, ASSIGNMENT).last() is not None:  # going on is a run of its own
            undo(course, ASSIGNMENT)
        (course.root / "source" / ASSIGNMENT / "nb.ipynb").write_bytes(_source())
        finish(course)
        _require_same(State.of(course), before, f"killed before write {number}, then undone")
        course.gradebook.unlink()
        finish(course)
        _require_same(State.of(course), before, f"killed before write {number}, gradebook from scratch")
        shutil.rmtree(course.root)
    if process.returncode or number == 1:
        raise Failed(f"the grader ended with {process.returncode} after {number - 1} writes")
    print(f"killed before each of {number - 1} writes: nothing lost, all undone afterwards", flush=True)


def change_test(course: Course) -> None:
    """Another test, which one of the answers passes now."""
    path = course.root / "source" / ASSIGNMENT / "nb.ipynb"
    text = path.read_text()
    path.write_text(text.replace("half(3) == 1.5", "half(4) == 2"))


def killed_at_random(folder: Path, kills: int, seed: int) -> None:
    """Prints how often who was killed."""
    course, undisturbed = _class_and_its_end(folder, CLASS)
    watch = Watch(course)
    chance = random.Random(seed)
    killed = {"grader": 0, "server, worker or student": 0}
    for turn in range(kills):
        with grader(course, "--unverified", **({CLOCK_BACK: "1"} if turn % 3 == 0 else {})) as process:
            end = time.monotonic() + chance.uniform(0.3, 6)
            while time.monotonic() < end and process.poll() is None:
                time.sleep(0.05)
                if chance.random() < 0.02 and (below := descendants([process.pid])):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(chance.choice(sorted(below)), signal.SIGKILL)
                        killed["server, worker or student"] += 1
            if process.poll() is None:
                killed["grader"] += 1
        watch.look()
        if watch.complete == CLASS - CLASS // CRASH_EVERY:  # all done: from the beginning
            shutil.rmtree(course.state / "results")
            watch = Watch(course)
    finish(course)
    finish(course)  # what was killed under the last run is tried again
    _require_same(State.of(course), undisturbed, "killed at random moments")
    print(f"killed at random moments: {', '.join(f'{who} {count}' for who, count in killed.items())}")


def _class_and_its_end(folder: Path, count: int) -> tuple[Course, State]:
    quiet = make_class(folder / "quiet", count)
    finish(quiet)
    return make_class(folder / "disturbed", count), State.of(quiet)


def _require_same(found: State, wanted: State, what: str) -> None:
    differences = found.differences(wanted)
    if differences:
        raise Failed(f"{what}: {'; '.join(differences)}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.endurance", description=__doc__)
    parser.add_argument("--submissions", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=100, help="at random moments")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        killed_before_every_write(folder / "writes")
        killed_at_random(folder / "random", given.kills, given.seed)
        large_class(folder / "large", given.submissions)


if __name__ == "__main__":
    main()
