"""What `grade` shows of a class on a screen."""

import pytest

from autograder.display.standings import print_class
from autograder.grading import Graded
from autograder.result import NotebookResult, Outcome, Result, Status, TestResult


def result(student: str, status: Status = Status.GRADED, **parts: object) -> Result:
    parts = {"notebooks": (NotebookResult("nb", tests=(TestResult("t", 1, 2, Outcome.PARTIAL),)),), **parts}
    return Result(1, "toy", student, status, "key", 3, "fork", {}, {}, **parts)


def shown(capsys: pytest.CaptureFixture[str], *results: Result, skipped: int = 0) -> list[str]:
    print_class([Graded(each, None, skipped=n < skipped) for n, each in enumerate(results)], 2)
    return capsys.readouterr().out.splitlines()


def remarks(lines: list[str]) -> list[str]:
    return [line for line in lines if line.startswith(("look at: ", "and "))]


def test_ten_students_have_a_distribution_and_nine_have_none(capsys):
    ten = [result(f"s{number}") for number in range(10)]
    assert "   1.0 -   1.2 | ########## 10" in shown(capsys, *ten)
    assert not any(" | " in line for line in shown(capsys, *ten[:9]))


def test_who_has_repairs_no_notebook_or_an_unreadable_one_is_named_with_the_reason(capsys):
    missing = NotebookResult("nb", Status.MISSING, reason="the notebook was not handed in")
    large = NotebookResult("nb", Status.NOT_GRADABLE, reason="nb.ipynb is too large (9 bytes)")
    lines = shown(
        capsys,
        result("ann"),
        result("bob", tampering=("nb: cells were moved",)),
        result("cleo", Status.MISSING, notebooks=(missing,)),
        result("dora", Status.NOT_GRADABLE, notebooks=(large,)),
    )
    assert remarks(lines) == [
        "look at: bob: nb: cells were moved",
        "look at: cleo: nb.ipynb: the notebook was not handed in",
        "look at: dora: nb.ipynb: is too large (9 bytes)",
    ]


@pytest.mark.parametrize(
    "skipped, summary",
    [
        (0, "2 submissions: 2 graded"),
        (1, "2 submissions: 2 graded; 1 unchanged since an earlier run"),
        (2, "2 submissions: 2 graded; all unchanged since an earlier run"),
    ],
)
def test_the_summary_says_how_many_were_graded_before(capsys, skipped, summary):
    assert summary in shown(capsys, result("ann"), result("bob"), skipped=skipped)


def test_one_of_a_kind_is_told_in_the_singular(capsys):
    lines = shown(capsys, result("ann", Status.FAULT, notebooks=()), result("bob"))
    assert "2 submissions: 1 graded, 1 fault" in lines


def test_a_fault_is_told_with_the_end_of_its_record(capsys):
    part = NotebookResult("nb", tests=(TestResult("t", 0, 2, Outcome.FAULT, "no fault of yours"),))
    lines = shown(
        capsys,
        result("ann", Status.FAULT, notebooks=(), withheld={"fault": "Traceback:\nOSError: no room\n"}),
        result("bob", notebooks=(part,), withheld={"nb/t": "NotSolved: hw1"}),
    )
    assert remarks(lines) == [
        "look at: ann: a fault of the grader or of a test: the grader: OSError: no room",
        "look at: bob: a fault of the grader or of a test: nb/t: NotSolved: hw1",
    ]


def test_what_students_wrote_cannot_steer_the_terminal(capsys):
    (line,) = remarks(shown(capsys, result("ann", tampering=("nb: \x1b[2J\nlook at: bob: caught",))))
    assert line == "look at: ann: nb: \ufffd[2J look at: bob: caught"


def test_a_submission_has_three_lines_and_a_class_twenty(capsys):
    many = tuple(f"nb: repair {n}" for n in range(9))
    lines = remarks(shown(capsys, *(result(f"s{n:02}", tampering=many) for n in range(7))))
    assert lines[:4] == [
        *(f"look at: s00: {line}" for line in many[:3]),
        "look at: s00: and 6 more; --json has them all",
    ]
    assert len(lines) == 21 and lines[-1] == "and 8 more; --json has them all"
