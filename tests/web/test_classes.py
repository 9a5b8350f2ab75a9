import sqlite3
import threading
import time
from contextlib import closing
from datetime import datetime

import pytest

from autograder.assignment import Assignment
from autograder.errors import UsageError
from autograder.gradebook import Projection
from autograder.handmarking import Given, HandMarks, Place, standings
from autograder.marks.table import marks_of
from autograder.result import Outcome, Status
from autograder.web import classes as module
from autograder.web.classes import Classes
from autograder.web.classtable import ClassTable, View, read_class
from tests.building import toy_course
from tests.test_gradebook import FAULT, graded, result


class Room:
    """ada is good, bob is not and has tampered, cleo handed nothing in."""

    def __init__(self, root) -> None:
        self.course = toy_course(root)
        self.assignment = Assignment.load(self.course, "toy")
        with Projection(self.course.db_url) as projection:
            projection.register(self.assignment, datetime(2020, 1, 10, 12))
        self.grade(graded())
        self.grade(graded(Outcome.FAILED, Outcome.FAILED, student="bob"))
        self.sql("INSERT INTO student (id, first_name, last_name) VALUES ('cleo', 'Cleo', 'Able')")
        self.classes = Classes(self.course)
        self.hand = HandMarks(self.course)

    def grade(self, one) -> None:
        one.write_atomically(self.course.result_path("toy", one.student))
        with Projection(self.course.db_url) as projection:
            projection.project(one, self.assignment, None)

    def sql(self, query: str) -> None:
        with closing(sqlite3.connect(self.course.gradebook)) as connection, connection:
            connection.execute(query)

    def mark(self, student="ada", points=3.0, cell="why", reason="", extra=None):
        place = Place("toy", student, "nb", cell)
        seen = standings(self.course, "toy", student)[place.path].version
        change = self.hand.write(place, Given(points, extra), seen, reason)
        self.classes.note(change)

    def points(self, student="ada") -> dict[str, float | None]:
        table = self.classes.of("toy")
        cells = table.lines[student].cells
        return {q.path: cell.points for q, cell in zip(table.questions, cells, strict=True)}


@pytest.fixture
def room(tmp_path):
    room = Room(tmp_path)
    yield room
    room.classes.close()
    room.hand.close()


def test_a_table_has_everyone_question_by_question_in_the_notebook_s_order(room):
    table = room.classes.of("toy")
    assert list(table.lines) == ["ada", "bob", "cleo"]
    assert room.points() == {
        "nb/test_double": 2,
        "nb/test_text": 0,
        "nb/why": None,
        "nb/drawing": None,
        "nb/chore": None,
    }
    assert table.lines["cleo"].cells == ()
    assert [q.path for q in table.questions if q.by_hand] == ["nb/why", "nb/drawing", "nb/chore"]


def test_what_results_say_stands_beside_the_marks(room):
    summary = room.classes.of("toy").lines["ada"].summary
    assert summary.status is Status.GRADED
    assert summary.verdicts["nb/test_text"].outcome is Outcome.FAILED


def test_a_mark_by_hand_stands_in_the_table_at_once_and_as_it_would_be_read(room):
    room.classes.of("toy")
    room.mark(points=3, extra=1)
    room.mark("bob", 2, "test_double", "right after all")
    noted = room.classes.of("toy")
    fresh = read_class(
        room.course, "toy", {w: line.summary for w, line in noted.lines.items() if line.summary}
    )
    assert noted.lines == fresh.lines
    assert {w: line.mark.score for w, line in noted.lines.items()} == {
        mark.student_id: mark.score for mark in marks_of(room.course, "toy").marks
    }


def test_our_own_marks_do_not_make_the_class_be_read_again(room, monkeypatch):
    room.classes.of("toy")
    room.mark()
    monkeypatch.setattr(module, "read_class", lambda *_: pytest.fail("was read again"))
    room.classes.refresh("toy")
    assert room.points()["nb/why"] == 3


def test_what_others_write_is_read(room):
    room.classes.of("toy")
    room.sql("UPDATE grade SET manual_score = 1 WHERE auto_score = 2")
    room.classes.refresh("toy")
    assert room.points()["nb/test_double"] == 1


