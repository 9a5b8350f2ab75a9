"""Marks of a run on their way into the gradebook: several in one transaction, none left behind."""

from dataclasses import replace

import pytest

from autograder import projecting
from autograder.errors import GraderFault
from autograder.gradebook import Projection
from autograder.projecting import Marks
from tests.classroom import Classroom

STUDENTS = ("ada", "bob", "cyd")


@pytest.fixture
def room(tmp_path, servers) -> Classroom:
    room = Classroom(tmp_path / "course", servers)
    for student in STUDENTS:
        room.hand_in(student)
    room.grade()
    (room.root / "gradebook.db").unlink()
    return room


@pytest.fixture
def marks(room, monkeypatch) -> Marks:
    monkeypatch.setattr(projecting, "MOST_WAITING", 2)
    monkeypatch.setattr(projecting, "WAIT_SECONDS", 1e9)
    return Marks(room.context())


def written(room: Classroom) -> list[str]:
    return sorted(student for (student,) in room.sql("SELECT student_id FROM submitted_assignment"))


def test_marks_are_written_when_enough_of_them_wait_and_at_the_end(room, marks):
    seen = []
    for student in STUDENTS:
        marks.project(room.result(student), None)
        seen.append(written(room))
    marks.close()
    assert [*seen, written(room)] == [[], ["ada", "bob"], ["ada", "bob"], ["ada", "bob", "cyd"]]
    again = Marks(room.context())
    again.project(room.result("cyd"), None)  # which stands there
    assert again._waiting == {}
    again.close()


def test_no_mark_waits_while_later_ones_come(room, marks, monkeypatch):
    monkeypatch.setattr(projecting, "MOST_WAITING", 100)
    marks.project(room.result("ada"), None)
    assert written(room) == []
    monkeypatch.setattr(projecting, "WAIT_SECONDS", 0)
    marks.project(room.result("bob"), None)
    assert written(room) == ["ada", "bob"]
    marks.close()


def test_of_two_results_of_one_student_the_last_one_counts(room, marks):
    result = room.result("ada")
    (notebook,) = result.notebooks
    worse = tuple(replace(test, points=0.0) for test in notebook.tests)
    for notebooks in ((notebook,), (replace(notebook, tests=worse),)):
        marks.project(replace(result, notebooks=notebooks), None)
    marks.close()
    assert room.sql("SELECT sum(auto_score) FROM grade") == [(0.0,)]


def test_what_cannot_be_written_is_told_and_not_taken_for_written(room, marks, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    marks.project(room.result("ada"), None)
    with monkeypatch.context() as patch:
        patch.setattr(Projection, "project_all", full)
        with pytest.raises(GraderFault, match="No space left"):
            marks.close()
    again = Marks(room.context())
    again.project(room.result("ada"), None)
    again.close()
    assert written(room) == ["ada"]
