"""`autograder check`: the tests that students can see, on their own machine, run as grading runs them.

Test cells run in the examiner, over the wire, and locked cells that only try an answer out run beside it, so
that what is said is what grading says. The processes have grading's limits of time, and are not locked in.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from autograder.adopting import fitted
from autograder.assignment import Assignment, is_ignored
from autograder.errors import GraderFault, some_of
from autograder.marking import mark, servers_for
from autograder.regions import CODE_STUB, TEXT_STUB
from autograder.released import Group, Released, shows_something
from autograder.result import CellResult, Outcome, Result, Status, TestResult
from autograder.runtime.files import TooManyFiles, read_regular, regular_files
from autograder.runtime.servers import Servers
from autograder.settings import Limits, Settings
from autograder.source import Role, SourceCell
from autograder.submission import Submission

AT_HOME = Settings(min_tier=0, max_tier=0)
_NO_MODULE = re.compile(r"No module named '([\w.]+)'")
_NO_WORDS = "a value differs from what is expected"
_RAISES = CODE_STUB.splitlines()[-1]


class Verdict(StrEnum):
    """What can be said of a question without its hidden tests."""

    PASSED = "passed"
    FAILED = "failed"
    UNANSWERED = "not answered"
    BY_HAND = "read by a human"
    HIDDEN = "hidden tests only"


@dataclass(frozen=True, slots=True)
class Question:
    """What is known of a question. `message` says why it is not passed.

    `points` is what it is worth; `seen_points` of it are those of tests that have a part which students see,
    and `got` what these gave.
    """

    id: str
    verdict: Verdict
    message: str
    points: float
    seen_points: float
    got: float

    @property
    def is_open(self) -> bool:
        """Whether its author has something to do."""
        return self.verdict in (Verdict.FAILED, Verdict.UNANSWERED)


@dataclass(frozen=True, slots=True)
class Checked:
    """The questions in order; `notes` tell of other cells that failed, and of files left out."""

    notebook: str
    questions: tuple[Question, ...]
    notes: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        return 1 if any(question.is_open for question in self.questions) else 0


def check(
    path: Path,
    wanted: Sequence[str] = (),
    *,
    settings: Settings = AT_HOME,
    servers: Servers | None = None,
) -> Checked:
    """Runs the notebook at `path` with its visible tests; tells of the questions `wanted`, or of all.

    A question goes by its own id or by that of one of its tests. Raises UsageError for a file that is no
    notebook with questions, or for a question that is not there.
    """
    released = Released.read(path, settings.limits.submission_bytes)
    chosen = released.chosen(wanted)
    notebook = released.notebook
    assignment = Assignment(notebook.name, (notebook,))
    settings = fitted(settings, assignment)
    files, left_out = _beside(path, settings.limits)
    submission = Submission("you", assignment.name, path.parent, {notebook.name: released.data}, files)
    with ExitStack() as stack:
        warm = servers or stack.enter_context(servers_for([assignment], settings, ()))
        result = mark(assignment, submission, settings, warm).result
    if result.status is not Status.GRADED:
        said = [result.withheld.get("fault", ""), *(part.reason for part in result.notebooks)]
        why = "".join(said).strip().splitlines() or ["no reason is known"]
        raise GraderFault(f"{path}: could not be run ({why[-1][:300]})")
    verdicts = _Verdicts(result, settings.limits)
    notes = (*released.notes, *left_out, *verdicts.on_other_cells(released.groups))
    return Checked(notebook.name, tuple(map(verdicts.of, chosen)), notes)


class _Verdicts:
    """What a run of the notebook says of its questions."""

    def __init__(self, result: Result, limits: Limits) -> None:
        (part,) = result.notebooks
        self._limits = limits
        self._notebook = part.name
        self._withheld = result.withheld
        self._cells = part.cells
        self._by_id = {cell.id: cell for cell in part.cells if cell.id}
        self._tests = {test.id: test for test in part.tests}

    def of(self, group: Group) -> Question:
        points = sum(cell.points or 0.0 for cell in group)
        seen = [cell for cell in group if cell.role is Role.TEST and shows_something(cell)]
        checks = [cell for cell in group if cell.role is Role.LOCKED]
        verdict, message = self._verdict(group[0], [*checks, *seen])
        seen_points = sum(cell.points or 0.0 for cell in seen)
        got = sum(self._tests[cell.id].points for cell in seen)
        return Question(group[0].id, verdict, message, points, seen_points, got)

    def _verdict(self, cell: SourceCell, tests: Sequence[SourceCell]) -> tuple[Verdict, str]:
        if cell.role is Role.TASK:
            return Verdict.BY_HAND, ""
        if cell.role.is_answer and (TEXT_STUB if cell.cell_type == "markdown" else _RAISES) in cell.source:
            return Verdict.UNANSWERED, "" if cell.cell_type == "markdown" else f"{_RAISES} is still there"
        failed = [self._failure_of(each) for each in ([cell] if cell.role.is_answer else []) + [*tests]]
        if any(failed):
            return Verdict.FAILED, "; ".join(filter(None, failed))
        if cell.role is Role.MANUAL:
            return Verdict.BY_HAND, ""
        return (Verdict.PASSED if tests else Verdict.HIDDEN), ""

    def _failure_of(self, cell: SourceCell) -> str:
        """Why this cell did not pass, in words, or nothing."""
        if cell.role is Role.TEST:
            return self._failed_test(self._tests[cell.id])
        return self._failed_cell(self._by_id[cell.id])

    def _failed_cell(self, cell: CellResult) -> str:
        if cell.outcome is not Outcome.ERROR:
            return ""
        kind, _, words = cell.message.partition(": ")
        missing = _NO_MODULE.search(words)
        if kind == "KeyboardInterrupt":
            return f"it took longer than {self._limits.cell_seconds:g} s"
        if kind == "ModuleNotFoundError" and missing is not None:
            return _not_installed(missing[1])
        if kind in ("AssertionError", "ProcessDied"):
            return words or _NO_WORDS
        return cell.message

    def _failed_test(self, test: TestResult) -> str:
        if test.outcome is Outcome.PASSED:
            return ""
        missing = _NO_MODULE.search(self._withheld.get(f"{self._notebook}/{test.id}", ""))
        if missing is not None and test.outcome is Outcome.ERROR:
            return _not_installed(missing[1])
        return test.message or _NO_WORDS

    def on_other_cells(self, groups: Sequence[Group]) -> Iterator[str]:
        """A line for each cell besides questions and tests that ended with an error."""
        told = {cell.id for group in groups for cell in group}
        for cell in self._cells:
            failure = self._failed_cell(cell) if cell.id not in told else ""
            if failure:
                yield f"cell {cell.index + 1}{f' ({cell.id})' * bool(cell.id)}: {failure}"


def _not_installed(module: str) -> str:
    return f"it needs the module {module!r}, which is not installed beside this program"


# Files -----------------------------------------------------------------------------------------


def _beside(path: Path, limits: Limits) -> tuple[dict[str, bytes], list[str]]:
    """The files in the notebook's folder, as a submission may have them, and a line on what was left out."""
    found: dict[str, bytes] = {}
    left_out: list[str] = []
    room = limits.file_bytes
    try:
        root = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        return {}, [f"{path.parent}: cannot be listed ({error.strerror}); its files are not there for cells"]
    try:
        for name, _, folder, last in regular_files(root):
            if name.endswith(".ipynb") or any(p.startswith(".") or is_ignored(p) for p in name.split("/")):
                continue
            data = read_regular(folder, last, room) if len(found) < limits.files else None
            if data is None:
                left_out.append(name)
            else:
                found[name] = data
                room -= len(data)
    except TooManyFiles:
        left_out.append("whatever comes after that")
    finally:
        os.close(root)
    if not left_out:
        return found, []
    mend = "put the notebook and its data into a folder of their own"
    return found, [f"too much lies beside the notebook; not there for its cells: {some_of(left_out)}; {mend}"]
