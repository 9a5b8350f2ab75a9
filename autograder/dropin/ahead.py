"""The submissions of one assignment that nbgrader is about to ask for, run some at a time on all cores."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.adopting import Way, examine
from autograder.context import Context
from autograder.marking import Marked, mark
from autograder.records import decode, encode
from autograder.result import write_atomically
from autograder.runtime.servers import Servers
from autograder.scheduling.local import LocalPool
from autograder.scratch import scratch_folder
from autograder.submission import Submission, read_submission

AHEAD = 8  # submissions a worker that are run before the gradebook hears of the first of them


@dataclass(frozen=True, slots=True)
class Tried:
    """What trying the tests with the instructor's solution showed: those to run in the student's process."""

    digest: str
    shared: tuple[str, ...]
    notes: tuple[str, ...]

    @classmethod
    def of(cls, context: Context, servers: Servers) -> Tried:
        """As it was found out before, if nothing has changed since that the tests depend on."""
        path = context.course.state / "dropin" / f"{context.assignment.name}.json"
        with contextlib.suppress(OSError, ValueError, TypeError):
            known = decode(cls, json.loads(path.read_bytes()))
            if known.digest == context.digest:
                return known
        shared, notes = [], []
        for verdict in examine(context, servers):
            if verdict.way is Way.SHARED or (verdict.way is Way.NEITHER and verdict.refused):
                shared.append(verdict.test)
                notes.append(
                    f"{verdict.notebook}/{verdict.test} runs in the student's process: {verdict.why}"
                )
            elif verdict.way is Way.NEITHER:
                notes.append(f"{verdict.notebook}/{verdict.test} fails with the solution too: {verdict.why}")
        found = cls(context.digest, tuple(shared), tuple(notes))
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, json.dumps(encode(found), indent=1))
        return found


class Ahead:
    """Marks `students` in their order, a batch when the first of it is asked for. A context manager.

    `folder` says where a student's submission lies. Warm servers are started at the first question.
    """

    def __init__(
        self,
        context: Context,
        students: Sequence[str],
        folder: Callable[[str], Path],
        on_note: Callable[[str], None],
    ) -> None:
        self.context = context
        self._waiting = list(students)
        self._folder = folder
        self._on_note = on_note
        self._jobs, note = context.jobs(None)
        if note:
            on_note(note)
        self._done: dict[str, tuple[Submission, Marked] | BaseException] = {}
        self._open = ExitStack()

    def __enter__(self) -> Ahead:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def marked(self, student: str) -> tuple[Submission, Marked]:
        """The submission as it was read, and what came of it; raises what its worker ended with."""
        if student not in self._done:
            self._run(student)
        found = self._done[student]
        if isinstance(found, BaseException):
            raise found
        return found

    def _run(self, student: str) -> None:
        self._start()
        ahead = self._waiting[self._waiting.index(student) :] if student in self._waiting else [student]
        batch = ahead[: AHEAD * self._jobs]
        self._waiting = [other for other in self._waiting if other not in batch]
        self.context.prepare(batch)
        self._done.clear()
        self._done.update(LocalPool(self._mark, self._jobs).run(batch))
        for one, found in list(self._done.items()):
            if not isinstance(found, BaseException) and not found[1].result.is_final:
                self._done.update(LocalPool(self._mark, 1).run([one]))

    def _start(self) -> None:
        if not hasattr(self, "_servers"):
            self._scratch = self._open.enter_context(scratch_folder())
            self._servers = self._open.enter_context(self.context.servers())
            self._let_in_what_cannot_cross()

    def _let_in_what_cannot_cross(self) -> None:
        """Tests that the wall would fail, and that pass in the student's process, are run there."""
        settings = self.context.settings
        found = Tried.of(self.context, self._servers)
        for line in found.notes:
            self._on_note(line)
        shared = tuple(dict.fromkeys((*settings.shared_cells, *found.shared)))
        self.context = replace(self.context, settings=replace(settings, shared_cells=shared))

    def _mark(self, student: str) -> tuple[Submission, Marked]:
        assignment, settings = self.context.assignment_of(student), self.context.settings
        submission = read_submission(self._folder(student), student, assignment.name, settings.limits)
        return submission, mark(assignment, submission, settings, self._servers, self._scratch)
