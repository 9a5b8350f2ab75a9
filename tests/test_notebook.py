import base64
import json
from pathlib import Path

import nbformat
import nbgrader
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbgrader import utils
from nbgrader.nbgraderformat import MetadataValidator

from autograder.ipynb import MAX_CELLS
from autograder.notebook import LaidOver, NotGradable, Role, SourceNotebook, dumps, lay_over, render
from autograder.settings import Limits
from tests.building import STUB, TOY, hidden_test, locked, manual, notebook, plain, solution, source

SOURCE = source(
    plain("# Title", "markdown"),
    locked("import math", "setup"),
    solution("### BEGIN SOLUTION\na = 1\n### END SOLUTION", "a"),
    hidden_test("assert a == 1", "test_a", 2),
    solution("### BEGIN SOLUTION\nb = 2\n### END SOLUTION", "b"),
    hidden_test("assert b == 2", "test_b", 3),
    manual("Because.", "why"),
)
SETUP, A, TEST_A, B, TEST_B, WHY = (
    locked("import math", "setup"),
    solution("a = 1", "a"),
    hidden_test("", "test_a", 2),
    solution("b = 2", "b"),
    hidden_test("", "test_b", 3),
    manual("My words.", "why"),
)
for _test in (TEST_A, TEST_B):
    _test["source"] = "# tests"
HANDED_IN = (SETUP, A, TEST_A, B, TEST_B, WHY)


def lay(*cells) -> LaidOver:
    return lay_over(SOURCE, notebook(*cells), Limits())


def lay_json(content) -> LaidOver:
    return lay_over(SOURCE, json.dumps(content).encode(), Limits())


def shown(laid: LaidOver) -> list[str]:
    """Ids of the cells with one, texts of those without."""
    return [cell.id or cell.source for cell in laid.cells]


def edited(cell, source=None, **nbgrader):
    """The cell with another text or other nbgrader metadata."""
    metadata = {**cell["metadata"]["nbgrader"], **nbgrader}
    return {
        **cell,
        "source": cell["source"] if source is None else source,
        "metadata": {"nbgrader": metadata},
    }


def test_an_honest_submission_is_laid_over_without_a_note():
    laid = lay(*HANDED_IN)
    assert shown(laid) == ["setup", "a", "test_a", "b", "test_b", "why"]
    assert laid.tampering == ()


def test_answers_are_the_students_and_all_else_the_sources():
    laid = lay(*HANDED_IN)
    assert [(cell.source, cell.from_student) for cell in laid.cells] == [
        ("import math", False),
        ("a = 1", True),
        (SOURCE.anchors[2].source, False),
        ("b = 2", True),
        (SOURCE.anchors[4].source, False),
        ("My words.", True),
    ]


def test_an_answer_is_changed_if_it_differs_from_its_stub():
    laid = lay(SETUP, edited(A, STUB), TEST_A, B, TEST_B, edited(WHY, "YOUR ANSWER HERE"))
    assert {cell.id: cell.changed for cell in laid.cells if cell.role.is_answer} == {
        "a": False,
        "b": True,
        "why": False,
    }


def test_the_instructors_own_notebook_is_an_honest_submission():
    laid = lay_over(source(*TOY), notebook(*TOY), Limits())
    assert laid.tampering == ()
    assert [cell.source for cell in laid.cells] == [cell["source"] for cell in TOY]


def test_extra_cells_keep_their_place():
    laid = lay(
        plain("top"), SETUP, plain("x = 0"), A, plain("print(a)"), TEST_A, B, TEST_B, WHY, plain("end")
    )
    assert shown(laid) == ["top", "setup", "x = 0", "a", "print(a)", "test_a", "b", "test_b", "why", "end"]
    assert [cell.role for cell in laid.cells if cell.from_student and not cell.id] == [Role.PLAIN] * 4


def test_an_edited_test_is_replaced_by_the_hidden_one():
    laid = lay(SETUP, A, edited(TEST_A, "print('no test')"), B, TEST_B, WHY)
    assert laid.cells[2].source == SOURCE.anchors[2].source
    assert laid.tampering == ("cell 'test_a' is locked and was edited; the original was used",)


