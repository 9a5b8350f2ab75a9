"""One submission, from bytes to a result: read, laid over the assignment, run, marked."""

from __future__ import annotations

import errno
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.assignment import PERSONAL_FILE, Assignment, Own
from autograder.errors import GraderFault, NotGradable, UsageError, some_of
from autograder.gpus import require_gpu
from autograder.kernels import kernel_for
from autograder.keys import imported_paths, versions
from autograder.notebook import LaidCell, LaidOver, dumps, lay_over, render
from autograder.otter.laying import lay_over as lay_over_otter
from autograder.otter.notebook import OtterNotebook
from autograder.pictures import Picture, checked
from autograder.planning import plan
from autograder.renaming import with_cells_of
from autograder.result import SCHEMA, CellResult, NotebookResult, Outcome, Result, Status, TestResult
from autograder.runtime import session
from autograder.runtime.outputs import error_output
from autograder.runtime.servers import Servers
from autograder.runtime.tiers import Jail, strongest
from autograder.settings import Settings
from autograder.source import Role, SourceNotebook
from autograder.standin import stand_in
from autograder.submission import SECRET, TIMESTAMP, Submission
from autograder.workspace import Workspace

MAX_WITHHELD = 20_000
MAX_NAME = 80  # characters of a file's name in a reason
TAKES_LONG = ("numpy", "torch", "sklearn.linear_model", "matplotlib.pyplot")  # to import
# marks what a test says to the student: outputs of students' code have no metadata
MESSAGE = {"autograder": {"message": True}}
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE)


@dataclass(frozen=True, slots=True)
class Marked:
    """A result, the executed notebooks as text by name, and the files that student cells wrote.

    By "notebook/test": `seen` is what was watched of each test, if that was asked for, `pictures` what those
    that did not pass have to show the student, `lines` where in their cells these failed, from 1.
    """

    result: Result
    executed: Mapping[str, str] = field(default_factory=dict)
    written: Mapping[str, bytes] = field(default_factory=dict)
    cpu_seconds: float = 0.0
    seen: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    pictures: Mapping[str, tuple[Picture, ...]] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)


def jail_for(settings: Settings) -> Jail:
    """The strongest jail that this machine and `settings` allow; a UsageError if it is too weak."""
    if settings.max_tier < settings.min_tier:
        raise UsageError(
            f"max_tier is {settings.max_tier}, but min_tier is {settings.min_tier}; lower that one too"
        )
    jail = strongest(settings.max_tier)
    if jail.tier < settings.min_tier:
        raise UsageError(
            f"this machine offers jail tier {jail.tier}, but min_tier is {settings.min_tier} "
            f"({jail.why_not_higher}); see `autograder doctor`, or lower min_tier if you trust every student"
        )
    return jail


def servers_for(
    assignments: list[Assignment],
    settings: Settings,
    paths: tuple[str, ...],
    python: str = "",
    threads: int = 1,
) -> Servers:
    """Warm servers with what the students may use and what the tests of `assignments` import.

    `python` is the students' interpreter, our own by default. Raises UsageError where the settings want a
    GPU and there is none.
    """
    if settings.device == "cuda":
        require_gpu(python)
    if settings.engine == "kernel":
        _require_kernels(assignments, settings)
    given = [module for assignment in assignments for module in assignment.modules]
    imported = set().union(*(imported_paths(assignment) for assignment in assignments))
    # what lies beside the notebooks may read files there, and is imported where they are
    tests = sorted(path for path in imported if path.partition(".")[0] not in {name for name, _ in given})
    paths += tuple(dict.fromkeys(str(folder) for _, folder in given))
    given_to_students = preloaded(imported, settings)
    # torch takes long to import, and students may answer with tensors where the tests have none
    basics = ("numpy", "pytest", *(name for name in given_to_students if name == "torch"))
    servers = Servers(
        given_to_students, (*basics, *tests), paths, jail_for(settings), python, threads, settings.device
    )
    # takes a second, in which the servers warm up; the workers forked from us inherit it
    import nbformat  # noqa: F401

    return servers


