"""Test cells as otter's test files, read and run by otter itself."""

from typing import Any

import pytest
from otter.test_files import ExceptionTestFile

from autograder.otter.testfiles import Question, for_grader, for_students
from tests.building import flagged, hidden_test, source

DOUBLE = "def double(x):\n    return 2 * x"
MIXED = """\
# 2 points
assert double(1) == 2
### BEGIN HIDDEN TESTS
assert double('a') == 'aa'
### END HIDDEN TESTS
"""
PARTS = """\
from autograder import checks
parts = checks.Parts()
with parts.worth(1, "numbers"):
    assert double(2) == 4, "two times two is four"
with parts.worth(2.5, "text"):
    assert double("a") == "aa"
parts.points
"""


def question(cell: str, points: float = 2) -> Question:
    """Of a cell that is written out, markers and all."""
    made = source(flagged("code", cell, "q", points, grade=True, locked=True)).cells[0]
    return Question.of(made)


def hidden(code: str, points: float = 2) -> Question:
    return Question.of(source(hidden_test(code, "q", points)).cells[0])


def checked(text: str, student: dict[str, Any]) -> ExceptionTestFile:
    """Read and run by otter among the student's names."""
    found = ExceptionTestFile.from_string(text, "tests/q.py")
    found.run(student)
    return found


def names(code: str = "") -> dict[str, Any]:
    """A student's names."""
    found: dict[str, Any] = {"__name__": "__main__"}
    exec(code, found)
    return found


def messages(found: Any) -> list[str]:
    return [result.message for result in found.test_case_results]


def test_a_right_answer_has_all_points() -> None:
    found = checked(for_grader(hidden("assert double(2) == 4")), names(DOUBLE))
    assert (found.name, found.score, found.possible, found.all_public) == ("q", 2, 2, False)


def test_a_wrong_answer_has_none_and_reads_the_message() -> None:
    found = checked(
        for_grader(hidden("assert double(2) == 4, 'two times two'")), names("def double(x): return x")
    )
    assert found.score == 0
    assert "two times two" in messages(found)[0]


def test_the_visible_part_is_a_public_case_and_points_are_for_both() -> None:
    found = checked(for_grader(question(MIXED, 3)), names("def double(x): return 2"))
    assert [case.hidden for case in found.test_cases] == [False, True]
    assert (found.score, found.possible, found.passed_all_public) == (0, 3, True)
    assert checked(for_grader(question(MIXED, 3)), names(DOUBLE)).score == 3


def test_students_get_the_visible_part_alone() -> None:
    text = for_students(question(MIXED))
    assert "'aa'" not in text and "HIDDEN" not in text
    found = checked(text, names("def double(x): return 2"))
    assert found.passed_all and found.all_public


def test_a_cell_that_is_wholly_visible_is_one_public_case() -> None:
    asked = question("assert double(1) == 2")
    assert for_grader(asked) == for_students(asked)
    assert checked(for_grader(asked), names(DOUBLE)).all_public


@pytest.mark.parametrize("shown", ["# a comment", "import math", "pass", "import math\nfrom os import path"])
def test_what_tries_out_nothing_is_no_visible_part(shown: str) -> None:
    assert question(f"{shown}\n### BEGIN HIDDEN TESTS\nassert 0\n### END HIDDEN TESTS").visible == ""


def test_a_hidden_region_inside_a_function_leaves_nothing_to_show() -> None:
    asked = question("def test():\n### BEGIN HIDDEN TESTS\n    assert 0, 'no'\n### END HIDDEN TESTS\n")
    assert asked.visible == ""


def test_an_empty_cell_gives_its_points_as_it_does_here() -> None:
    assert checked(for_grader(question("")), names()).score == 2


def test_names_of_the_test_stay_among_the_student_s() -> None:
    student = names(DOUBLE)
    checked(for_grader(hidden("half = 0.5")), student)
    assert checked(for_grader(hidden("assert half == 0.5")), student).score == 2


def test_a_spy_reaches_the_student_s_own_calls() -> None:
    student = names("def f(): return g()\ndef g(): return 1")
    cell = "called = []\ndef g():\n    called.append(1)\n    return 2\nassert f() == 2 and called"
    assert checked(for_grader(hidden(cell)), student).score == 2


