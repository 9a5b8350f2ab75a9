import pytest

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.errors import UsageError
from tests.building import toy_course


def test_an_assignment_has_its_notebooks_and_its_files(tmp_path):
    course = toy_course(tmp_path)
    folder = course.source("toy")
    (folder / "images").mkdir()
    (folder / "images" / "a.png").write_bytes(b"")
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / ".ipynb_checkpoints" / "nb.ipynb").write_bytes(b"")
    assignment = Assignment.load(course, "toy")
    assert [notebook.name for notebook in assignment.notebooks] == ["nb"]
    assert assignment.support_files == {
        "data.csv": folder / "data.csv",
        "images/a.png": folder / "images" / "a.png",
    }
    assert assignment.max_points == 16


def test_an_unknown_assignment_is_answered_with_the_nearest(tmp_path):
    with pytest.raises(UsageError, match="did you mean 'toy'"):
        Assignment.load(toy_course(tmp_path), "tony")


def test_a_course_without_a_source_folder_is_told_what_to_do(tmp_path):
    with pytest.raises(UsageError, match="no folder `source`"):
        Assignment.load(Course.open(tmp_path), "toy")


def test_a_folder_without_notebooks_is_a_usage_error(tmp_path):
    (tmp_path / "source" / "empty").mkdir(parents=True)
    with pytest.raises(UsageError, match="no notebook"):
        Assignment.load(Course.open(tmp_path), "empty")


def test_a_notebook_is_found_by_name_or_the_nearest_is_named(tmp_path):
    assignment = Assignment.load(toy_course(tmp_path), "toy")
    assert assignment.notebook("nb").name == "nb"
    with pytest.raises(UsageError, match="did you mean 'nb'"):
        assignment.notebook("nb2")


def test_a_notebook_that_is_none_is_named_with_its_folder(tmp_path):
    folder = tmp_path / "source" / "hw1"
    folder.mkdir(parents=True)
    (folder / "nb.ipynb").write_text("{")
    with pytest.raises(UsageError, match=r"source/hw1/nb\.ipynb: the notebook is not valid JSON"):
        Assignment.from_folder("hw1", folder)
