"""Whole courses leave the same rows in the gradebook: by nbgrader, by nbgrader with our line, by us."""

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from autograder.assignment import Assignment
from autograder.verifying.cases import submitted_notebook
from tests.commands import nbgrader
from tests.parity.rows import (
    Rows,
    differences,
    graded_by_dropin,
    graded_by_nbgrader,
    graded_by_us,
)
from tests.parity.small import Small, Student, small_courses
from tests.parity.test_foreign import GUIDE, PARTLY_RIGHT

pytestmark = pytest.mark.slow

WAYS: dict[str, tuple[dict[str, str], bool]] = {
    "solution": ({}, True),
    "release": ({}, False),
    "partly": (PARTLY_RIGHT, True),
}


def quickstart(folder: Path) -> Path:
    """nbgrader's quickstart course, and what three students make of its release."""
    folder.mkdir(parents=True)
    nbgrader(folder, "quickstart", "course101")
    course = folder / "course101"
    nbgrader(course, "generate_assignment", "ps1")
    assignment = Assignment.from_folder("ps1", course / "source" / "ps1")
    for student, (answers, solved) in WAYS.items():
        shutil.copytree(course / "release" / "ps1", course / "submitted" / student / "ps1")
        for source in assignment.notebooks:
            path = course / "submitted" / student / "ps1" / f"{source.name}.ipynb"
            path.write_bytes(submitted_notebook(source, answers, solved))
    (course / "gradebook.db").unlink()
    shutil.rmtree(course / "release")
    return course


def documentation(folder: Path) -> Path:
    """The course of nbgrader's documentation, with its two students and their times."""
    folder.mkdir(parents=True)
    for room in ("source", "submitted"):
        shutil.copytree(GUIDE / room, folder / room)
    return folder


COURSES = {"quickstart": quickstart, "documentation": documentation}


@pytest.mark.parametrize("grader", [graded_by_dropin, graded_by_us])
@pytest.mark.parametrize("name", COURSES)
def test_a_course_of_nbgrader_s(name: str, grader, tmp_path: Path) -> None:
    course = COURSES[name](tmp_path / name)
    theirs = graded_by_nbgrader(course, "ps1")
    assert any(key[0] == "grade" and values[0] for key, values in theirs.items())
    assert differences(theirs, grader(course, "ps1")) == {}


@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(course=small_courses())
def test_small_courses(tmp_path_factory, course: Small) -> None:
    folder = course.write(tmp_path_factory.mktemp("small") / "course")
    theirs = graded_by_nbgrader(folder, "small")
    for ours in (graded_by_dropin(folder, "small"), graded_by_us(folder, "small")):
        assert unintended(course, theirs, ours) == {}


def test_every_edit_that_differs_on_purpose_does_differ(tmp_path: Path) -> None:
    """Else the list of intended differences would hide something."""
    course = Small(("plain", "plain"), (Student(("right", "warns"), ("delete test", "none"), True),))
    folder = course.write(tmp_path / "course")
    theirs = graded_by_nbgrader(folder, "small")
    found = differences(theirs, graded_by_dropin(folder, "small"))
    assert set(found) == {("grade", "s0", "nb", "test_f0"), ("grade", "s0", "nb", "test_f1")}
    assert unintended(course, theirs, graded_by_us(folder, "small")) == {}


def unintended(course: Small, theirs: Rows, ours: Rows) -> Rows:
    found = differences(theirs, ours)
    return {key: pair for key, pair in found.items() if not course.is_intended(key, *pair)}
