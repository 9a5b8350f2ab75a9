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
    results = list(results)
    return [*_faults(results), *_of_several_versions(results), *_failed_by_nearly_all(results)]


def results_of(course: Course, assignment: str) -> Iterator[Result]:
    """Every result that stands. Raises DamagedResult."""
    for student in course.students_graded(assignment):
        result = Result.read(course.result_path(assignment, student))
        if result is None:
            raise DamagedResult(f"{student}: the result is gone; run `autograder grade {assignment}` again")
        yield result


def _faults(results: list[Result]) -> Iterator[str]:
    students = [result.student for result in results if is_faulty(result)]
    if students:
        named = some_of(students)
        yield f"a fault of the grader or of a test, no mark yet: {named}; run the same command again"


def is_faulty(result: Result) -> bool:
    """Whether the grader or a test is to blame for a mark that is not there."""
    tests = (test for part in result.notebooks for test in part.tests)
    return result.status is Status.FAULT or any(test.outcome is Outcome.FAULT for test in tests)


def _of_several_versions(results: list[Result]) -> Iterator[str]:
    """A part of a class that was graded by another version of the tests has marks that cannot be compared."""
    versions = Counter(
        tuple(sorted((name, digest) for name, digest in result.inputs.items() if name != "submission"))
        for result in results
        if result.inputs
    )
    if len(versions) > 1:
        (_, most), *_ = versions.most_common(1)
        yield (
            f"{len(results) - most} of {len(results)} results are of another version of the tests, the "
            "settings or the grader than the others; grade all of them again"
        )


def _failed_by_nearly_all(results: list[Result]) -> Iterator[str]:
    graded: list[NotebookResult] = [p for r in results for p in r.notebooks if p.status is Status.GRADED]
    taken: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    for part in graded:
        for test in part.tests:
            if test.max and test.outcome is not Outcome.FAULT:
                taken[f"{part.name}/{test.id}"] += 1
                failed[f"{part.name}/{test.id}"] += not test.points
    for path, count in taken.items():
        if count >= FEWEST and failed[path] >= NEARLY_ALL * count:
            yield (
                f"{path} failed for {failed[path]} of {count}: is the test right? see "
                f"`autograder explain STUDENT {path.partition('/')[2]}`"
            )
