"""A page's content: from source, result, executed notebook and gradebook to questions."""

import json

import pytest

from autograder.feedback.marks import CellMark, NotebookMarks
from autograder.feedback.questions import Feedback, feedback_of
from autograder.result import NotebookResult, Outcome, Status, TestResult
from tests import building

SOURCE = building.source(
    building.plain("# Lab\n\n**How to work.** Well.", "markdown"),
    building.locked("import math", "setup"),
    building.plain("## A The half (5 points)\n\n**Question 1 (2 + 3 points).** Halve it.", "markdown"),
    building.solution("### BEGIN SOLUTION\ndef half(x):\n    return x / 2\n### END SOLUTION", "half"),
    building.locked("assert half(2) == 1", "check_half"),
    building.hidden_test("assert half(17) == 8.5, 'CANARY'", "test_half", 2),
    building.flagged(
        "code",
        "# 3 points: the half of text\n### BEGIN HIDDEN TESTS\nsecret\n### END HIDDEN TESTS",
        "test_text",
        3,
        grade=True,
        locked=True,
    ),
    building.plain("## Looking back", "markdown"),
    building.manual("Because.", "why", 4),
    building.task("Do it.\n=== BEGIN MARK SCHEME ===\nSCHEME\n=== END MARK SCHEME ===", "chore", 5),
)
GRADED = NotebookResult(
    "nb",
    tests=(
        TestResult("test_half", 2, 2, Outcome.PASSED),
        TestResult("test_text", 0, 3, Outcome.FAILED, "the half of a text is no number"),
    ),
)
MARKS = NotebookMarks(
    cells={
        "test_half": CellMark(2.0),
        "test_text": CellMark(0.0),
        "why": CellMark(None, waits=True),
        "chore": CellMark(None, by_hand=4.0, extra=0.5),
    },
    comments={"why": "Say more."},
)


def executed(*own: building.Cell, half: str = "half = 1", outputs: tuple = ()) -> bytes:
    answer = building.solution(half, "half") | {"outputs": list(outputs)}
    return building.notebook(answer, *own)


def content(
    part: NotebookResult = GRADED, marks: NotebookMarks = MARKS, ran: bytes | None = None
) -> Feedback:
    return feedback_of("toy", "ann", SOURCE, part, executed() if ran is None else ran, marks, {})


def test_a_question_is_an_answer_with_its_tests():
    page = content()
    assert [(q.title, q.score, q.most) for q in page.questions] == [
        ("Question 1", 2, 5),
        ("Looking back", None, 4),
        ("chore", 4.5, 5),
    ]


def test_a_test_is_named_by_the_line_that_students_have():
    half, text = content().questions[0].verdicts
    assert (half.what, half.words, half.message) == ("Tests", "passed", "")
    assert (text.what, text.words) == ("The half of text", "not passed")
    assert text.message == "the half of a text is no number"


def test_nothing_of_a_hidden_test_or_a_mark_scheme_is_in_it():
    told = repr(content())
    assert not any(word in told for word in ("CANARY", "secret", "17", "SCHEME", "BEGIN"))


@pytest.mark.parametrize(
    "penalty, score", [(0.0, 6.5), (1.0, 5.5), (50.0, 0.0)], ids=["on time", "late", "very late"]
)
def test_the_sum_is_nbgraders(penalty, score):
    page = content(marks=NotebookMarks("", penalty, MARKS.cells))
    assert (page.raw, page.score, page.most, page.extra, page.waiting) == (6.5, score, 14, 0.5, 4)


def test_a_mark_by_hand_takes_the_place_of_the_automatic_one_and_says_so():
    marks = NotebookMarks(cells={**MARKS.cells, "test_text": CellMark(0.0, by_hand=2.0)})
    verdict = content(marks=marks).questions[0].verdicts[1]
    assert (verdict.score, verdict.words) == (2.0, "not passed; marked by a person")


def test_what_waits_for_a_person_is_no_zero():
    verdict = content().questions[1].verdicts[0]
    assert verdict.score is None and verdict.words == "waits for a person"


def test_a_fault_of_ours_is_no_zero_and_gives_no_details():
    part = NotebookResult("nb", tests=(TestResult("test_half", 0, 2, Outcome.FAULT, "Traceback CANARY"),))
    marks = NotebookMarks(cells={"test_half": CellMark(None, waits=True)})
    verdict = content(part, marks).questions[0].verdicts[0]
    assert verdict.score is None and "no fault of yours" in verdict.message and "CANARY" not in repr(verdict)


def test_a_missing_notebook_has_zeros_and_says_why():
    closed = NotebookMarks(cells={name: CellMark(0.0) for name in ("test_half", "test_text", "why", "chore")})
    page = feedback_of("toy", "ann", SOURCE, NotebookResult("nb", Status.MISSING), None, closed, {})
    assert page.score == 0 and page.waiting == 0 and "not handed in" in page.notes[0]
    assert {v.words for q in page.questions for v in q.verdicts} == {"not handed in"}


def test_a_notebook_that_cannot_be_marked_waits_and_shows_no_cells():
    part = NotebookResult("nb", Status.NOT_GRADABLE, reason="the notebook is not valid JSON")
    page = content(part, NotebookMarks())
    assert page.waiting == 14 and "not valid JSON" in page.notes[0]
    assert not any(question.cells for question in page.questions)


def test_answers_own_cells_and_checks_with_outputs_stand_under_their_question():
    printed = {"output_type": "stream", "name": "stdout", "text": "hello"}
    failed = building.locked("assert half(2) == 1", "check_half") | {"outputs": [printed]}
    silent = building.locked("import math", "setup")
    ran = executed(building.plain("my_own = 1"), failed, silent)
    cells = content(ran=ran).questions[0].cells
    assert [cell.whose for cell in cells] == ["answer", "own", "check"]


def test_the_instructors_text_is_no_cell_of_the_students():
    text = building.plain("## A The half (5 points)\n\n**Question 1 (2 + 3 points).** Halve it.", "markdown")
    ran = building.notebook(text, building.solution("x", "half"))
    page = content(ran=ran)
    assert page.before == () and [cell.whose for cell in page.questions[0].cells] == ["answer"]


def test_the_cell_of_a_test_is_never_shown_whatever_stands_in_it():
    """`isolation = "shared"` runs tests among the student's cells, with what they print and raise."""
    printed = {"output_type": "stream", "name": "stdout", "text": "LEAKED 17"}
    raised = {"output_type": "error", "ename": "E", "evalue": "LEAKED", "traceback": ["LEAKED half(17)"]}
    test = building.hidden_test("LEAKED", "test_half", 2) | {"outputs": [printed, raised]}
    assert "LEAKED" not in repr(content(ran=executed(test)))


def test_an_executed_notebook_that_is_none_is_told_in_one_line():
    from autograder.errors import NotGradable

    with pytest.raises(NotGradable):
        content(ran=b"{")


def test_cells_of_odd_forms_cost_only_themselves():
    data = json.loads(executed())
    data["cells"] += [7, {"cell_type": "code", "source": 3, "outputs": {"a": 1}}, {"cell_type": "code"}]
    assert content(ran=json.dumps(data).encode()).questions[0].cells
