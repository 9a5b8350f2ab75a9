"""Which of a student's attempts counts: the last one, or the best."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from autograder.collecting.attempts import Attempt
from autograder.context import Context
from autograder.marking import Marked, mark
from autograder.result import Status
from autograder.runtime.servers import Servers
from autograder.scheduling.local import LocalPool
from autograder.scratch import scratch_folder
from autograder.submission import read_submission


def last(attempts: Sequence[Attempt]) -> Attempt:
    """The latest; of the same time, the one that came last."""
    return max(attempts, key=lambda attempt: attempt.order)


def best(attempts: Sequence[Attempt], points: Mapping[int, float | None]) -> Attempt:
    """The one with most automatic points by number, None for what cannot be graded; the earliest of these."""

    def worth(attempt: Attempt) -> float:
        found = points[attempt.number]
        return -1.0 if found is None else found

    most = max(map(worth, attempts))
    return min((a for a in attempts if worth(a) == most), key=lambda attempt: attempt.order)


def grade_attempts(
    context: Context,
    folders: Mapping[tuple[str, int], Path],
    jobs: int | None = None,
    on_graded: Callable[[str], None] = lambda attempt: None,
) -> dict[tuple[str, int], float | str | None]:
    """Automatic points of attempts, by student and number: None if not gradable, a text if that failed.

    Nothing is written; what was not final is tried once more, alone, as in a class.
    """
    if not folders:
        return {}
    with ExitStack() as stack:
        scratch = stack.enter_context(scratch_folder())
        servers = stack.enter_context(context.servers())

        def run(key: tuple[str, int]) -> Marked:
            return _mark(context, key[0], folders[key], servers, scratch)

        context.prepare({student for student, _ in folders})
        done: dict[tuple[str, int], Marked | BaseException] = {}
        for key, answer in LocalPool(run, context.jobs(jobs)[0]).run(list(folders)):
            done[key] = answer
            on_graded(f"{key[0]}, attempt {key[1]}")
        doubtful = [k for k, m in done.items() if isinstance(m, Marked) and not m.result.is_final]
        for key in doubtful:
            done.update(LocalPool(run, 1).run([key]))
    return {key: _points(marked) for key, marked in done.items()}


def _mark(context: Context, student: str, folder: Path, servers: Servers, scratch: Path) -> Marked:
    assignment, settings = context.assignment_of(student), context.settings
    submission = read_submission(folder, student, assignment.name, settings.limits)
    return mark(assignment, submission, settings, servers, scratch)


def _points(marked: Marked | BaseException) -> float | str | None:
    if isinstance(marked, BaseException):
        return str(marked) or type(marked).__name__
    if marked.result.status is Status.FAULT:
        return "a fault of the grader or of a test"
    return marked.result.points if marked.result.status is not Status.NOT_GRADABLE else None
