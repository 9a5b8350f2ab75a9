import pytest
from nbformat import from_dict
from nbgrader import utils

from autograder.errors import UsageError
from autograder.source import (
    Role,
    SourceNotebook,
    compute_checksum,
    database_text,
    release_checksum,
    stub_of,
)
from tests.building import STUB, TOY, flagged, hidden_test, manual, notebook, plain, solution, source


def test_roles_follow_the_flags():
    assert [cell.role for cell in source(*TOY).cells] == [
        Role.PLAIN,
        Role.LOCKED,
        Role.SOLUTION,
        Role.TEST,
        Role.TEST,
        Role.MANUAL,
        Role.MANUAL,
        Role.TASK,
    ]


def test_points_add_up():
    assert source(*TOY).max_points == 16


def test_the_students_names_are_those_that_code_answers_bind():
    assert source(*TOY).student_names == {"double", "plot"}


def test_an_answer_that_is_no_python_binds_no_name():
    assert source(solution("def", "a")).student_names == frozenset()


def test_the_stub_is_the_text_of_the_release():
    stubs = {cell.id: stub_of(cell) for cell in source(*TOY).anchors}
    assert stubs == {
        "setup": "import math",
        "double": STUB,
        "test_double": "# tests",
        "test_text": "# tests",
        "why": "YOUR ANSWER HERE",
        "drawing": STUB,
        "chore": "Do it.",
    }


@pytest.mark.parametrize("cell", source(*TOY).anchors, ids=lambda cell: cell.id)
def test_checksums_are_those_of_nbgrader(cell):
    for text, ours in ((database_text(cell), cell.checksum), (stub_of(cell), release_checksum(cell))):
        node = from_dict({"cell_type": cell.cell_type, "source": text, "metadata": dict(cell.metadata)})
        assert ours == utils.compute_checksum(node)


def test_points_change_the_checksum_of_graded_cells_only():
    def sums(role, *points):
        return {compute_checksum(role, "a", "code", "x", value) for value in points}

    assert len(sums(Role.TEST, 1.0, 2.0)) == 2
    assert len(sums(Role.LOCKED, 1.0, 2.0)) == 1


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (
            [solution("", "a"), hidden_test("", "a")],
            "cell 2: cell 1 has the id 'a' too; give each cell its own",
        ),
        ([flagged("code", "", "a", None, grade=True)], "a graded cell needs points"),
        ([flagged("code", "", "a", -1, grade=True)], "a graded cell needs points"),
        ([flagged("code", "", "a b", 1, grade=True)], "grade_id must be letters"),
        ([flagged("code", "", "", solution=True)], "grade_id must be letters"),
        ([flagged("markdown", "", "a", 1, grade=True)], "a test cell must be a code cell, not markdown"),
        ([flagged("markdown", "", "a", solution=True)], "a solution cell must be a code cell"),
        ([flagged("raw", "", "a", locked=True)], "a locked cell must be a code or markdown cell"),
        ([flagged("code", "", "a", 1, task=True)], "a task cell must be a markdown cell"),
        ([flagged("markdown", "", "a", 1, task=True, grade=True)], "a task cell cannot be graded"),
        ([manual("### BEGIN SOLUTION", "a")], "cell 1: BEGIN SOLUTION without END SOLUTION"),
        ([plain(["x", 3])], "its source is no text"),
    ],
)
def test_what_the_instructor_has_to_mend_is_one_line(cells, message):
    with pytest.raises(UsageError) as error:
        source(*cells)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_flags_must_be_true_or_false():
    cell = solution("", "a")
    cell["metadata"]["nbgrader"]["solution"] = "yes"
    with pytest.raises(UsageError, match="must be true or false"):
        source(cell)


def test_old_metadata_is_sent_to_nbgrader_update():
    cell = solution("", "a")
    cell["metadata"]["nbgrader"]["schema_version"] = 1
    with pytest.raises(UsageError, match="nbgrader update"):
        source(cell)


def test_a_notebook_that_is_no_json_is_named():
    with pytest.raises(UsageError, match=r"lab\.ipynb: the notebook is not valid JSON"):
        SourceNotebook.parse("lab", b"{")


def test_cells_without_an_nbformat_id_get_a_stable_one():
    cell = plain("x")
    data = notebook(cell).replace(b'"id": "c0", ', b"")
    assert SourceNotebook.parse("nb", data).cells[0].cell_id == "cell-1"