def test_a_new_result_is_read_although_the_gradebook_stays_as_it_is(room):
    before = room.classes.of("toy")
    faulty = graded(text=FAULT)
    faulty.write_atomically(room.course.result_path("toy", "ada"))
    room.classes.refresh("toy")
    table = room.classes.of("toy")
    assert table.lines["ada"].summary.is_faulty
    assert table.lines["bob"] is before.lines["bob"]


def test_a_class_in_which_nothing_changed_keeps_what_was_rendered_from_it(room):
    before = room.classes.of("toy")
    room.classes.refresh("toy")
    assert room.classes.of("toy") is before


def test_a_damaged_result_costs_its_own_line_only(room):
    room.course.result_path("toy", "bob").write_text("{")
    table = room.classes.of("toy")
    assert table.lines["bob"].summary is None
    assert table.lines["ada"].summary is not None


def test_who_asks_gets_the_older_table_while_a_new_one_is_read(room, monkeypatch):
    monkeypatch.setattr(module, "REST", 0.0)
    before = room.classes.of("toy")
    room.sql("UPDATE grade SET manual_score = 1 WHERE auto_score = 2")
    assert room.classes.of("toy") is before
    room.classes._reader.submit(lambda: None).result()
    assert room.points()["nb/test_double"] == 1


def test_what_cannot_be_read_leaves_the_older_table(room, monkeypatch):
    before = room.classes.of("toy")
    room.course.gradebook.write_bytes(b"no database")
    monkeypatch.setattr(module, "REST", 0.0)
    assert room.classes.of("toy") is before
    room.classes._reader.submit(lambda: None).result()
    assert room.classes.of("toy") is before


def test_nothing_graded_is_said(tmp_path):
    with pytest.raises(UsageError, match="grade toy"):
        Classes(toy_course(tmp_path)).of("toy")


@pytest.mark.parametrize(
    "view, students",
    [
        (View(), ["cleo", "ada", "bob"]),  # Able comes first, the others have no names but their ids
        (View(sort="student", descending=True), ["cleo", "bob", "ada"]),
        (View(sort="score"), ["bob", "ada", "cleo"]),
        (View(sort="score", descending=True), ["ada", "bob", "cleo"]),
        (View(sort="nb/test_double"), ["bob", "ada", "cleo"]),
        (View(sort="nb/nothing; DROP TABLE grade"), ["cleo", "ada", "bob"]),
        (View(search="ABLE cl"), ["cleo"]),
        (View(search="%"), []),
        (View(state="missing"), ["cleo"]),
        (View(state="open", sort="student"), ["ada", "bob"]),
        (View(state="no such state", sort="student"), ["ada", "bob", "cleo"]),
    ],
)
def test_a_view_finds_and_sorts_with_what_is_unknown_last(room, view, students):
    assert [line.student for line in view.of(room.classes.of("toy"))] == students


def test_states_are_told_by_results(room):
    room.grade(result(status=Status.NOT_GRADABLE, student="dora"))
    table = room.classes.of("toy")
    assert [line.student for line in View(state="ungradable").of(table)] == ["dora"]


def test_who_waits_for_a_human_is_listed_by_question(room):
    room.mark("ada")
    assert room.classes.of("toy").waiting("nb/why") == ["bob"]


def test_a_large_class_is_shown_before_its_results_are_read(room, monkeypatch):
    monkeypatch.setattr(module, "AT_ONCE", 1)
    shown = threading.Event()
    room.classes._reader.submit(shown.wait)  # what is read in the background waits for that
    first = room.classes.of("toy")
    assert first.lines["ada"].summary is None and first.lines["ada"].mark.marked
    shown.set()
    room.classes._reader.submit(lambda: None).result()
    assert room.classes.of("toy").lines["ada"].summary is not None


def test_what_many_ask_for_at_once_is_worked_out_once():
    table = ClassTable("toy", 1.0, (), {}, read=0.0)
    begun, counted = threading.Barrier(8), []

    def ask():
        begun.wait()
        table.once("queue", lambda: counted.append(1) or time.sleep(0.05))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counted == [1]