def preloaded(imported: Iterable[str], settings: Settings) -> tuple[str, ...]:
    """What students' server imports before it reads any submission.

    What the settings say, else of what takes long to import that which is in `imported`, the dotted paths of
    what the instructor's cells import.
    """
    if settings.preload is not None:
        return settings.preload
    used = {path.partition(".")[0] for path in imported}
    return tuple(name for name in TAKES_LONG if name.partition(".")[0] in used)


def _require_kernels(assignments: list[Assignment], settings: Settings) -> None:
    for assignment in assignments:
        for notebook in assignment.notebooks:
            kernel_for(notebook.kernelspec)
    parts = jail_for(settings).parts
    if "seccomp" in parts and "net" not in parts:
        raise UsageError(
            'engine is "kernel", but at tier 2 a kernel can open no socket; use a machine of tier 3 '
            "(see `autograder doctor`), or trust every student and set max_tier and min_tier to 1"
        )


@dataclass(frozen=True, slots=True)
class Task:
    """A submission to be marked, and the assignment as its student has it."""

    assignment: Assignment
    submission: Submission


def mark(
    assignment: Assignment,
    submission: Submission,
    settings: Settings,
    servers: Servers,
    scratch: Path | None = None,
    watch: bool = False,
) -> Marked:
    """Runs and marks a submission, with its working directory in the folder `scratch`.

    With `watch`, notes what the tests ask and measure. The result has no key yet: that is for who knows all
    that it depends on.

    Whatever goes wrong on our side becomes a result with status fault, but for a full disk and the
    like (OSError), which would befall every submission.
    """
    marker = _Marker(assignment, submission, settings, servers, scratch, watch)
    try:
        return marker.mark()
    except GraderFault as error:
        return Marked(marker.result(Status.FAULT, withheld={"fault": str(error)}))
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            raise
        text = traceback.format_exc()[-MAX_WITHHELD:]
        return Marked(marker.result(Status.FAULT, withheld={"fault": text}))


