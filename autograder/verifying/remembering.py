"""What was verified before, by all that it depended on: one file a trial under `.autograder/`.

A verdict depends on the cells before its test, on the tests whose names it uses, on the answers tried, on
whose data these are tried by, and on what all results depend on, the functions that draw and solve personal
data among it. That tests do not meet in any other way, such as by what an earlier one left
in the student's process, is taken for granted here, and nowhere else: `verify` as a whole reads nothing of
this, and neither does grading.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from autograder.context import Context
from autograder.names import bound_names, needed_names
from autograder.records import decode, encode
from autograder.result import Outcome, write_atomically
from autograder.settings import Settings
from autograder.source import Role, SourceCell, SourceNotebook
from autograder.verifying.judging import Judged, Observed
from autograder.verifying.trials import Trial

SHOWN = ""  # stands beside the tests for what the other cells show


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a trial showed. `keys` has a hash of what each test depended on, `content` one of the answers."""

    trial: str
    content: str
    keys: Mapping[str, str]
    observed: Observed

    def fresh(self, keys: Mapping[str, str]) -> Remembered:
        """Only what does not depend on anything that changed since."""
        kept = {name: key for name, key in self.keys.items() if keys.get(name) == key}
        tests = {name: test for name, test in self.observed.tests.items() if name in kept}
        shown = self.observed.leaks if SHOWN in kept else {}
        why_not = self.observed.why_not if kept == keys else ""
        return replace(self, keys=kept, observed=Observed(tests, shown, why_not))


class Memory:
    """What is remembered of the trials of an assignment in Jupyter's own form, not of otter's.

    What came to no end is remembered in this process alone.
    """

    def __init__(self, context: Context) -> None:
        self._folder = context.course.state / "verifying" / context.assignment.name
        self._keys = Keys(context)
        self._known: dict[str, Remembered | None] = {}

    def after_change(self, context: Context) -> None:
        """From now on the assignment is this one."""
        self._keys = Keys(context)

    def keys_of(self, trial: Trial) -> dict[str, str]:
        """By test as "notebook/test", and for what else is shown: a hash of all that it depends on."""
        return self._keys.of(trial)

    def tests_with(self, tests: Collection[str]) -> frozenset[str]:
        """These tests and those whose names they use, which have to run before them."""
        return self._keys.with_needed(tests)

    def get(self, trial: Trial) -> Remembered | None:
        """What is known of the trial, however old; None where nothing is, or what we did not write."""
        if trial.name not in self._known:
            self._known[trial.name] = _read(self._path(trial.name), trial.name)
        return self._known[trial.name]

    def fresh(self, trial: Trial) -> Remembered:
        """What is known of the trial and depends on nothing that changed."""
        known = self.get(trial) or Remembered(trial.name, content_of(trial), {}, Observed({}, {}))
        return known.fresh(self.keys_of(trial))

    def not_known(self, trial: Trial) -> frozenset[str]:
        """What of the trial would have to be run: tests as "notebook/test", and `SHOWN`."""
        return frozenset(self.keys_of(trial).keys() - self.fresh(trial).keys.keys())

    def put(self, trial: Trial, observed: Observed, ran: Trial | None = None) -> Remembered:
        """Remembers what a run of the trial, or of a part of it, showed; all that is now known of it."""
        keys, earlier = self.keys_of(trial), self.fresh(trial)
        if ran is not None and ran.only is not None and not observed.why_not:
            made = [*ran.only, *([SHOWN] if ran.notebooks == trial.notebooks else [])]
            keys = {**earlier.keys, **{name: keys[name] for name in made}}
            leaks = observed.leaks if SHOWN in made else {**earlier.observed.leaks, **observed.leaks}
            observed = replace(observed, tests={**earlier.observed.tests, **observed.tests}, leaks=leaks)
        found = Remembered(trial.name, content_of(trial), keys, observed)
        self._known[trial.name] = found
        self._write(trial, found)
        return found

    def _write(self, trial: Trial, found: Remembered) -> None:
        tests = {name: t for name, t in found.observed.tests.items() if _is_settled(trial, name, t)}
        path = self._path(trial.name)
        if found.observed.why_not or not tests:
            with contextlib.suppress(OSError):  # its keys say that it is old
                path.unlink(missing_ok=True)
            return
        keys = {name: key for name, key in found.keys.items() if name in tests or name == SHOWN}
        kept = encode(replace(found, keys=keys, observed=replace(found.observed, tests=tests)))
        with contextlib.suppress(OSError):  # what cannot be kept is run again; a verdict it is all the same
            write_atomically(path, json.dumps({"digest": _digest(kept), "kept": kept}))

    def _path(self, name: str) -> Path:
        return self._folder / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.json"


def _is_settled(trial: Trial, name: str, test: Judged) -> bool:
    """Whether running it again is bound to give the same, or it ended in the way that was expected."""
    notebook, _, cell = name.partition("/")
    expected = trial.expect.get((notebook, cell))
    return test.outcome.is_final or (test.outcome is not Outcome.FAULT and test.verdict == expected)


def _read(path: Path, name: str) -> Remembered | None:
    try:
        record = json.loads(path.read_bytes())
        kept = record["kept"]
        found = decode(Remembered, kept) if record["digest"] == _digest(kept) else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return found if found is not None and found.trial == name else None


def content_of(trial: Trial) -> str:
    """A hash of what is tried, and by whose data."""
    return _digest([_whose(trial), _answers(trial)])


