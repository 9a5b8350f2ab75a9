"""Hidden tests are taken out of what feedback is made of."""

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter

from autograder.feedback.hiding import PLACEHOLDER, HideTests, blanked, harmless, is_test
from autograder.marking import MESSAGE
from tests import building

HIDDEN = "# two points\n### BEGIN HIDDEN TESTS\nassert f(17) == 4\n### END HIDDEN TESTS\nassert f(1) == 1"


def error(name: str = "AssertionError", message: str = "too small") -> dict[str, object]:
    traceback = ["----> 1 assert f(17) == 4", f"{name}: {message}"]
    return {"output_type": "error", "ename": name, "evalue": message, "traceback": traceback}


def hide(*cells: building.Cell) -> nbformat.NotebookNode:
    notebook = nbformat.reads(building.notebook(*cells), as_version=4)
    hidden, _ = HideTests().preprocess(notebook, {})
    return hidden


def test_a_hidden_region_becomes_a_placeholder_and_the_rest_stays() -> None:
    assert blanked(HIDDEN) == f"# two points\n{PLACEHOLDER}\nassert f(1) == 1"


def test_a_region_that_is_never_closed_hides_the_whole_cell() -> None:
    assert blanked("# BEGIN HIDDEN TESTS\nassert f(17) == 4") == PLACEHOLDER


@pytest.mark.parametrize(
    ("metadata", "verdict"),
    [
        ({"grade": True, "solution": False}, True),
        ({"grade": True, "solution": True}, False),
        ({"grade": False, "solution": True}, False),
        ({}, False),
    ],
)
def test_a_test_is_graded_and_no_answer(metadata: dict[str, bool], verdict: bool) -> None:
    assert is_test(metadata) is verdict


def test_an_error_keeps_its_message_and_loses_its_traceback() -> None:
    (kept,) = harmless([error()])
    assert kept["traceback"] == ["AssertionError: too small"]


def test_what_was_printed_in_a_hidden_test_is_left_out() -> None:
    printed = {"output_type": "stream", "name": "stdout", "text": "called with 17"}
    shown = {"output_type": "display_data", "data": {"text/plain": "17"}, "metadata": {}}
    assert list(harmless([printed, shown])) == []


def test_what_a_test_in_parts_says_to_the_student_is_kept() -> None:
    said = {
        "output_type": "display_data",
        "data": {"text/plain": "zero: a value differs"},
        "metadata": MESSAGE,
    }
    assert [output["data"] for output in harmless([said])] == [said["data"]]


def test_partial_credit_is_kept_and_any_other_value_is_not() -> None:
    values = [
        {"output_type": "execute_result", "data": {"text/plain": text, "text/html": "<b>17</b>"}}
        for text in ("1.5", "array([17])")
    ]
    assert [value["data"] for value in harmless(values)] == [{"text/plain": "1.5"}]


def test_the_settings_that_nbconvert_gives_everybody_are_no_surprise(
    caplog: pytest.LogCaptureFixture,
) -> None:
    HideTests(config=HTMLExporter().default_config)
    assert caplog.messages == []


def test_the_preprocessor_touches_test_cells_only() -> None:
    tested = building.hidden_test("assert f(17) == 4", "test_f") | {"outputs": [error()]}
    answer = building.solution("# BEGIN HIDDEN TESTS is only a comment here", "f") | {"outputs": [error()]}
    after = hide(answer, tested).cells
    assert "f(17)" not in str(after[1]) and "too small" in str(after[1])
    assert after[0].source == answer["source"] and "f(17)" in str(after[0].outputs)


def test_a_test_without_hidden_lines_keeps_its_outputs() -> None:
    visible = building.flagged("code", "assert f(1) == 1", "t", 1, grade=True, locked=True)
    after = hide(visible | {"outputs": [error()]}).cells[0]
    assert after.source == "assert f(1) == 1" and len(after.outputs[0].traceback) == 2