class _Marker:
    def __init__(
        self,
        assignment: Assignment,
        submission: Submission,
        settings: Settings,
        servers: Servers,
        scratch: Path | None,
        watch: bool,
    ) -> None:
        self.assignment = assignment
        self.submission = submission
        self.settings = settings
        self.servers = servers
        self.scratch = scratch
        self.watch = watch
        self.seen: dict[str, Mapping[str, Any]] = {}
        self.pictures: dict[str, tuple[Picture, ...]] = {}
        self.lines: dict[str, int] = {}
        self.notebooks: list[NotebookResult] = []
        self.tampering: list[str] = list(submission.notes)
        self.limits: list[str] = []
        self.withheld: dict[str, str] = {}
        self.executed: dict[str, str] = {}
        self.cpu = 0.0

    def mark(self) -> Marked:
        if self.assignment.own is not None and self._has_other_data(self.assignment.own):
            self.tampering.append(f"{PERSONAL_FILE}: not this student's own; theirs was laid in its place")
        support = self.assignment.support_files
        limits = self.settings.limits
        with Workspace(self.submission.files, support, limits, self.scratch) as workspace:
            for source in self.assignment.notebooks:
                self.notebooks.append(self._notebook(source, workspace))
            written = workspace.written(self.submission.files)
        statuses = {notebook.status for notebook in self.notebooks}
        status = Status.GRADED
        for worse in (Status.NOT_GRADABLE, Status.FAULT):
            status = worse if worse in statuses else status
        if statuses == {Status.MISSING}:
            status = Status.MISSING
        result = self.result(status, self.withheld)
        return Marked(result, self.executed, written, self.cpu, self.seen, self.pictures, self.lines)

    def _has_other_data(self, own: Own) -> bool:
        handed_in = self.submission.files.get(PERSONAL_FILE)
        return handed_in is not None and handed_in != own.data.read_bytes()

    def result(self, status: Status, withheld: Mapping[str, str]) -> Result:
        jail = self.servers.jail
        seeds = {"student": self.settings.seed, "hidden": self.settings.hidden_seed}
        return Result(
            schema=SCHEMA,
            assignment=self.assignment.name,
            student=self.submission.student,
            status=status,
            key="",
            tier=jail.tier,
            isolation="shared" if self.settings.engine == "kernel" else self.settings.isolation,
            seeds=seeds,
            versions=versions()
            | {"kernel": jail.kernel, "landlock_abi": str(jail.landlock_abi), "device": self.servers.device},
            notebooks=tuple(self.notebooks),
            tampering=tuple(self.tampering),
            limits=tuple(self.limits),
            withheld=withheld,
        )

    def _notebook(self, source: SourceNotebook, workspace: Workspace) -> NotebookResult:
        data = self.submission.notebooks.get(source.name)
        if data is None:
            if (reason := self.submission.unreadable.get(source.name)) is not None:
                return self._not_gradable(source, reason)
            renamed = self._renamed(source)
            if not renamed:
                return NotebookResult(source.name, Status.MISSING, reason=self._what_lies_there())
            if len(renamed) > 1:
                names = some_of([f"{name}.ipynb" for name in renamed])
                reason = (
                    f"{source.name}.ipynb is not there, and more than one notebook has its cells: {names}"
                )
                return self._not_gradable(source, reason)
            if source.is_template:
                self.tampering.append(
                    f"{source.name}: renamed; {renamed[0]}.ipynb has its cells and was taken for it"
                )
            data = self.submission.notebooks[renamed[0]]
        try:
            laid = self._laid_over(source, data)
        except NotGradable as error:
            return self._not_gradable(source, str(error))
        self.tampering += (f"{source.name}: {line}" for line in laid.tampering)
        run = session.run_notebook(self.servers, self._job(laid, workspace))
        if run.overfull:
            self.limits.append(f"{source.name}: too many files in the working directory; none was kept")
        self.cpu += run.cpu
        self.limits += (f"{source.name}: {note}" for note in run.notes)
        self.executed[source.name] = _executed(laid, run)
        for test, outcome in run.tests.items():
            if outcome.seen:
                self.seen[f"{source.name}/{test}"] = outcome.seen
            if outcome.line is not None:
                self.lines[f"{source.name}/{test}"] = outcome.line
            if outcome.record:
                self.withheld[f"{source.name}/{test}"] = outcome.record[-MAX_WITHHELD:]
        found = _notebook_result(laid, run)
        for judged in found.tests:
            shown = checked(run.tests[judged.id].pictures) if judged.outcome is not Outcome.PASSED else ()
            if shown:
                self.pictures[f"{source.name}/{judged.id}"] = shown
        return found

    def _what_lies_there(self) -> str:
        """Why a notebook is missing, with the files that are there and are none of the assignment's."""
        ours = {*self.assignment.support_files, *(f"{n.name}.ipynb" for n in self.assignment.notebooks)}
        handed_in = {*(f"{name}.ipynb" for name in self.submission.notebooks), *self.submission.files}
        others = sorted(handed_in - ours - {TIMESTAMP, SECRET})
        instead = f" (what was: {some_of([name[:MAX_NAME] for name in others])})" if others else ""
        return f"the notebook was not handed in{instead}"

    def _laid_over(self, source: SourceNotebook, data: bytes) -> LaidOver:
        if isinstance(source, OtterNotebook):
            return lay_over_otter(source, data, self.settings.limits)
        return lay_over(source, data, self.settings.limits)

    def _renamed(self, source: SourceNotebook) -> list[str]:
        """Notebooks under other names, such as "nb (1)", that hold most of this one's cells."""
        ours = {notebook.name for notebook in self.assignment.notebooks}
        others = {name: data for name, data in self.submission.notebooks.items() if name not in ours}
        return with_cells_of(source, others, self.settings.limits.submission_bytes)

    def _not_gradable(self, source: SourceNotebook, reason: str) -> NotebookResult:
        self.executed[source.name] = stand_in(source, reason)
        return NotebookResult(source.name, Status.NOT_GRADABLE, reason=reason)

    def _job(self, laid: LaidOver, workspace: Workspace) -> session.Job:
        limits, planned = self.settings.limits, plan(laid, self.settings)
        usual = None if self.settings.seed is False else self.settings.seed
        own = self.assignment.own
        return session.Job(
            steps=planned.steps,
            student_names=planned.student_names,
            room=workspace,
            seed=usual if planned.seed is None else planned.seed,
            same_seed=planned.seed is not None,
            hidden_seed=self.settings.hidden_seed,
            watch=self.watch,
            own=None if own is None else _own(own),
            kernel=kernel_for(laid.notebook.kernelspec) if self.settings.engine == "kernel" else None,
            limits=session.Limits(
                cell_seconds=limits.cell_seconds,
                test_seconds=limits.test_seconds,
                total_seconds=limits.submission_seconds,
                memory_bytes=limits.memory_mb * 2**20,
                output_bytes=limits.output_bytes,
                file_bytes=limits.file_bytes,
                disk_bytes=limits.disk_mb * 2**20,
                processes=limits.processes,
                open_files=limits.open_files,
            ),
        )


