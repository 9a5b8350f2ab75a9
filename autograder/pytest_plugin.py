"""pytest over cases/ASSIGNMENT: one item for each case, graded as `autograder verify` grades it.

A case file is read as text and never imported, whatever it is called. Where no folder of cases lies, the
plugin looks at paths and does nothing else; what grades is imported when the first such folder is collected.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

if TYPE_CHECKING:
    from autograder.context import Context
    from autograder.runtime.servers import Servers
    from autograder.verifying.judging import Verification
    from autograder.verifying.trials import Trial

KINDS = {
    "right": "a case of autograder's in which every test should pass",
    "wrong": "a case of autograder's in which some test should not pass",
    "attack": "a hostile case of autograder's",
}


def folder_of_cases(path: Path) -> Path | None:
    """The folder cases/ASSIGNMENT of a course that `path` is or lies in."""
    for folder in (path, *path.parents):
        if folder.parent.name == "cases" and (folder.parents[1] / "source" / folder.name).is_dir():
            return folder
    return None


# Collecting -------------------------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    for kind, meaning in KINDS.items():
        config.addinivalue_line("markers", f"{kind}: {meaning}")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Comes before pytest runs the conftest.py of a folder that was named."""
    where = early_config.invocation_params.dir
    named = getattr(early_config.known_args_namespace, "file_or_dir", None) or ["."]
    for argument in named:
        if folder := folder_of_cases((where / str(argument).partition("::")[0]).resolve()):
            _refuse_conftest(folder)


def _refuse_conftest(folder: Path) -> None:
    if found := next(folder.rglob("conftest.py"), None):
        raise pytest.UsageError(
            f"{found}: pytest would run it, and a case is only read; give the case another name"
        )


@pytest.hookimpl(tryfirst=True)
def pytest_collect_directory(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Plain folders below cases/ASSIGNMENT, since pytest runs the __init__.py of a package."""
    folder = folder_of_cases(path)
    if folder is None:
        return None
    _refuse_conftest(folder)
    _require_printable(path, parent)
    if folder != path:
        return pytest.Dir.from_parent(parent, path=path)
    return AssignmentFolder.from_parent(parent, path=path)


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(
    file_path: Path, parent: pytest.Collector
) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """In place of whatever others, pytest's own collector of modules first, make of a case file."""
    others = yield
    if file_path.suffix != ".py" or (folder := folder_of_cases(file_path)) is None:
        return others
    _require_printable(file_path, parent)
    return [CaseFile.from_parent(parent, path=file_path, folder=folder)]


def _require_printable(path: Path, parent: pytest.Collector) -> None:
    """The names of nodes go into JUnit's XML, and onto terminals, as they are."""
    if not path.name.isprintable():
        raise parent.CollectError(f"{str(path)!r}: its name cannot be printed; rename it")


class AssignmentFolder(pytest.Directory):
    """cases/ASSIGNMENT: what `verify` tries by itself, and the cases below."""

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        with _as_collect_errors(self):
            bench = _bench_of(self.config, self.path)
        yield Notebooks.from_parent(self, name="@lint", bench=bench)
        for trial in bench.own_trials():
            yield Graded.from_parent(self, name=trial.name, bench=bench, trial=trial)
        for path in sorted(self.path.iterdir()):
            if self.ihook.pytest_ignore_collect(collection_path=path, config=self.config):
                continue
            if path.is_dir():
                yield self.ihook.pytest_collect_directory(path=path, parent=self)
            else:
                yield from self.ihook.pytest_collect_file(file_path=path, parent=self)


class CaseFile(pytest.File):
    """One case file, as text."""

    def __init__(self, *, folder: Path, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._folder = folder

    def collect(self) -> Iterable[pytest.Item]:
        with _as_collect_errors(self):
            bench = _bench_of(self.config, self._folder)
            trial = bench.trial_of(self.path)
        if trial is not None:
            item = Graded.from_parent(self, name=self.path.stem, bench=bench, trial=trial)
            kind = self.path.relative_to(self._folder).parts[0]
            if kind in KINDS:
                item.add_marker(kind)
            yield item


@contextlib.contextmanager
def _as_collect_errors(collector: pytest.Collector) -> Iterator[None]:
    from autograder.errors import AutograderError

    try:
        yield
    except AutograderError as error:
        raise collector.CollectError(str(error)) from None


# Grading ----------------------------------------------------------------------------------------


@dataclass
class Bench:
    """An assignment ready to be tried: its context, and servers that stay warm until the session ends."""

    context: Context
    cases: Path
    until_the_end: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    _servers: Servers | None = None

    @property
    def servers(self) -> Servers:
        if self._servers is None or not self._servers.are_alive:
            self._servers = self.until_the_end.enter_context(self.context.servers())
        return self._servers

    def own_trials(self) -> list[Trial]:
        from autograder.verifying.verify import trials_of

        return trials_of(self.context, ())

    def trial_of(self, path: Path) -> Trial | None:
        """The trial of a case file, None for a file of the folder that is no case."""
        from autograder.verifying.cases import read_case
        from autograder.verifying.verify import trial_of

        case = read_case(self.cases, path, self.context.assignment)
        return None if case is None else trial_of(case, self.context.assignment)

    def tried(self, trial: Trial) -> Verification:
        """What `verify` finds in this trial."""
        from autograder.verifying.judging import Verification, judge, observe
        from autograder.verifying.trials import run_trials

        (answer,) = run_trials(self.context, [trial], jobs=1, servers=self.servers)
        found = Verification(self.context.assignment.name)
        judge(found, self.context.assignment, trial, observe(answer))
        return found


_BENCHES = pytest.StashKey[dict[Path, Bench]]()


def _bench_of(config: pytest.Config, folder: Path) -> Bench:
    benches = config.stash.setdefault(_BENCHES, {})
    if folder not in benches:
        from autograder.context import Context
        from autograder.course import Course

        bench = Bench(Context.of(Course.open(folder.parents[1]), folder.name), folder)
        config.add_cleanup(bench.until_the_end.close)
        benches[folder] = bench
    return benches[folder]


class _Item(pytest.Item):
    """Grades in its set-up, so that a fault is pytest's error and a wrong verdict its failure."""

    def __init__(self, *, bench: Bench, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.bench = bench
        self._lines: list[str] = []

    def found(self) -> Verification:
        raise NotImplementedError

    def setup(self) -> None:
        from autograder.display.verdicts import line_of_leak, lines_of

        found = self.found()
        if found.faults:
            _fail(line for fault in found.faults for line in lines_of(fault))
        for title, findings in (
            ("wrong answer accepted", found.false_accepts),
            ("right answer rejected", found.false_rejects),
        ):
            for finding in findings:
                first, *rest = lines_of(finding)
                self._lines += [f"{title}: {first}", *rest]
        self._lines += (f"leak: {line_of_leak(leak)}" for leak in found.leaks)

    def runtest(self) -> None:
        if self._lines:
            _fail(self._lines)

    def reportinfo(self) -> tuple[Path, None, str]:
        return self.path, None, self.name


def _fail(lines: Iterable[str]) -> NoReturn:
    pytest.fail("\n".join(lines), pytrace=False)  # where in this file it came up is nothing to its reader


class Notebooks(_Item):
    """What the text of the assignment's notebooks tells."""

    def found(self) -> Verification:
        from autograder.verifying.verify import judged

        return judged(self.bench.context, (), (), {})


class Graded(_Item):
    """One submission that nobody handed in, graded."""

    def __init__(self, *, trial: Trial, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._trial = trial

    def found(self) -> Verification:
        return self.bench.tried(self._trial)
