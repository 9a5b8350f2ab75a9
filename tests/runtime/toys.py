"""Toy notebooks for the tests of the wall: a few cells, run across two real processes."""

import ast
import contextlib
import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.names import bound_names
from autograder.runtime.servers import Servers
from autograder.runtime.session import Job, Limits, NotebookRun, Step, TestRun, run_notebook
from autograder.settings import Limits as FileLimits
from autograder.workspace import Workspace

QUICK = Limits(cell_seconds=5, test_seconds=5)


@dataclass(frozen=True, slots=True)
class Cell:
    kind: str  # "student", "locked" or "test"
    source: str


def student(source: str) -> Cell:
    """A cell of the student's; what it binds at top level are student's names, unless said otherwise."""
    return Cell("student", source)


def locked(source: str) -> Cell:
    """A cell of the instructor's that students see and cannot change: it runs on both sides."""
    return Cell("locked", source)


def hidden(source: str) -> Cell:
    """A hidden test; the first is called t1, the second t2."""
    return Cell("test", source)


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a toy notebook. Tests are t1, t2, ... in the order of their cells."""

    run: NotebookRun
    cells: tuple[Cell, ...]

    @property
    def outcomes(self) -> list[str]:
        return [test.outcome for test in self.run.tests.values()]

    @property
    def outcome(self) -> str:
        (only,) = self.outcomes
        return only

    def test(self, name: str = "t1") -> TestRun:
        return self.run.tests[name]

    def text(self, index: int = 0) -> str:
        """All that a reader sees below the cell at `index`."""
        return _shown(self.run.outputs[index])

    @property
    def everything_shown(self) -> str:
        """All that a student could read afterwards: outputs, messages, and no record."""
        messages = [test.message for test in self.run.tests.values()]
        return "\n".join([*(_shown(o) for o in self.run.outputs.values()), *messages])


def _shown(outputs: list[dict[str, Any]]) -> str:
    parts = []
    for output in outputs:
        parts.append(output.get("text", ""))
        parts += [str(value) for value in output.get("data", {}).values()]
        if output["output_type"] == "error":
            parts += [output["ename"], output["evalue"], *output["traceback"]]
    return "\n".join(parts)


class Toys:
    """Runs toy notebooks in a directory of their own."""

    def __init__(self, servers: Servers, folder: Path) -> None:
        self._servers = servers
        self._folder = folder
        self.kept: dict[str, bytes] = {}  # files that the last notebook left

    def run(
        self,
        *cells: Cell,
        names: str | None = None,
        files: dict[str, str] | None = None,
        limits: Limits = QUICK,
        seed: int | None = 2020,
        servers: Servers | None = None,
    ) -> Ran:
        """`names`: the student's names, by default what the student cells bind at top level."""

        owned = frozenset(names.split()) if names is not None else _names_of(cells)
        given = {name: text.encode() for name, text in (files or {}).items()}
        with Workspace(given, {}, FileLimits(), self._folder) as room:
            job = Job(steps_of(cells), owned, room, seed=seed, limits=limits)
            ran = Ran(run_notebook(servers or self._servers, job), cells)
            self.kept = room.written({})
        for name, test in ran.run.tests.items():
            if test.outcome != "passed":  # pytest shows it where that was not expected
                print(f"{name}: {test.outcome}: {test.message}\n{test.record}")
        return ran

    def outcome(self, source: str, test: str, **options: Any) -> str:
        """How one test of one student cell ends."""
        return self.run(student(source), hidden(test), **options).outcome


def steps_of(cells: tuple[Cell, ...]) -> tuple[Step, ...]:
    steps = []
    tests = 0
    for index, cell in enumerate(cells):
        tests += cell.kind == "test"
        steps.append(
            Step(
                index,
                student_source=None if cell.kind == "test" else cell.source,
                examiner_source=None if cell.kind == "student" else cell.source,
                test=f"t{tests}" if cell.kind == "test" else None,
            )
        )
    return tuple(steps)


def _names_of(cells: tuple[Cell, ...]) -> frozenset[str]:
    found: set[str] = set()
    for cell in cells:
        if cell.kind == "student":
            with contextlib.suppress(SyntaxError):
                found |= bound_names(cell.source)
    return frozenset(found)


def in_one_process(*cells: Cell) -> list[str]:
    """The outcomes of the tests when all cells run in one namespace, as plain nbgrader runs them."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    outcomes = []
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        for cell in cells:
            outcome = _outcome_of(lambda source=cell.source: exec(source, namespace))
            if cell.kind == "test":
                outcomes.append(outcome)
    return outcomes


def _outcome_of(run: Callable[[], object]) -> str:
    try:
        run()
    except AssertionError:
        return "failed"
    except Exception:
        return "error"
    return "passed"


def names_of_tests(package: Path) -> set[str]:
    """`file::function` of every test in a folder."""
    found = set()
    for path in package.glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found.add(f"{path.stem}::{node.name}")
    return found
