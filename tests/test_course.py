import pytest

from autograder.course import Course, valid_assignment, valid_name
from autograder.errors import UsageError


def test_a_course_is_found_from_a_folder_inside_it(tmp_path):
    inside = tmp_path / "source" / "lab6"
    inside.mkdir(parents=True)
    assert Course.find(inside).root == tmp_path.resolve()


def test_no_course_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="not inside a course"):
        Course.find(tmp_path)


def test_paths_follow_the_layout_of_nbgrader(tmp_path):
    course = Course.open(tmp_path)
    root = tmp_path.resolve()
    assert course.source("a") == root / "source" / "a"
    assert course.release("a") == root / "release" / "a"
    assert course.submitted("s", "a") == root / "submitted" / "s" / "a"
    assert course.autograded("s", "a") == root / "autograded" / "s" / "a"
    assert course.feedback("s", "a") == root / "feedback" / "s" / "a"
    assert course.gradebook == root / "gradebook.db"
    assert course.result_path("a", "s") == root / ".autograder" / "results" / "a" / "s" / "result.json"


@pytest.mark.parametrize("name", ["", ".", "..", ".hidden", "a/b", "a\\b", "a\nb", "a\0b", "\ud800"])
def test_names_that_could_leave_the_course_are_refused(tmp_path, name):
    assert not valid_name(name)
    with pytest.raises(UsageError, match="is not allowed"):
        Course.open(tmp_path).submitted(name, "a")
    with pytest.raises(UsageError, match="is not allowed"):
        Course.open(tmp_path).source(name)


def test_a_plus_is_allowed_in_a_student_id_but_not_in_an_assignment():
    assert valid_name("ada+test@example.org")
    assert not valid_assignment("lab+6")


def test_students_are_listed_sorted_and_only_with_a_folder_for_the_assignment(tmp_path):
    for student in ("zoe", "ada", ".hidden", "bob"):
        (tmp_path / "submitted" / student / ("lab6" if student != "bob" else "lab5")).mkdir(parents=True)
    (tmp_path / "submitted" / "README").write_text("")
    assert Course.open(tmp_path).students_submitted("lab6") == ["ada", "zoe"]


def test_an_unknown_assignment_is_answered_with_the_nearest(tmp_path):
    (tmp_path / "source" / "lab6").mkdir(parents=True)
    course = Course.open(tmp_path)
    assert course.require_assignment("lab6") == "lab6"
    with pytest.raises(UsageError, match=r"no assignment .lab7. in source/ .did you mean .lab6."):
        course.require_assignment("lab7")
    with pytest.raises(UsageError, match=r"no assignment .LAB6. in source/ .did you mean .lab6."):
        course.require_assignment("LAB6")


def test_an_unknown_student_is_answered_with_the_nearest(tmp_path):
    (tmp_path / "submitted" / "hacker" / "lab6").mkdir(parents=True)
    with pytest.raises(UsageError, match="did you mean 'hacker'"):
        Course.open(tmp_path).require_student("haker", "lab6")