def test_the_last_of_several_cells_with_one_id_counts_and_the_others_stay():
    laid = lay(SETUP, edited(A, "a = 0"), A, TEST_A, B, TEST_B, WHY)
    assert shown(laid) == ["setup", "a = 0", "a", "test_a", "b", "test_b", "why"]
    assert laid.cells[2].source == "a = 1"
    assert laid.tampering == ("cell 'a' was there 2 times; the last one counts",)


def test_deleted_cells_come_back_at_their_place():
    laid = lay(A, TEST_A, B, WHY)
    assert shown(laid) == ["setup", "a", "test_a", "b", "test_b", "why"]
    assert laid.tampering == (
        "has no cell 'setup'; it was put in",
        "has no cell 'test_b'; it was put in",
    )


def test_a_deleted_answer_comes_back_as_its_stub_and_unanswered():
    answer = lay(SETUP, TEST_A, B, TEST_B, WHY).cells[1]
    assert (answer.id, answer.source, answer.from_student, answer.changed) == ("a", STUB, False, False)


def test_a_stub_that_comes_back_does_not_overwrite_an_answer_in_an_extra_cell():
    laid = lay(SETUP, plain("a = 1"), B, TEST_B, WHY)
    assert shown(laid) == ["setup", "a", "a = 1", "test_a", "b", "test_b", "why"]


def test_moved_cells_are_put_back_in_order():
    laid = lay(SETUP, B, plain("after b"), TEST_B, A, TEST_A, WHY)
    assert shown(laid) == ["setup", "a", "test_a", "b", "after b", "test_b", "why"]
    assert laid.tampering == ("cells were moved; they were put back in the assignment's order",)


@pytest.mark.parametrize(
    ("cell", "note"),
    [
        (edited(TEST_A, points=100), "cell 'test_a' had its points changed; they were restored"),
        (edited(TEST_A, points="many"), "cell 'test_a' had its points changed; they were restored"),
        (edited(TEST_A, solution=True), "cell 'test_a' had its flags changed; they were restored"),
        (edited(TEST_A, grade=[1]), None),
        (edited(TEST_A, checksum="0" * 32), "cell 'test_a' has a foreign checksum; it was restored"),
        (edited(TEST_A, checksum={"a": []}), "cell 'test_a' has a foreign checksum; it was restored"),
        ({**TEST_A, "cell_type": "raw"}, "cell 'test_a' was turned into a raw cell; it was turned back"),
    ],
)
def test_changed_metadata_are_repaired_and_noted(cell, note):
    laid = lay(SETUP, A, cell, B, TEST_B, WHY)
    test = laid.cells[2]
    assert (test.role, test.cell_type, test.source_cell) == (Role.TEST, "code", SOURCE.anchors[2])
    assert laid.tampering == ((note,) if note else ())


def test_an_answer_turned_into_a_test_stays_an_answer():
    laid = lay(SETUP, A, TEST_A, B, TEST_B, edited(WHY, solution=False, locked=True))
    assert laid.cells[5].role is Role.MANUAL
    assert laid.cells[5].source == "My words."


def test_an_unknown_id_makes_a_plain_cell():
    stranger = edited(TEST_A, "print(1)", grade_id="<script>", points=50)
    laid = lay(*HANDED_IN, stranger)
    assert laid.cells[-1].role is Role.PLAIN
    assert laid.tampering == (
        "1 cell(s) claim a role under an id that the assignment does not have; ignored",
    )


def test_a_source_that_is_no_text_is_an_unanswered_cell():
    laid = lay(SETUP, {**A, "source": {"a": 1}}, TEST_A, B, TEST_B, WHY)
    assert (laid.cells[1].source, laid.cells[1].changed) == (STUB, False)
    assert laid.tampering == ("a cell held no text, or too much of it; it was emptied",)


