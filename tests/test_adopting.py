"""`autograder adopt` on small courses, and what its settings then do."""

import tomllib

import pytest
from click.testing import CliRunner

from autograder.adopting import Way, adopt, changes, write_settings
from autograder.cli import main
from autograder.course import Course
from autograder.errors import UsageError
from tests.building import hidden_test, notebook, plain, solution, toy_course
from tests.classroom import Classroom
from tests.words import SOLVED_IN_WORDS, in_words, show_words

SOLUTION = solution("### BEGIN SOLUTION\ndef double(x):\n    return 2 * x\n### END SOLUTION", "double")
SHARED = hidden_test("exec('assert double(3) == 6')", "test_dynamic")
WRONG = hidden_test("assert double(2) == 5", "test_wrong")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    made = toy_course(
        tmp_path_factory.mktemp("course"),
        plain("import numpy as np"),
        SOLUTION,
        hidden_test("assert double(2) == 4", "test_double"),
        SHARED,
        WRONG,
    )
    broken = made.source("broken")
    broken.mkdir()
    (broken / "nb.ipynb").write_text("{}")
    return made


@pytest.fixture(scope="module")
def found(course):
    return adopt(course)


def test_every_test_is_tried_with_the_solution(found):
    assert {v.test: v.way for v in found.verdicts} == {
        "test_double": Way.WALL,
        "test_dynamic": Way.SHARED,
        "test_wrong": Way.NEITHER,
    }


def test_it_says_what_the_wall_refuses_and_what_fails_anyway(found):
    why = {verdict.test: verdict.why for verdict in found.verdicts}
    assert why["test_double"] == "" and "uses `exec`" in why["test_dynamic"] and why["test_wrong"]


def test_an_assignment_that_cannot_be_read_does_not_stop_the_others(found):
    (line,) = found.refused
    assert line.startswith("broken: ")


def test_the_settings_are_those_that_the_course_needs(found):
    settings = tomllib.loads(found.settings)
    assert settings == {
        "schema": 1,
        "preload": ["numpy"],
        "assignments": {"toy": {"shared_cells": ["test_dynamic"]}},
    }


def test_settings_that_are_there_are_not_overwritten(course, found, tmp_path):
    other = Course(tmp_path, course.settings)
    assert write_settings(other, found).read_text() == found.settings
    with pytest.raises(UsageError, match="is there already"):
        write_settings(other, found)


def test_with_its_settings_the_solution_passes_what_can_pass(tmp_path):
    course = toy_course(tmp_path, SOLUTION, SHARED)
    run = CliRunner().invoke(main, ["--course", str(tmp_path), "adopt"])
    assert run.exit_code == 0, run.output
    assert "1 in the student's process" in run.output and (tmp_path / "autograder.toml").is_file()
    again = adopt(Course.open(tmp_path))
    assert [v.way for v in again.verdicts] == [Way.SHARED]
    assert course.settings.shared_cells == ()


def test_a_dry_run_writes_nothing(tmp_path):
    toy_course(tmp_path, SOLUTION, WRONG)
    run = CliRunner().invoke(main, ["--course", str(tmp_path), "adopt", "--dry-run"])
    assert run.exit_code == 1 and "preload = []" in run.output
    assert not (tmp_path / "autograder.toml").exists()


def test_a_folder_without_assignments_is_told_so(tmp_path):
    (tmp_path / "source").mkdir()
    run = CliRunner().invoke(main, ["--course", str(tmp_path), "adopt"])
    assert run.exit_code == 2 and "no assignment in source/" in run.output


def test_a_notebook_of_no_use_is_no_fault_of_ours(tmp_path):
    folder = tmp_path / "source" / "empty"
    folder.mkdir(parents=True)
    (folder / "nb.ipynb").write_bytes(notebook(plain("x = 1")))
    found = adopt(Course.open(tmp_path))
    assert found.verdicts == () and found.refused == ()


def test_a_notebook_of_another_language_gets_the_engine_that_runs_it(tmp_path, monkeypatch):
    show_words(tmp_path, monkeypatch)
    course = toy_course(tmp_path / "course", SOLUTION)
    cells = (solution(SOLVED_IN_WORDS, "colour"), hidden_test("colour is green", "test_colour", 2))
    (course.source("toy") / "nb.ipynb").write_bytes(in_words(*cells))
    found = adopt(course)
    assert [v.way for v in found.verdicts] == [Way.KERNEL]
    assert tomllib.loads(found.settings)["assignments"] == {"toy": {"engine": "kernel"}}


def test_marks_that_would_be_other_ones_are_named(tmp_path, servers):
    room = Classroom(tmp_path / "course", servers)
    room.hand_in("ada")
    room.hand_in("bob", half="def half(x):\n    return x")
    room.grade()
    room.sql(
        "UPDATE grade SET auto_score = 3 WHERE id IN (SELECT g.id FROM grade g "
        "JOIN base_cell c ON c.id = g.cell_id JOIN submitted_notebook n ON n.id = g.notebook_id "
        "JOIN submitted_assignment a ON a.id = n.assignment_id WHERE c.name = 'test_half' "
        "AND a.student_id = 'bob')"
    )
    before = room.facts()
    (room.root / "autograder.toml").unlink()
    run = CliRunner().invoke(main, ["--course", str(room.root), "adopt"])
    assert run.exit_code == 0, run.output
    assert "bob, toy/nb/test_half: 3 -> 0: a value differs from what is expected" in run.output
    assert "marks in the gradebook that would change: 1; none was written" in run.output
    assert room.facts() == before
    (change,) = changes(room.course, adopt(room.course))
    assert (change.student, change.test, change.before, change.after) == ("bob", "nb/test_half", 3, 0)
