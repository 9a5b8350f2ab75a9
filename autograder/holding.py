"""Reasons to look before marks go out: a test that nearly everybody fails, a fault."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from autograder.course import Course
from autograder.errors import some_of
from autograder.result import DamagedResult, NotebookResult, Outcome, Result, Status

FEWEST = 5  # students of whom "nearly all" can be said
NEARLY_ALL = 0.9


def holds(results: Iterable[Result]) -> list[str]:
    """One line for each reason, with what to do; none if marks may go out."""
    holding = Holding()
    for result in results:
        holding.add(result)
    return holding.reasons()


def results_of(course: Course, assignment: str) -> Iterator[Result]:
    """Every result that stands. Raises DamagedResult."""
    for student in course.students_graded(assignment):
        result = Result.read(course.result_path(assignment, student))
        if result is None:
            raise DamagedResult(f"{student}: the result is gone; run `autograder grade {assignment}` again")
        yield result


def is_faulty(result: Result) -> bool:
    """Whether the grader or a test is to blame for a mark that is not there."""
    tests = (test for part in result.notebooks for test in part.tests)
    return result.status is Status.FAULT or any(test.outcome is Outcome.FAULT for test in tests)


class Holding:
    """The reasons for one class, whose results need not be there all at once."""

    def __init__(self) -> None:
        self._results = 0
        self._faulty: list[str] = []
        self._versions: Counter[frozenset[tuple[str, str]]] = Counter()
        self._inputs: dict[str, str] = {}
        self._version: frozenset[tuple[str, str]] = frozenset()
        self._taken: Counter[str] = Counter()
        self._failed: Counter[str] = Counter()

    def add(self, result: Result) -> None:
        self._results += 1
        if is_faulty(result):
            self._faulty.append(result.student)
        if result.inputs:
            inputs = {**result.inputs, "submission": "", "personal": ""}
            if inputs != self._inputs:  # mostly they are those of the result before
                self._inputs, self._version = inputs, frozenset(inputs.items())
            self._versions[self._version] += 1
        for part in result.notebooks:
            if part.status is Status.GRADED:
                self._add_tests(part)

    def _add_tests(self, part: NotebookResult) -> None:
        for test in part.tests:
            if test.max and test.outcome is not Outcome.FAULT:
                self._taken[f"{part.name}/{test.id}"] += 1
                self._failed[f"{part.name}/{test.id}"] += not test.points

    def reasons(self) -> list[str]:
        """As `holds`."""
        return [*self.of_the_class(), *self._failed_by_nearly_all()]

    def of_the_class(self) -> list[str]:
        """Those that are about no single test."""
        return [*self._faults(), *self._of_several_versions()]

    def _faults(self) -> Iterator[str]:
        if self._faulty:
            named = some_of(self._faulty)
            yield f"a fault of the grader or of a test, no mark yet: {named}; run the same command again"

    def _of_several_versions(self) -> Iterator[str]:
        """A part of a class that was graded by another version of the tests cannot be compared."""
        if len(self._versions) > 1:
            (_, most), *_ = self._versions.most_common(1)
            yield (
                f"{self._results - most} of {self._results} results are of another version of the tests, the "
                "settings or the grader than the others; grade all of them again"
            )

    def _failed_by_nearly_all(self) -> Iterator[str]:
        for path, count in self._taken.items():
            if count >= FEWEST and self._failed[path] >= NEARLY_ALL * count:
                yield (
                    f"{path} failed for {self._failed[path]} of {count}: is the test right? see "
                    f"`autograder explain STUDENT {path.partition('/')[2]}`"
                )
