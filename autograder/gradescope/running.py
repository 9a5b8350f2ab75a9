"""`autograder gradescope`: one submission in Gradescope's container, graded into results.json."""

from __future__ import annotations

import contextlib
import json
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.assignment import Assignment
from autograder.context import Context
from autograder.course import Course
from autograder.errors import AutograderError, UsageError, cannot_write
from autograder.gradescope.results import Form, Visibility
from autograder.gradescope.submitted import handed_in, owner
from autograder.grading import Graded, earlier_try, exit_code
from autograder.marking import jail_for, mark
from autograder.result import Result, write_atomically
from autograder.scheduling.local import LocalPool
from autograder.scratch import scratch_folder
from autograder.settings import Settings

_BROKEN = "What went wrong stands in the autograder's output, which instructors see."
_LATE = "It was not done when its time was over."


@dataclass(frozen=True, slots=True)
class Run:
    """A submission in the folder `root`, laid out as Gradescope does it, for `seconds` at most."""

    course: Course
    assignment: str
    root: Path
    seconds: float
    hidden: Visibility = "after_published"
    min_tier: int | None = None
    max_tier: int | None = None

    def grade(self, tell: Callable[[str], None]) -> int:
        """Writes results/results.json whatever happens, tells the instructor how it went; the exit code.

        0 done, 1 not gradable, 4 a fault of ours, which is no zero for the student. Raises UsageError where
        the assignment is none, so that there are no tests to report on, and GraderFault for a full disk.
        """
        started = time.monotonic()
        form = Form(Assignment.load(self.course, self.assignment), self.hidden)
        student = owner(self.root / "submission_metadata.json")
        try:
            result = self._result(form.assignment, student, started)
        except KeyboardInterrupt:
            return self._fault(form, _LATE, f"interrupted after {time.monotonic() - started:.0f} s", tell)
        except _TooWeak as error:
            return self._fault(form, str(error), str(error), tell)
        except AutograderError as error:
            return self._fault(form, _BROKEN, str(error), tell)
        except Exception:
            return self._fault(form, _BROKEN, traceback.format_exc(), tell)
        seconds = time.monotonic() - started
        self._write(form.of_result(result, seconds))
        for line in (*result.retries, *filter(None, [result.withheld.get("fault")])):
            tell(line)
        most = form.assignment.automatic_points
        points = f"{result.points:g} of {most:g} points"
        tell(f"{student}: {result.status}, {points}, jail of tier {result.tier}, {seconds:.1f} s")
        return exit_code([Graded(result, None)])

    def _result(self, assignment: Assignment, student: str, started: float) -> Result:
        settings = replace(
            base := self.course.settings.for_assignment(self.assignment),
            min_tier=base.min_tier if self.min_tier is None else self.min_tier,
            max_tier=base.max_tier if self.max_tier is None else self.max_tier,
        )
        _require_tier(settings)
        context = Context.around(self.course, assignment, settings)
        with scratch_folder() as scratch, context.servers() as servers:

            def graded(student: str) -> Result:
                limits = settings.limits
                submission = handed_in(self.root / "submission", student, assignment, limits)
                result = mark(assignment, submission, settings, servers, scratch).result
                inputs = context.inputs_of(submission)
                return replace(result, key=context.key_of(inputs), inputs=inputs)

            result = _in_worker(graded, student)
            # as at home: what a busy machine may have caused is tried once more, if there is time for it
            if not result.is_final and 2 * (time.monotonic() - started) < self.seconds:
                with contextlib.suppress(KeyboardInterrupt):
                    result = replace(_in_worker(graded, student), retries=earlier_try(result))
        return result

    def _fault(self, form: Form, words: str, details: str, tell: Callable[[str], None]) -> int:
        self._write(form.of_fault(words))
        tell(details)
        return 4

    def _write(self, results: dict[str, Any]) -> None:
        text = json.dumps(results, indent=1, allow_nan=False) + "\n"
        path = self.root / "results" / "results.json"
        try:
            write_atomically(path, text)
        except OSError as error:
            raise cannot_write(error, path) from None


class _TooWeak(UsageError):
    """The container's jail is weaker than the assignment asks; in words that students may read."""


def _require_tier(settings: Settings) -> None:
    try:
        jail_for(settings)
    except UsageError as error:
        raise _TooWeak(str(error)) from None


def _in_worker(function: Callable[[str], Result], student: str) -> Result:
    """In a process of its own, which may die of a hostile file without taking the results along."""
    ((_, answer),) = LocalPool(function, 1).run([student])
    if isinstance(answer, BaseException):
        raise answer
    return answer
