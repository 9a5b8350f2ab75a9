"""Notebooks that were not written for us: those that nbgrader ships for its own tests and documentation."""

import csv
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import nbgrader
import pytest

from autograder.assignment import Assignment
from autograder.marking import Marked, mark
from autograder.runtime.servers import Servers
from autograder.settings import Limits, Settings
from autograder.submission import Submission, read_submission
from autograder.verifying.cases import submitted_notebook
from tests.parity.plain import autograde

NBGRADER = Path(nbgrader.__file__).parent
FILES = NBGRADER / "tests" / "apps" / "files"
GUIDE = NBGRADER / "docs" / "source" / "user_guide"
SUBMISSIONS = {
    "submitted-unchanged": {"foo": 1, "bar": 0},
    "submitted-changed": {"foo": 1, "bar": 1},
    "submitted-cheat-attempt": {"foo": 1, "bar": 0},
    "submitted-cheat-attempt-alternative": {"foo": 1, "bar": 0},
    "submitted-grade-cell-changed": {"foo": 1, "bar": 0},
    "submitted-locked-cell-changed": {"foo": 1, "bar": 0},
}
SQUARES = (
    "correct_squares",
    "squares_invalid_input",
    "correct_sum_of_squares",
    "sum_of_squares_uses_squares",
)


def grade_file(
    servers: Servers, folder: Path, source: str, submitted: str | None = None, limits: Limits | None = None
) -> Marked:
    """Grades a file of nbgrader's tests by another one; by its own release where none is given."""
    shutil.copy(FILES / f"{source}.ipynb", folder / "p1.ipynb")
    shutil.copy(FILES / "data.txt", folder)
    assignment = Assignment.from_folder("ps1", folder)
    release = submitted_notebook(assignment.notebook("p1"), solved=False)
    data = release if submitted is None else (FILES / f"{submitted}.ipynb").read_bytes()
    submission = Submission("ada", "ps1", folder, {"p1": data})
    return mark(assignment, submission, replace(Settings(), limits=limits or Limits()), servers)


def points(marked: Marked) -> dict[str, float]:
    return {test.id: test.points for notebook in marked.result.notebooks for test in notebook.tests}


@pytest.mark.parametrize("submitted", SUBMISSIONS)
def test_a_submission_of_its_tests_gets_its_score(servers: Servers, tmp_path: Path, submitted: str) -> None:
    # nbgrader's own tests take the untouched one for the source; ours has to bind what students bind
    marked = grade_file(servers, tmp_path, "submitted-changed", submitted)
    assert points(marked) == SUBMISSIONS[submitted]


def test_hidden_tests_find_what_the_visible_ones_let_pass(servers: Servers, tmp_path: Path) -> None:
    # its test hands in the "solution" cells as they stand, which hold the wrong answers outside the regions
    marked = grade_file(servers, tmp_path, "test-hidden-tests", "test-hidden-tests")
    assert points(marked) == dict(zip(SQUARES, (0, 1, 0, 0.5), strict=True))


@pytest.mark.parametrize("source", ["test", "test-with-output"])
def test_its_full_example_scores_everything(servers: Servers, tmp_path: Path, source: str) -> None:
    assert points(grade_file(servers, tmp_path, source, source)) == dict(
        zip(SQUARES, (1, 1, 0.5, 0.5), strict=True)
    )


def test_a_failing_test_without_points_is_no_obstacle(servers: Servers, tmp_path: Path) -> None:
    assert points(grade_file(servers, tmp_path, "validation-zero-points")) == {"correct_squares": 0}


def test_a_test_that_reads_a_file_of_the_assignment(servers: Servers, tmp_path: Path) -> None:
    assert points(grade_file(servers, tmp_path, "open_relative_file")) == {"open_file": 10}


def test_a_test_can_tell_that_it_is_autograded(servers: Servers, tmp_path: Path) -> None:
    assert list(points(grade_file(servers, tmp_path, "validating-environment-variable")).values()) == [0]


@pytest.mark.parametrize(("seconds", "expected"), [(30.0, 1), (1.0, 0)])
def test_a_slow_answer_costs_its_own_points(
    servers: Servers, tmp_path: Path, seconds: float, expected: int
) -> None:
    marked = grade_file(servers, tmp_path, "timeout", "timeout", Limits(test_seconds=seconds))
    assert points(marked) == {"correct_squares": expected}


def test_a_loop_without_end_is_stopped(servers: Servers, tmp_path: Path) -> None:
    marked = grade_file(servers, tmp_path, "infinite-loop", "infinite-loop", Limits(cell_seconds=1))
    assert marked.result.status == "graded" and "p1" in marked.executed


def test_a_file_that_a_cell_writes_is_kept(servers: Servers, tmp_path: Path) -> None:
    marked = grade_file(servers, tmp_path, "side-effects", "side-effects")
    assert marked.written == {"side-effect.txt": b"a side effect"}


@pytest.mark.parametrize("student", ["bitdiddle", "hacker"])
def test_a_student_of_its_documentation_gets_the_mark_printed_there(servers: Servers, student: str) -> None:
    with (GUIDE / "grades.csv").open() as file:
        printed = {row["student_id"]: float(row["raw_score"]) for row in csv.DictReader(file)}
    settings = Settings()
    assignment = Assignment.from_folder("ps1", GUIDE / "source" / "ps1")
    submission = read_submission(GUIDE / "submitted" / student / "ps1", student, "ps1", settings.limits)
    assert sum(points(mark(assignment, submission, settings, servers)).values()) == printed[student]


# Its quickstart, graded by both ------------------------------------------------------------------

PARTLY_RIGHT = {"squares": "def squares(n):\n    return [i ** 2 for i in range(1, n + 1)]"}


@pytest.fixture(scope="module")
def quickstart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("quickstart")
    command = [sys.executable, "-m", "nbgrader", "quickstart", "course101"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env=os.environ)
    return folder / "course101"


@pytest.mark.ci
def test_the_quickstart_course_gets_the_same_marks(servers: Servers, quickstart: Path) -> None:
    assignment = Assignment.from_folder("ps1", quickstart / "source" / "ps1")
    ways = {"solution": ({}, True), "release": ({}, False), "partly": (PARTLY_RIGHT, True)}
    given = {
        student: {n.name: submitted_notebook(n, answers, solved) for n in assignment.notebooks}
        for student, (answers, solved) in ways.items()
    }
    theirs = autograde(quickstart, "ps1", given)
    ours = {
        (student, notebook.name, test.id): test.points
        for student, notebooks in given.items()
        for notebook in mark(
            assignment, Submission(student, "ps1", Path(), notebooks), Settings(), servers
        ).result.notebooks
        for test in notebook.tests
    }
    assert len(ours) == 12 and len(set(ours.values())) > 1
    assert ours == {key: theirs[key] for key in ours}