def test_lone_surrogates_are_replaced():
    data = notebook(SETUP, edited(A, "x"), TEST_A, B, TEST_B, WHY).replace(b'"x"', b"\"a = '\\ud800'\"")
    assert lay_over(SOURCE, data, Limits()).cells[1].source == "a = '�'"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not valid JSON"),
        (b"{", "not valid JSON"),
        (b"\xff\xfe{}", "not UTF-8"),
        (b"[" * 100_000, "not valid JSON"),
        (b'{"nbformat": ' + b"9" * 5000 + b"}", "not valid JSON"),
        (b"[]", "no notebook"),
        (b"{}", "format version is missing"),
        (b'{"nbformat": 5, "cells": []}', "format version is 5"),
        (b'{"nbformat": 2, "worksheets": []}', "format version is 2"),
        (b'{"nbformat": 4}', "no list of cells"),
        (b'{"nbformat": 4, "cells": {}}', "no list of cells"),
        (b'{"nbformat": 3, "worksheets": []}', "no list of cells"),
        (b'{"nbformat": 4, "cells": []}', "lost their ids"),
        (b'{"nbformat": 4, "cells": [1, null, "a"]}', "lost their ids"),
        (json.dumps({"nbformat": 4, "cells": [{}] * (MAX_CELLS + 1)}).encode(), "10,001 cells"),
    ],
)
def test_what_cannot_be_graded_is_told_in_one_line(data, reason):
    with pytest.raises(NotGradable) as error:
        lay_over(SOURCE, data, Limits())
    assert reason in str(error.value)
    assert "\n" not in str(error.value)


def test_a_notebook_above_the_limit_is_not_parsed():
    with pytest.raises(NotGradable, match="more than the 10 allowed"):
        lay_over(SOURCE, b"{" * 11, Limits(submission_bytes=10))


def test_cells_without_any_id_are_not_gradable():
    with pytest.raises(NotGradable, match="lost their ids"):
        lay(*(plain(cell["source"]) for cell in HANDED_IN))


def test_a_byte_order_mark_is_no_obstacle():
    assert shown(lay_over(SOURCE, b"\xef\xbb\xbf" + notebook(*HANDED_IN), Limits()))


def test_a_notebook_of_format_3_is_read():
    code = {"cell_type": "code", "input": ["a = 1\n", "c = 2"], "metadata": A["metadata"], "outputs": []}
    heading = {"cell_type": "heading", "level": 1, "source": "Title", "metadata": {}}
    laid = lay_json({"nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": [heading, code]}]})
    assert [cell.source for cell in laid.cells if cell.from_student] == ["Title", "a = 1\nc = 2"]


# render


def valid(laid: LaidOver, outputs=None, counts=None) -> nbformat.NotebookNode:
    rendered = render(laid, outputs or {}, counts or {})
    nbformat.validate(rendered)
    MetadataValidator().validate_nb(rendered)
    return rendered


def test_the_rendered_notebook_has_the_metadata_that_nbgrader_would_leave():
    rendered = valid(lay_over(source(*TOY), notebook(*TOY), Limits()))
    for cell, ours in zip(rendered.cells, source(*TOY).cells, strict=True):
        assert utils.is_grade(cell) == (ours.role in (Role.TEST, Role.MANUAL))
        assert utils.is_solution(cell) == ours.role.is_answer
        assert utils.is_task(cell) == (ours.role is Role.TASK)
        if ours.role in (Role.TEST, Role.LOCKED, Role.TASK):
            assert cell.metadata.nbgrader.checksum == utils.compute_checksum(cell)


def test_nbgrader_finds_an_unchanged_answer_unanswered():
    rendered = valid(lay(SETUP, edited(A, STUB), TEST_A, B, TEST_B, WHY))
    unanswered = [
        cell.metadata.nbgrader.grade_id
        for cell in rendered.cells
        if utils.is_solution(cell) and cell.metadata.nbgrader.checksum == utils.compute_checksum(cell)
    ]
    assert unanswered == ["a"]


def test_outputs_and_counts_stand_with_their_cells():
    output = {"output_type": "stream", "name": "stdout", "text": "hi"}
    rendered = valid(lay(*HANDED_IN), {1: [output]}, {1: 5})
    assert rendered.cells[1].outputs == [output]
    assert rendered.cells[1].execution_count == 5
    assert rendered.cells[3].outputs == []


def test_nothing_of_the_students_metadata_is_kept():
    cell = {**plain("x"), "metadata": {"nbgrader": {"schema_version": 99}, "evil": 1}, "id": "c1"}
    data = json.loads(notebook(*HANDED_IN, cell))
    data["metadata"] = {"kernelspec": {"name": "evil", "display_name": "evil"}}
    rendered = valid(lay_json(data))
    assert rendered.cells[-1].metadata == {}
    assert rendered.metadata.kernelspec.name == "python3"
    assert len({cell.id for cell in rendered.cells}) == len(rendered.cells)


