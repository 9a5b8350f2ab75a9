import shutil

import pytest

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.demo import STUDENTS, demo, plan_class
from autograder.errors import UsageError
from autograder.result import Status
from autograder.verifying.cases import read_cases
from tests.classroom import REPOSITORY, Classroom

ROOMS = ("source", "cases", "reference")


@pytest.fixture
def lab6(tmp_path) -> Course:
    """A copy of this repository, as far as it is a course."""
    for name in ROOMS:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(REPOSITORY / name, tmp_path / "course" / name, ignore=ignored)
    shutil.copy(REPOSITORY / "autograder.toml", tmp_path / "course")
    return Course.open(tmp_path / "course")


def planned(lab6: Course) -> dict:
    assignment = Assignment.load(lab6, "lab6")
    cases = read_cases(lab6.root / "cases" / "lab6", assignment)
    return {one.student: one for one in plan_class(assignment, cases)}


def test_a_class_of_thirty_with_right_and_wrong_answers_is_planned(lab6):
    found = planned(lab6)
    verdicts = [verdict for one in found.values() for verdict in one.verdicts.values()]
    assert len(found) == STUDENTS
    assert {"full", "zero"} <= set(verdicts)
    assert sum(one.is_late for one in found.values()) == 4


def test_one_notebook_is_missing_and_one_is_unreadable(lab6):
    found = planned(lab6)
    assert [name for name, one in found.items() if len(one.notebooks) == 1] == ["demo11"]
    assert [name for name, one in found.items() if one.status is Status.NOT_GRADABLE] == ["demo23"]


def test_every_fifth_may_be_an_attack_and_the_others_stay_who_they_are(lab6):
    assignment = Assignment.load(lab6, "lab6")
    cases = read_cases(lab6.root / "cases" / "lab6", assignment)
    calm, stormy = list(plan_class(assignment, cases)), list(plan_class(assignment, cases, attacks=True))
    attackers = [one.student for one in stormy if "attack/" in one.about]
    assert attackers == [f"demo{number:02}" for number in range(5, STUDENTS + 1, 5)]
    assert [one for one in calm if one.student not in attackers] == [
        one for one in stormy if one.student not in attackers
    ]


def test_the_same_class_is_planned_every_time(lab6):
    assert planned(lab6) == planned(lab6)


def test_without_cases_there_is_no_demo(tmp_path):
    room = Classroom(tmp_path)
    room.write("cases/toy/readme.txt", "no case")
    with pytest.raises(UsageError, match="no case for 'nb' in cases/toy"):
        demo(room.course, "toy")


@pytest.mark.slow
def test_a_class_under_attack_comes_out_as_planned(lab6):
    assert demo(lab6, "lab6", attacks=True)[2] == []


@pytest.mark.slow
def test_the_demo_comes_out_as_planned_twice_and_touches_no_other_student(lab6, tmp_path):
    own = lab6.submitted("own", "lab6")
    shutil.copytree(REPOSITORY / "release" / "lab6", own)
    graded, _, differences = demo(lab6, "lab6")
    assert differences == []
    assert len(graded) == STUDENTS
    again, _, differences = demo(lab6, "lab6")
    assert differences == []
    assert all(one.skipped for one in again)
    assert sorted(path.name for path in (lab6.root / "autograded").iterdir()) == sorted(
        one.result.student for one in graded
    )
