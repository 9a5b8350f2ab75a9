"""The notebook that students of an otter course get."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.assignment import Assignment
from autograder.generating import build_release
from autograder.notebook import dumps, lay_over
from autograder.otter.student import student_notebook
from autograder.otter.testfiles import Question
from autograder.settings import Limits
from autograder.source import Role, SourceNotebook
from tests.building import TOY, Cell, flagged, locked, manual, notebook, plain, solution, task, toy_course

VISIBLE = """\
# 2 points: small numbers
assert double(1) == 2
### BEGIN HIDDEN TESTS
assert double("the secret") == "the secretthe secret"
### END HIDDEN TESTS
"""
CELLS = (*TOY, flagged("code", VISIBLE, "test_small", 2, grade=True, locked=True))


def made_of(
    folder: Path, *cells: Cell, leave_out: Iterable[str] = ()
) -> tuple[dict[str, Any], SourceNotebook]:
    assignment = Assignment.load(toy_course(folder / "course", *cells), "toy")
    release = build_release(assignment, folder / "course" / "source" / "toy", folder / "build")
    source = assignment.notebooks[0]
    released = json.loads((release / "nb.ipynb").read_bytes())
    for cell in released["cells"]:
        cell["source"] = "".join(cell["source"])
    tests = [cell for cell in source.cells if cell.role is Role.TEST and cell.id not in leave_out]
    return student_notebook(released, source, {cell.id: Question.of(cell) for cell in tests}), source


def by_id(made: dict[str, Any], grade_id: str) -> Cell:
    (found,) = [c for c in made["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id]
    return found


def texts(made: dict[str, Any]) -> list[str]:
    return [cell["source"] for cell in made["cells"]]


def test_it_holds_no_solution_and_no_hidden_test_anywhere(tmp_path: Path) -> None:
    made, _ = made_of(tmp_path, *CELLS)
    text = json.dumps(made)
    for secret in ("return 2 * x", "double(2)", "the secret", "plot = 1", "Two for trying", "Because"):
        assert secret not in text
    assert "double(1) == 2" in text


@pytest.mark.parametrize("hidden", ["'''\n# '", '"""', "\\"])
def test_quotes_around_a_hidden_region_leak_nothing(tmp_path: Path, hidden: str) -> None:
    cell = (
        f"assert double(1) == 2\n### BEGIN HIDDEN TESTS\n# {hidden} the secret\n### END HIDDEN TESTS\n# over"
    )
    made, _ = made_of(tmp_path, *TOY, flagged("code", cell, "t", 1, grade=True, locked=True))
    assert "the secret" not in json.dumps(made) and "over" in made["metadata"]["otter"]["tests"]["t"]


def test_it_is_a_valid_notebook_in_which_every_cell_has_its_own_id(tmp_path: Path) -> None:
    taken = {**plain("x = 1"), "id": "otter-1"}
    made, _ = made_of(tmp_path, *CELLS, taken)
    nbformat.validate(nbformat.reads(dumps(made), as_version=4))
    ids = [cell["id"] for cell in made["cells"]]
    assert len(ids) == len(set(ids))


def test_it_begins_with_otter_s_notebook(tmp_path: Path) -> None:
    made, _ = made_of(tmp_path, *CELLS)
    assert texts(made)[0].endswith('import otter\n\ngrader = otter.Notebook("nb.ipynb")')


def test_a_name_with_quotes_stays_a_name(tmp_path: Path) -> None:
    name = 'it\'s "one" \\ ä'
    source = SourceNotebook.parse(name, notebook(plain("x = 1")))
    released = {
        "metadata": {},
        "cells": [{"id": "c", "cell_type": "code", "metadata": {}, "source": "x = 1"}],
    }
    first = student_notebook(released, source, {})["cells"][0]["source"]
    called = []
    exec(
        first.replace("import otter", ""),
        {"otter": type("otter", (), {"Notebook": staticmethod(called.append)})},
    )
    assert called == [f"{name}.ipynb"]


def test_a_test_with_a_visible_part_is_checked_by_name(tmp_path: Path) -> None:
    made, _ = made_of(tmp_path, *CELLS)
    assert by_id(made, "test_small")["source"] == '# 2 points: small numbers\ngrader.check("test_small")'
    assert list(made["metadata"]["otter"]["tests"]) == ["test_small"]
    assert made["metadata"]["otter"]["OK_FORMAT"] is False


def test_a_test_that_is_all_hidden_keeps_its_cell_and_is_run_there_when_graded(tmp_path: Path) -> None:
    made, _ = made_of(tmp_path, *CELLS)
    cell = by_id(made, "test_double")
    assert cell["source"].strip() == "# tests"
    assert cell["metadata"]["otter"] == {"tests": ["test_double"]}


def test_a_test_that_was_left_out_stays_as_students_see_it_elsewhere(tmp_path: Path) -> None:
    made, _ = made_of(tmp_path, *CELLS, leave_out=["test_small"])
    cell = by_id(made, "test_small")
    assert "assert double(1) == 2" in cell["source"] and "otter" not in cell["metadata"]
    assert made["metadata"]["otter"]["tests"] == {}


def test_what_a_human_marks_stands_between_marks_of_a_question(tmp_path: Path) -> None:
    cells = (manual("Because.", "why", 4), locked("x = 1", "x"), task("Do it.", "chore", 5), plain("# here"))
    made, _ = made_of(tmp_path, solution("### BEGIN SOLUTION\ny = 1\n### END SOLUTION", "y"), *cells)
    kinds = ["begin" if "BEGIN Q" in text else "end" if "END Q" in text else "cell" for text in texts(made)]
    assert kinds == ["cell", "cell", "begin", "cell", "end", "cell", "begin", "cell", "cell", "end"]


def test_a_task_s_question_ends_before_the_next_cell_of_the_course(tmp_path: Path) -> None:
    made, _ = made_of(
        tmp_path, task("Do it.", "chore", 5), plain("# here"), locked("x = 1", "x"), plain("z = 1")
    )
    assert texts(made)[-3:] == ["<!-- END QUESTION -->", "x = 1", "z = 1"]


def test_handed_in_here_it_is_the_same_submission(tmp_path: Path) -> None:
    """Who grades by otter today may grade the same files behind the wall tomorrow."""
    made, source = made_of(tmp_path, *CELLS)
    by_id(made, "double")["source"] = "def double(x): return x"
    laid = lay_over(source, dumps(made).encode(), Limits())
    assert [cell.id for cell in laid.cells if cell.changed] == ["double"]
    assert laid.tampering == ("cell 'test_small' is locked and was edited; the original was used",)
