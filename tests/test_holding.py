"""What holds marks back."""

from dataclasses import replace

import pytest

from autograder.holding import holds
from autograder.result import NotebookResult, Outcome, Result, Status, TestResult


def result(student: str, points: float, outcome: Outcome = Outcome.FAILED) -> Result:
    tests = (TestResult("t", points, 2.0, outcome), TestResult("u", 1.0, 1.0, Outcome.PASSED))
    return Result(
        schema=1,
        assignment="a",
        student=student,
        status=Status.GRADED,
        key="",
        tier=3,
        isolation="wall",
        seeds={},
        versions={},
        notebooks=(NotebookResult("nb", tests=tests),),
    )


@pytest.mark.parametrize(
    "failed, passed, held", [(5, 0, True), (4, 0, False), (9, 1, True), (8, 2, False), (0, 9, False)]
)
def test_a_test_that_nearly_all_fail_holds_marks_back(failed, passed, held):
    found = holds([result(f"s{n}", 2.0 * (n >= failed)) for n in range(failed + passed)])
    assert bool(found) == held
    if held:
        assert found[0].startswith(f"nb/t failed for {failed} of {failed + passed}: is the test right?")


def test_a_fault_holds_marks_back_and_names_who_has_none():
    whole = replace(result("bob", 0), status=Status.FAULT, notebooks=())
    (line,) = holds([result("ada", 0, Outcome.FAULT), whole, result("cyd", 2)])
    assert line.startswith("a fault of the grader or of a test, no mark yet: ada, bob; run")


def test_notebooks_that_were_not_graded_say_nothing_about_a_test():
    part = NotebookResult("nb", Status.NOT_GRADABLE)
    assert holds([replace(result(f"s{n}", 2), notebooks=(part,)) for n in range(9)]) == []
