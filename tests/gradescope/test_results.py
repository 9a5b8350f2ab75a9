"""What instructors and students see on Gradescope of a result."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.assignment import Assignment
from autograder.gradescope.results import MAX_OUTPUT, MAX_WORDS, NO_ZERO, Form, shown
from autograder.result import CellResult, NotebookResult, Outcome, Result, Status, TestResult
from tests.building import Cell, flagged, hidden_test, locked, manual, solution, source, task
from tests.gradescope.schema import checked


def visible_test(text: str, grade_id: str, points: float = 1) -> Cell:
    return flagged("code", text, grade_id, points, grade=True, locked=True)


CELLS = (
    locked("import numpy as np", "setup"),
    solution("### BEGIN SOLUTION\nx = 1\n### END SOLUTION", "x"),
    visible_test("assert x", "seen", 1),
    hidden_test("assert x == 'the secret'", "unseen", 2),
    visible_test("assert x + 1", "seen_late", 3),
    manual("Because.", "why", 4),
    task("Do it.", "chore", 5),
)
ASSIGNMENT = Assignment("toy", (source(*CELLS),))
TOTAL = 6


def result(*tests: TestResult, cells: tuple[CellResult, ...] = (), **changes: object) -> Result:
    part = NotebookResult("nb", tests=tests, cells=cells)
    found = Result(
        schema=1,
        assignment="toy",
        student="ada@example.org",
        status=Status.GRADED,
        key="k",
        tier=2,
        isolation="wall",
        seeds={},
        versions={"autograder": "1"},
        notebooks=(part,),
        withheld={"nb/unseen": "assert x == 'the secret'"},
    )
    return replace(found, **changes)  # type: ignore[arg-type]


def ran(outcome: Outcome = Outcome.PASSED, words: str = "") -> tuple[TestResult, ...]:
    """All three tests, which ended alike."""
    most = {"seen": 1.0, "unseen": 2.0, "seen_late": 3.0}
    passed = outcome is Outcome.PASSED
    return tuple(TestResult(id, most[id] * passed, most[id], outcome, words) for id in most)


def by_id(found: dict) -> dict[str, dict]:
    return {test["extra_data"]["grade_id"]: test for test in checked(found)["tests"]}


def test_the_sum_of_the_tests_is_the_mark():
    found = checked(Form(ASSIGNMENT).of_result(result(*ran()), 3.14159))
    assert sum(test["score"] for test in found["tests"]) == TOTAL
    assert sum(test["max_score"] for test in found["tests"]) == TOTAL == ASSIGNMENT.automatic_points
    assert [test["number"] for test in found["tests"]] == ["1.1", "1.2", "1.3"]
    assert {test["status"] for test in found["tests"]} == {"passed"}
    assert found["execution_time"] == 3.1
    assert found["stdout_visibility"] == "hidden"
    assert (found["extra_data"]["tier"], found["extra_data"]["student"]) == (2, "ada@example.org")
    assert "Run in a jail of tier 2 of 3." in found["output"]


def test_questions_for_a_person_are_named_and_are_no_tests():
    found = Form(ASSIGNMENT).of_result(result(*ran()), 1)
    assert "nb / why (4), nb / chore (5)" in found["output"]
    assert by_id(found).keys() == {"seen", "unseen", "seen_late"}


@pytest.mark.parametrize("hidden", ["visible", "after_due_date", "after_published", "hidden"])
def test_a_test_with_a_hidden_part_is_seen_when_the_instructor_says(hidden):
    tests = by_id(Form(ASSIGNMENT, hidden).of_result(result(*ran()), 1))
    assert {id: test["visibility"] for id, test in tests.items()} == {
        "seen": "visible",
        "unseen": hidden,
        "seen_late": "visible",
    }


def test_a_test_that_shows_one_part_and_hides_another_counts_as_hidden():
    mixed = hidden_test("assert x == 2", "mixed")
    mixed["source"] = f"assert x\n{mixed['source']}"
    assignment = Assignment("toy", (source(mixed),))
    found = Form(assignment).of_result(result(TestResult("mixed", 0, 1, Outcome.FAILED)), 1)
    assert by_id(found)["mixed"]["visibility"] == "after_published"


def test_partial_credit_keeps_its_points_and_its_words():
    half = TestResult("seen", 0.5, 1.0, Outcome.PARTIAL, "one part was wrong")
    test = by_id(Form(ASSIGNMENT).of_result(result(half), 1))["seen"]
    assert (test["score"], test["status"], test["output"]) == (0.5, "failed", "one part was wrong")


# What must not be told --------------------------------------------------------------------------


def test_neither_hidden_tests_nor_what_is_withheld_stand_in_it():
    form = Form(ASSIGNMENT)
    for found in (form.of_result(result(*ran(Outcome.FAILED)), 1), form.of_unfinished()):
        assert "secret" not in json.dumps(checked(found))


def test_behind_a_hidden_test_a_visible_one_says_no_more_than_that_it_failed():
    """The student's code was given hidden inputs by then, and may put them into its own exceptions."""
    failed = result(*ran(Outcome.FAILED, "input was 42"))
    tests = by_id(Form(ASSIGNMENT).of_result(failed, 1))
    assert tests["seen"]["output"] == "input was 42"
    assert tests["unseen"]["output"] == "input was 42"  # which is not seen yet
    assert tests["seen_late"]["output"].startswith("failed (behind a hidden test")
    shown_at_once = by_id(Form(ASSIGNMENT, "visible").of_result(failed, 1))
    assert shown_at_once["seen_late"]["output"] == "input was 42"