def test_ids_that_students_copy_or_foresee_stay_unique_and_valid():
    foreseen = [{**plain("x"), "id": name} for name in ("c1", "extra-1", "extra-1", "extra-2", "c1")]
    rendered = valid(lay(*HANDED_IN, *foreseen))
    assert [cell.id for cell in rendered.cells[6:]] == ["extra-3", "extra-1", "extra-4", "extra-2", "extra-5"]


FIXTURES = Path(nbgrader.__file__).parent / "tests" / "apps" / "files"


@pytest.mark.parametrize(
    ("name", "tampered"),
    [
        ("submitted-unchanged", []),
        ("submitted-changed", []),
        ("submitted-cheat-attempt", []),
        ("submitted-grade-cell-changed", ["bar"]),
        ("submitted-locked-cell-changed", ["ro1", "ro2"]),
    ],
)
def test_nbgraders_own_example_submissions_are_restored(name, tampered):
    original = SourceNotebook.parse("p1", (FIXTURES / "submitted-unchanged.ipynb").read_bytes())
    laid = lay_over(original, (FIXTURES / f"{name}.ipynb").read_bytes(), Limits())
    valid(laid)
    assert [note.split("'")[1] for note in laid.tampering if "edited" in note] == tampered


PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n....").decode()


@pytest.mark.parametrize(
    ("bundle", "kept"),
    [
        ({"image/png": PNG}, True),
        ({"image/svg+xml": PNG}, False),
        ({"text/html": "<script>"}, False),
        ({"image/png": base64.b64encode(b"<script>").decode()}, False),
        ({"image/png": "not base64!"}, False),
        ({"image/png": "é"}, False),
        ({"image/png": 3}, False),
        (["image/png"], False),
    ],
)
def test_only_pictures_are_kept_of_attachments(bundle, kept):
    rendered = valid(lay(*HANDED_IN[:5], {**WHY, "attachments": {"p.png": bundle}}))
    assert ("attachments" in rendered.cells[5]) is kept


def test_the_file_text_is_read_back_by_nbformat():
    rendered = valid(lay(*HANDED_IN, plain("x = 'ä'\ny = 1\n")))
    assert nbformat.reads(dumps(rendered), as_version=4) == rendered


# Whatever the bytes: a LaidOver that renders to a valid notebook, or NotGradable.

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
NBGRADER = st.fixed_dictionaries(
    {},
    optional={
        "grade_id": st.sampled_from(["a", "test_a", "b", "why", "setup", "stranger"]) | JSON,
        **dict.fromkeys(
            ("grade", "solution", "locked", "task", "points", "checksum", "cell_type", "schema_version"), JSON
        ),
    },
)
HOSTILE_CELL = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw", "heading"]) | JSON,
        "id": st.sampled_from(["c1", "c2", "!"]) | JSON,
        "source": st.text(max_size=5) | st.lists(st.text(max_size=3), max_size=3) | JSON,
        "metadata": st.fixed_dictionaries({}, optional={"nbgrader": NBGRADER | JSON}) | JSON,
        "outputs": JSON,
        "execution_count": JSON,
        "attachments": JSON,
    },
)


@settings(max_examples=300, deadline=None)
@given(st.lists(HOSTILE_CELL | JSON, max_size=6))
def test_any_cells_give_a_valid_notebook_with_every_test_or_are_not_gradable(cells):
    try:
        laid = lay_json({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})
    except NotGradable:
        return
    tests = [(cell.id, cell.source) for cell in laid.cells if cell.role is Role.TEST]
    assert tests == [(cell.id, cell.source) for cell in SOURCE.anchors if cell.role is Role.TEST]
    assert all(note.isprintable() for note in laid.tampering)
    assert [cell.index for cell in laid.cells] == list(range(len(laid.cells)))
    dumps(valid(laid)).encode()


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=50) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_laid_over_or_not_gradable(data):
    with pytest.raises(NotGradable):
        lay_over(SOURCE, data, Limits())