def _whose(trial: Trial) -> list[Any]:
    return [trial.solved, trial.notebooks, trial.owner, trial.holder]


def _answers(trial: Trial) -> list[list[str]]:
    return sorted([*key, text] for key, text in trial.answers.items())


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


# What a verdict depends on ----------------------------------------------------------------------


class Keys:
    """Hashes of what the verdicts of an assignment depend on."""

    def __init__(self, context: Context) -> None:
        common = [context.inputs[part] for part in ("files", "modules", "settings", "versions")]
        self._common = _digest([*common, context.tier])
        self._tests: dict[str, dict[str, str]] = {}
        self._before: dict[str, dict[str, frozenset[str]]] = {}  # the cells before each test
        self._given: dict[str, str] = {}
        self._needed: dict[str, frozenset[str]] = {}
        self._known: dict[str, dict[str, str]] = {}  # a round asks some times for the same
        for notebook in context.assignment.notebooks:
            needed = _needed_tests(notebook, context.settings)
            self._tests[notebook.name] = dict(_keys_of_tests(notebook, needed))
            self._before[notebook.name] = {
                cell.id: frozenset(other.id for other in notebook.cells[:place])
                for place, cell in enumerate(notebook.cells)
                if cell.role is Role.TEST
            }
            self._given[notebook.name] = _digest(
                [_about(notebook, notebook.cells), *_given_cells(notebook.cells)]
            )
            self._needed |= {
                f"{notebook.name}/{test}": frozenset(f"{notebook.name}/{other}" for other in others)
                for test, others in needed.items()
            }

    def of(self, trial: Trial) -> dict[str, str]:
        content = content_of(trial)
        if content not in self._known:
            self._known[content] = self._of(trial)
        return self._known[content]

    def _of(self, trial: Trial) -> dict[str, str]:
        found: dict[str, str] = {}
        before: list[Any] = []  # an earlier notebook may leave files to a later one
        common, tried = [self._common, _whose(trial)], _answers(trial)
        for notebook in trial.notebooks:
            answers = [answer for answer in tried if answer[0] == notebook]
            for test, key in self._tests[notebook].items():
                earlier = [each for each in answers if each[1] in self._before[notebook][test]]
                found[f"{notebook}/{test}"] = _digest([common, before, earlier, key])
            before.append([self._given[notebook], answers])
        return found | {SHOWN: _digest([common, before])}

    def with_needed(self, tests: Collection[str]) -> frozenset[str]:
        return frozenset(tests).union(*(self._needed[test] for test in tests))


def _about(notebook: SourceNotebook, cells: Iterable[SourceCell]) -> list[Any]:
    """What no cell says alone: the kernel, and which of the words in `cells` are names of the student's."""
    words = set(re.findall(r"\w+", "\n".join(f"{cell.source}\n{cell.beside or ''}" for cell in cells)))
    return [sorted(notebook.student_names & words), notebook.rules, dict(notebook.kernelspec)]


def _given_cells(cells: Collection[SourceCell]) -> Iterator[list[Any]]:
    """The code that is no test; of other cells that they stand there, since a cell's place is its seed."""
    for cell in cells:
        is_code = cell.role is not Role.TEST and cell.cell_type == "code"
        yield [cell.role, cell.id, cell.cell_type, cell.source if is_code else ""]


def _keys_of_tests(
    notebook: SourceNotebook, needed: Mapping[str, frozenset[str]]
) -> Iterator[tuple[str, str]]:
    texts = {c.id: [c.source, c.beside, c.points] for c in notebook.cells if c.role is Role.TEST}
    for place, cell in enumerate(notebook.cells):
        if cell.role is Role.TEST:
            tests = [texts[other] for other in (*sorted(needed[cell.id]), cell.id)]
            before = notebook.cells[:place]  # every test that is needed stands there
            yield (
                cell.id,
                _digest([_about(notebook, (*before, cell)), *_given_cells(before), cell.id, tests]),
            )


def _needed_tests(notebook: SourceNotebook, settings: Settings) -> dict[str, frozenset[str]]:
    """For each test the earlier ones whose names it uses, and those that these use."""
    tests = [cell for cell in notebook.cells if cell.role is Role.TEST]
    # where tests run among the student's names, every earlier one may matter
    shares = settings.engine == "kernel" or settings.isolation == "shared" or bool(settings.shared_cells)
    found: dict[str, frozenset[str]] = {}
    for place, test in enumerate(tests):
        earlier = tests[:place]
        wanted = None if shares else _wanted(test.source)
        direct = earlier if wanted is None else [other for other in earlier if _binds(other, wanted)]
        found[test.id] = frozenset(other.id for other in direct).union(*(found[o.id] for o in direct))
    return found


def _binds(test: SourceCell, wanted: frozenset[str]) -> bool:
    bound = _bound(test.source)
    return bound is None or bool(bound & wanted)


# a round asks for every cell again, and one has changed


@lru_cache(maxsize=2_000)
def _wanted(source: str) -> frozenset[str] | None:
    """The names that a cell takes from elsewhere; None where it is not Python."""
    try:
        return needed_names(source)
    except SyntaxError:
        return None


@lru_cache(maxsize=2_000)
def _bound(source: str) -> frozenset[str] | None:
    """The names that a cell binds; None where it is not Python."""
    try:
        return bound_names(source)
    except SyntaxError:
        return None
