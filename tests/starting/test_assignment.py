"""`autograder new`: an assignment that one would like to start from."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.assignment import Assignment
from autograder.cli import main
from autograder.context import Context
from autograder.course import Course
from autograder.errors import UsageError
from autograder.generating import build_release
from autograder.linting.lint import errors_of, lint_release, lint_source
from autograder.source import Role
from autograder.starting.assignment import start_assignment
from autograder.starting.course import start_course
from autograder.verifying.cases import read_cases
from autograder.verifying.verify import verify


@pytest.fixture
def course(tmp_path) -> Course:
    start_course(tmp_path / "course")
    return Course.open(tmp_path / "course")


@pytest.fixture
def assignment(course) -> Assignment:
    start_assignment(course, "demo")
    return Assignment.load(course, "demo")


def test_it_has_a_question_of_each_kind(assignment):
    (notebook,) = assignment.notebooks
    assert notebook.name == "demo"
    assert {cell.role for cell in notebook.cells} == set(Role)
    assert assignment.max_points == 20 and assignment.automatic_points == 16


def test_it_has_cases_of_each_kind(course, assignment):
    cases = read_cases(course.root / "cases" / "demo", assignment)
    assert {case.name.partition("/")[0] for case in cases} == {"right", "wrong", "attack"}
    expected = {verdict for case in cases for verdict in case.expect.values()}
    assert expected == {"zero", "partial"}


@pytest.mark.ci
def test_it_verifies(course, assignment, servers):
    context = Context.of(course, "demo")
    found = verify(context, read_cases(course.root / "cases" / "demo", assignment), servers=servers)
    assert (found.false_accepts, found.false_rejects, found.faults, found.leaks) == ([], [], [], [])
    assert found.cases == 11


def test_our_own_rules_find_nothing_to_mend(course, assignment, tmp_path):
    release = build_release(assignment, course.source("demo"), tmp_path)
    assert errors_of(lint_source(assignment)) == []
    assert lint_release(release, assignment) == []


def test_what_is_written_for_instructors_is_not_in_the_release(course, assignment, tmp_path):
    (path,) = build_release(assignment, course.source("demo"), tmp_path).glob("*.ipynb")
    released = path.read_text("utf-8")
    source = (course.source("demo") / "demo.ipynb").read_text("utf-8")
    for words in (
        "students",
        "autograder",
        "checks.rng",
        "Partial credit",
        "one has to read it off",
        "morning",
    ):
        assert words in source
        assert words not in released


def test_a_name_that_is_taken_is_refused_and_nothing_is_touched(course):
    start_assignment(course, "demo")
    (course.source("demo") / "demo.ipynb").write_text("mine")
    run = CliRunner().invoke(main, ["--course", str(course.root), "new", "demo"])
    assert run.exit_code == 2
    (line,) = run.stderr.splitlines()
    assert "source/demo: is there already; choose another name" in line
    assert (course.source("demo") / "demo.ipynb").read_text() == "mine"


@pytest.mark.parametrize("place", ["cases", "release", "source"])
def test_a_link_in_its_place_is_taken_for_something(course, tmp_path, place):
    (course.root / place / "demo").symlink_to(tmp_path / "nowhere")
    with pytest.raises(UsageError, match=f"{place}/demo: is there already"):
        start_assignment(course, "demo")
    assert not (tmp_path / "nowhere").exists()
    assert [*(course.root / "source").glob("*/*")] == []


@pytest.mark.parametrize("name", ["../hw1", "a/b", ".hw1", "a+b", "", "hw1 ", "hw\n1", "x" * 300])
def test_a_name_that_nbgrader_or_a_folder_cannot_bear_is_refused(course, tmp_path, name):
    run = CliRunner().invoke(main, ["--course", str(course.root), "new", name])
    assert run.exit_code == 2
    assert len(run.stderr.splitlines()) == 1 and run.stderr.startswith("autograder: ")
    assert [p.name for p in tmp_path.iterdir()] == ["course"]
    assert [*(course.root / "source").iterdir(), *(course.root / "cases").iterdir()] == []


def test_a_name_with_a_blank_or_another_script_is_allowed(course, tmp_path):
    made = start_assignment(course, "Übung 1")
    assignment = Assignment.load(course, "Übung 1")
    assert made.notebook.name == "Übung 1.ipynb"
    assert build_release(assignment, course.source("Übung 1"), tmp_path).name == "Übung 1"


def test_outside_of_a_course_it_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke(main, ["new", "demo"])
    assert run.exit_code == 2 and "run `autograder init`" in run.stderr


def test_no_output_and_no_trace_of_a_run_is_in_the_notebook(course, assignment):
    cells = json.loads((course.source("demo") / "demo.ipynb").read_text("utf-8"))["cells"]
    assert [cell for cell in cells if cell.get("outputs") or cell.get("execution_count")] == []


def test_the_two_commands_of_the_first_minute_lead_to_each_other(tmp_path: Path):
    root = tmp_path / "course"
    first = CliRunner().invoke(main, ["init", str(root)])
    assert first.exit_code == 0 and first.stdout.endswith("then autograder new hw1\n")
    second = CliRunner().invoke(main, ["--course", str(root), "new", "hw1"])
    assert second.exit_code == 0 and "next: autograder verify hw1" in second.stdout