def test_a_later_notebook_is_behind_the_hidden_tests_of_an_earlier_one():
    """Files pass from one notebook of a submission to the next."""
    later = source(visible_test("assert x", "later"), name="nc")
    assignment = Assignment("toy", (*ASSIGNMENT.notebooks, later))
    second = NotebookResult("nc", tests=(TestResult("later", 0, 1, Outcome.FAILED, "input was 42"),))
    both = result(*ran())
    found = Form(assignment).of_result(replace(both, notebooks=(*both.notebooks, second)), 1)
    assert by_id(found)["later"]["output"].startswith("failed (behind a hidden test")


CELLS_RUN = (
    CellResult(0, "setup", "locked", False, Outcome.PASSED),
    CellResult(1, "x", "solution", True, Outcome.ERROR, "ValueError: before"),
    CellResult(3, "", "plain", True, Outcome.ERROR, "ValueError: still before"),
    CellResult(5, "", "plain", True, Outcome.ERROR, "ValueError: after, 42"),
    CellResult(7, "why", "manual", True, Outcome.SKIPPED),
)


def test_errors_of_the_student_s_cells_are_shown_up_to_the_first_hidden_test():
    """The cells are: setup, x, seen, own, unseen, own, seen_late, why."""
    failed = result(*ran(Outcome.FAILED), cells=CELLS_RUN)
    output = Form(ASSIGNMENT).of_result(failed, 1)["output"]
    assert "nb: cell x ended in ValueError: before" in output
    assert "nb: cell number 4 ended in ValueError: still before" in output
    assert "42" not in output
    assert "after, 42" in Form(ASSIGNMENT, "visible").of_result(failed, 1)["output"]


# What is no mark --------------------------------------------------------------------------------


def test_a_fault_is_no_zero_by_its_words_and_shows_students_no_total():
    found = checked(Form(ASSIGNMENT).of_fault("The jail is too weak."))
    assert found["output"] == f"{NO_ZERO}\nThe jail is too weak."
    assert {test["visibility"] for test in found["tests"]} == {"after_published"}
    assert all("no zero" in test["output"] for test in found["tests"])
    # Gradescope refuses results whose maximum is another than the assignment's
    assert sum(test["max_score"] for test in found["tests"]) == TOTAL


def test_one_test_that_could_not_be_run_leaves_the_others_their_points():
    tests = (*ran()[:2], TestResult("seen_late", 0, 3, Outcome.FAULT, "the test broke on its own"))
    found = Form(ASSIGNMENT, "visible").of_result(result(*tests), 1)
    assert found["output"].startswith(NO_ZERO)
    late = by_id(found)["seen_late"]
    assert (late["score"], late["visibility"]) == (0, "after_published")
    assert sum(test["score"] for test in found["tests"]) == 3


def test_a_notebook_that_nothing_can_be_made_of_waits_for_a_person():
    part = NotebookResult("nb", Status.NOT_GRADABLE, reason="the file is no JSON\x1b[2J")
    found = Form(ASSIGNMENT, "visible").of_result(result(status=Status.NOT_GRADABLE, notebooks=(part,)), 1)
    assert "nb: NOT GRADED: the file is no JSON. This is no zero yet" in checked(found)["output"]
    assert {test["visibility"] for test in found["tests"]} == {"after_published"}


def test_a_notebook_that_was_not_handed_in_has_zero_points_and_says_why():
    part = NotebookResult("nb", Status.MISSING, reason="the notebook was not handed in")
    found = Form(ASSIGNMENT).of_result(result(status=Status.MISSING, notebooks=(part,)), 1)
    assert "nb: the notebook was not handed in; none of its tests was passed." in found["output"]
    assert by_id(found)["seen"]["visibility"] == "visible"
    assert by_id(found)["seen"]["output"] == "the notebook was not handed in"


# Words of a hostile student ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, plain",
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07done", "done"),
        ("\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1bPq\x1b\\sixel", "sixel"),
        ("a\x00b\x08c\x9bd", "a\ufffdb\ufffdc\ufffdd"),
        ("\u202egnirts", "\ufffdgnirts"),
        ("one\r\ntwo\u2028three", "one\ntwo\nthree"),
        ("\ud800", "\ufffd"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),  # text, which is shown as it is
    ],
)
def test_words_are_plain_lines(text, plain):
    assert shown(text, 100) == plain


@given(st.text(st.characters(codec=None), max_size=300), st.integers(20, 100))
def test_whatever_is_said_is_printable_and_not_too_long(text, most):
    words = shown(text, most)
    assert len(words) <= most
    assert all(line.isprintable() for line in words.split("\n"))


def test_much_talk_is_cut():
    notes = tuple(f"note {n} {'x' * 900}" for n in range(500))
    found = Form(ASSIGNMENT).of_result(result(*ran(Outcome.FAILED, "y" * 10**6), tampering=notes), 1)
    assert len(checked(found)["output"]) <= MAX_OUTPUT
    assert max(len(test["output"]) for test in found["tests"]) <= MAX_WORDS
