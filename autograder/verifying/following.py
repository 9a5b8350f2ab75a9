"""`autograder verify --changed --watch`: servers that stay warm, and a round whenever a file is saved."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

from autograder.assignment import is_ignored
from autograder.context import Context
from autograder.errors import AutograderError
from autograder.keys import imported_paths
from autograder.runtime.servers import Servers
from autograder.settings import FILE_NAME
from autograder.verifying.cases import read_cases
from autograder.verifying.changing import Round, verify_changed
from autograder.verifying.remembering import Memory

POLL_SECONDS = 0.2

Snapshot = dict[Path, tuple[int, int]]


def follow(
    context_of: Callable[[], Context],
    cases: Path,
    jobs: int,
    on_round: Callable[[Round, float], None],
    on_problem: Callable[[AutograderError], None],
    wait: Callable[[], object] = lambda: time.sleep(POLL_SECONDS),
) -> NoReturn:
    """Verifies what changed, round after round, and again after every change; ends with an exception alone.

    `on_round` gets what is known after a round, and its seconds; `on_problem` what keeps the files, as they
    were just saved, from being verified.
    """
    with _Follower(context_of, cases, jobs) as follower:
        while True:
            seen = _snapshot(follower.watched)
            started = time.perf_counter()
            is_done = True
            try:
                found = follower.round()
            except AutograderError as error:
                on_problem(error)
            else:
                on_round(found, time.perf_counter() - started)
                is_done = not found.not_run
            while is_done and _snapshot(follower.watched) == seen:
                wait()


class _Follower:
    def __init__(self, context_of: Callable[[], Context], cases: Path, jobs: int) -> None:
        self._context_of = context_of
        self._cases = cases
        context = context_of()
        self.watched = self._made_of(context)
        self._memory = Memory(context)
        self._jobs = jobs
        self._servers: Servers | None = None
        self._served: object = None

    def _made_of(self, context: Context) -> list[Path]:
        """Settings, sources, cases, and the modules of tests and of personal data."""
        course, assignment = context.course, context.assignment
        paths = [path for _, path in context.modules()]
        return [course.root / FILE_NAME, course.source(assignment.name), self._cases, *paths]

    def round(self) -> Round:
        context = self._context_of()
        self.watched = self._made_of(context)
        cases = read_cases(self._cases, context.assignment) if self._cases.is_dir() else []
        self._memory.after_change(context)
        return verify_changed(
            context, cases, memory=self._memory, jobs=self._jobs, servers=self._warm(context)
        )

    def _warm(self, context: Context) -> Servers:
        """The servers that there are, or new ones where they hold another version of a module or are dead."""
        held = [context.inputs[part] for part in ("files", "modules", "settings")]
        serving = [held, sorted(imported_paths(context.assignment))]
        if self._servers is None or self._served != serving or not self._servers.are_alive:
            self.close()
            self._servers, self._served = context.servers(), serving
        return self._servers

    def close(self) -> None:
        if self._servers is not None:
            self._servers.close()
            self._servers = None

    def __enter__(self) -> _Follower:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _snapshot(watched: list[Path]) -> Snapshot:
    """When each file below these was written, and how long it is."""
    found = {}
    for path in _files(watched):
        try:
            about = path.stat()
        except OSError:  # an editor is just replacing it
            continue
        found[path] = (about.st_mtime_ns, about.st_size)
    return found


def _files(watched: list[Path]) -> Iterator[Path]:
    for path in watched:
        if not path.is_dir():
            yield path
            continue
        for folder, folders, files in os.walk(path):
            folders[:] = [name for name in folders if not is_ignored(name)]
            yield from (Path(folder, name) for name in files)