def _own(own: Own) -> session.Own:
    solved = None if own.solved is None else own.solved.read_bytes()
    return session.Own(PERSONAL_FILE, own.data.read_bytes(), own.solve, solved)


def _notebook_result(laid: LaidOver, run: session.NotebookRun) -> NotebookResult:
    tests, cells = [], []
    for cell in laid.cells:
        if cell.role is Role.TEST:
            tests.append(_test_result(cell, run.tests[cell.id]))
        else:
            cells.append(_cell_result(cell, run))
    return NotebookResult(laid.notebook.name, Status.GRADED, tuple(tests), tuple(cells))


def _test_result(cell: LaidCell, run: session.TestRun) -> TestResult:
    assert cell.source_cell is not None
    most = cell.source_cell.points or 0.0
    outcome = Outcome(run.outcome)
    points = 0.0
    if outcome is Outcome.PASSED:
        points = most if run.value is None else min(run.value, most)
        if points < most:
            outcome = Outcome.PARTIAL if points else Outcome.FAILED
    return TestResult(cell.id, points, most, outcome, run.message, run.seconds)


def _cell_result(cell: LaidCell, run: session.NotebookRun) -> CellResult:
    outputs = run.outputs.get(cell.index)
    errors = [o for o in outputs or () if o["output_type"] == "error"]
    outcome = Outcome.SKIPPED if outputs is None else Outcome.ERROR if errors else Outcome.PASSED
    message = f"{errors[0]['ename']}: {errors[0]['evalue']}"[:500] if errors else ""
    seconds = run.seconds.get(cell.index, 0.0)
    return CellResult(cell.index, cell.id, str(cell.role), cell.changed, outcome, message, seconds)


def _executed(laid: LaidOver, run: session.NotebookRun) -> str:
    """The notebook for `autograded/`: of a test cell it shows the verdict and nothing else."""
    outputs = dict(run.outputs)
    for cell in laid.cells:
        if (
            cell.role is Role.TEST
            and (test := run.tests.get(cell.id)) is not None
            and cell.index not in outputs
        ):
            if test.outcome != "passed":
                outputs[cell.index] = [error_output(_ERROR_NAMES.get(test.outcome, "Error"), test.message)]
            elif test.value is not None:
                data = {"text/plain": repr(test.value)}
                said = {
                    "output_type": "display_data",
                    "data": {"text/plain": test.message},
                    "metadata": MESSAGE,
                }
                outputs[cell.index] = [
                    *([said] if test.message else []),
                    {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": None},
                ]
    return dumps(render(laid, outputs, run.counts))


_ERROR_NAMES = {
    "failed": "AssertionError",
    "error": "TestError",
    "timeout": "Timeout",
    "memory": "OutOfMemory",
    "crashed": "ProcessDied",
}