def test_magics_are_run_as_in_a_notebook() -> None:
    class Shell:
        def run_line_magic(self, *_: object) -> None:
            pass

    student = names(DOUBLE) | {"get_ipython": Shell}
    assert checked(for_grader(hidden("%matplotlib inline\nassert double(1) == 2")), student).score == 2


@pytest.mark.parametrize(
    "text",
    ["'''", '"""', "\\", "\\n", "{name}", "{}", "%s", "\t", "\x0c", "ä€😀", "\u2028", "r'\\d'", "{{", "\\'"],
)
def test_whatever_a_cell_holds_arrives_as_it_was(text: str) -> None:
    student = names()
    found = checked(for_grader(hidden(f"said = {text!r}\nassert said == {text!r}")), student)
    assert (found.score, student["said"]) == (2, text)


def test_a_literal_over_lines_keeps_its_lines() -> None:
    student = names()
    checked(for_grader(hidden('text = """a\n  b\\\n"c"\n"""')), student)
    assert student["text"] == 'a\n  b"c"\n'


# Parts -------------------------------------------------------------------------------------------


def test_each_part_is_a_case_with_its_points_and_its_message() -> None:
    found = checked(for_grader(question(PARTS, 3.5)), names("def double(x): return x + x if x == 'a' else 0"))
    assert [(case.name, case.points) for case in found.test_cases] == [("numbers", 1), ("text", 2.5)]
    assert (found.score, found.possible) == (2.5, 3.5)
    assert "two times two is four" in messages(found)[0]


def test_the_cell_runs_once_for_all_its_parts() -> None:
    student = names(DOUBLE) | {"runs": []}
    checked(for_grader(question("runs.append(1)\n" + PARTS, 3.5)), student)
    assert student["runs"] == [1]


def test_an_error_outside_the_parts_fails_them_all() -> None:
    found = checked(for_grader(question("1 / 0\n" + PARTS, 3.5)), names(DOUBLE))
    assert found.score == 0


def test_hidden_parts_show_students_the_visible_lines_alone() -> None:
    asked = question("assert double(1) == 2\n### BEGIN HIDDEN TESTS\n" + PARTS + "### END HIDDEN TESTS", 3.5)
    assert "two times two" not in for_students(asked)
    found = checked(for_grader(asked), names(DOUBLE))
    assert [case.hidden for case in found.test_cases] == [False, True, True]
    assert (found.score, found.possible) == (3.5, 3.5)


LOOP = """\
parts = checks.Parts()
for _ in range(2):
    with parts.worth(1, "numbers"):
        pass
parts.points
"""


@pytest.mark.parametrize(
    "cell, points",
    [
        (PARTS, 4),  # they do not add up to the points of the cell
        (PARTS.replace('"text"', '"numbers"'), 3.5),  # which of the two failed could not be told
        (PARTS.replace(', "text"', ""), 3.5),
        (PARTS.replace("2.5", "5 / 2"), 3.5),
        (PARTS + "parts.points + 1", 3.5),
        (LOOP, 1),
        (LOOP, 2),
        ("double(1) * 1.0", 2),
    ],
    ids=["sum", "names", "nameless", "computed", "more", "loop", "loop twice", "number"],
)
def test_parts_that_are_not_plain_to_see_are_no_cases(cell: str, points: float) -> None:
    assert question(cell, points).parts == ()


# Answers that would take other questions along ---------------------------------------------------

HOSTILE = {
    "exits": "raise SystemExit(0)",
    "interrupts": "raise KeyboardInterrupt",
    "ends a generator": "raise GeneratorExit",
    "an exception that ends what tells it": "class E(Exception):\n  __str__ = exit\n raise E",
    "an assertion that cannot be told": "class E(AssertionError):\n  def __str__(self): 1 / 0\n raise E",
    "an assertion of no text": "class E(AssertionError):\n  def __str__(self): return 3\n raise E",
    "a long message": "raise AssertionError('x' * 10**6)",
    "no end of calls": "return double(x)",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_answer_costs_its_own_question(body: str) -> None:
    found = checked(for_grader(hidden("assert double(2) == 4")), names(f"def double(x):\n {body}"))
    assert found.score == 0
    assert len(messages(found)[0]) < 2_000


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_answer_does_not_end_what_looks_at_its_parts(body: str) -> None:
    found = checked(for_grader(question(PARTS, 3.5)), names(f"def double(x):\n {body}"))
    assert (found.score, found.possible) == (0, 3.5)
