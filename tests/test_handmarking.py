import math
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime

import pytest
from nbgrader.api import Gradebook

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.database.sqlite import SqliteFile
from autograder.database.writing import create_tables
from autograder.errors import AutograderError, UsageError
from autograder.gradebook import Projection
from autograder.handmarking import _STANDINGS, Given, HandMarks, Overtaken, Place, standings
from autograder.result import Outcome
from tests.building import toy_course
from tests.test_gradebook import graded

DUE = datetime(2020, 1, 10, 12)
WHY = Place("toy", "ada", "nb", "why")
CHORE = Place("toy", "ada", "nb", "chore")
DOUBLE = Place("toy", "ada", "nb", "test_double")


class Room:
    """A course whose gradebook has ada's and bob's toy assignment, an hour late."""

    def __init__(self, course: Course, late_penalty=None) -> None:
        self.course = course
        self.assignment = Assignment.load(course, "toy")
        with Projection(course.db_url) as projection:
            projection.register(self.assignment, DUE)
        self.project(graded())
        self.project(graded(student="bob"))
        self.hand = HandMarks(course, late_penalty)

    def project(self, result) -> None:
        with Projection(self.course.db_url) as projection:
            projection.project(result, self.assignment, datetime(2020, 1, 10, 13))

    def standing(self, place=WHY):
        return standings(self.course, place.assignment, place.student)[place.path]

    def give(self, place=WHY, manual_score=None, extra_credit=None, comment=None, **options):
        seen = options.pop("seen", self.standing(place).version)
        return self.hand.write(place, Given(manual_score, extra_credit, comment), seen, **options)

    def dump(self) -> list[str]:
        with closing(sqlite3.connect(self.course.gradebook)) as connection:
            return list(connection.iterdump())


@pytest.fixture
def room(tmp_path):
    room = Room(toy_course(tmp_path))
    yield room
    room.hand.close()


def formgrader(db_url, place, score, extra, comment):
    """What formgrader's GradeHandler and CommentHandler do with a PUT."""
    with Gradebook(db_url) as gradebook:
        notebook = gradebook.find_submission_notebook(place.notebook, place.assignment, place.student)
        for grade in notebook.grades:
            if grade.name == place.cell:
                grade.manual_score, grade.extra_credit = score, extra
                grade.needs_manual_grade = score is None and grade.auto_score is None
        for one in notebook.comments:
            if one.name == place.cell:
                one.manual_comment = comment
        gradebook.db.commit()


@pytest.mark.parametrize(
    "place, values",
    [
        (WHY, (3.0, None, "Good.")),
        (WHY, (None, None, None)),
        (WHY, (0.0, 1.5, None)),
        (CHORE, (5.0, None, "Done.")),
        (DOUBLE, (1.0, None, None)),
        (DOUBLE, (None, 1.0, None)),
    ],
)
def test_the_gradebook_is_as_formgrader_would_have_left_it(room, tmp_path, place, values):
    copy = tmp_path / "copy.db"
    shutil.copy(room.course.gradebook, copy)
    formgrader(f"sqlite:///{copy}", place, *values)
    room.give(place, *values, reason="looked at it")
    # but for the name of a course, which opening it by nbgrader's class adds
    assert marks_in(room.course.gradebook) == marks_in(copy)


def marks_in(database):
    tables = ("grade", "comment", "submitted_notebook", "submitted_assignment")
    with closing(sqlite3.connect(database)) as connection:
        return [sorted(connection.execute(f"SELECT * FROM {table}"), key=repr) for table in tables]


def test_formgrader_shows_a_mark_by_hand(room):
    room.give(WHY, 2.5, 1.0, "Say *why*.")
    with Gradebook(room.course.db_url) as gradebook:
        grade = gradebook.find_grade("why", "nb", "toy", "ada")
        assert (grade.score, grade.needs_manual_grade) == (3.5, False)
        assert gradebook.find_comment("why", "nb", "toy", "ada").comment == "Say *why*."
        assert gradebook.find_grade("why", "nb", "toy", "bob").needs_manual_grade


def test_a_standing_tells_tests_answers_and_comments_apart(room):
    found = standings(room.course, "toy", "ada")
    assert {path: (one.max_score, one.is_automatic, one.has_comment) for path, one in found.items()} == {
        "nb/chore": (5, False, True),
        "nb/double": (None, False, True),
        "nb/drawing": (2, False, True),
        "nb/test_double": (2, True, False),
        "nb/test_text": (3, True, False),
        "nb/why": (4, False, True),
    }


def test_nobody_has_standings_who_handed_nothing_in(room):
    assert standings(room.course, "toy", "nobody") == {}


def test_the_second_of_two_graders_is_told_and_overwrites_nothing(room):
    seen = room.standing().version
    room.give(WHY, 3, seen=seen)
    with pytest.raises(Overtaken, match="somebody else") as raised:
        room.give(WHY, 1, seen=seen)
    assert raised.value.now.manual_score == 3
    assert room.standing().manual_score == 3


def test_of_many_at_once_exactly_one_gets_through(room):
    seen = room.standing().version

    def mark(points: float) -> float | None:
        try:
            room.hand.write(WHY, Given(points), seen)
        except Overtaken:
            return None
        return points

    with ThreadPoolExecutor(8) as pool:
        done = [points for points in pool.map(mark, [n / 4 for n in range(16)]) if points is not None]
    assert done == [room.standing().manual_score]


def test_a_regrade_in_between_is_noticed(room):
    seen = room.standing(DOUBLE).version
    room.project(graded(double=Outcome.FAILED))
    with pytest.raises(Overtaken):
        room.give(DOUBLE, 2, seen=seen, reason="right")


def test_marks_by_hand_survive_a_regrade(room):
    room.give(WHY, 3, comment="Good.")
    room.give(DOUBLE, 1, reason="a typing error")
    room.project(graded(double=Outcome.FAILED))
    assert (room.standing(WHY).points, room.standing(WHY).comment) == (3, "Good.")
    assert room.standing(DOUBLE).points == 1


def test_a_test_is_overridden_with_a_reason_alone(room):
    with pytest.raises(UsageError, match="reason"):
        room.give(DOUBLE, 1, reason=" \n")
    change = room.give(DOUBLE, 1, reason="a typing error")
    assert (change.before.points, change.after.points, change.reason) == (2, 1, "a typing error")


def test_taking_an_override_back_brings_the_grader_s_mark_and_needs_a_reason_too(room):
    room.give(DOUBLE, 1, reason="a typing error")
    with pytest.raises(UsageError, match="reason"):
        room.give(DOUBLE)
    room.give(DOUBLE, reason="it was none")
    assert room.standing(DOUBLE).points == 2


def test_giving_back_what_stood_there_undoes_a_mark(room):
    before = room.dump()
    change = room.give(WHY, 3, 1, "Good.")
    room.hand.write(WHY, change.before.given, change.after.version)
    assert room.dump() == before


@pytest.mark.parametrize("points", [-1, 4.5, math.nan, math.inf, 1e300])
def test_points_that_cannot_be_are_refused(room, points):
    with pytest.raises(UsageError):
        room.give(WHY, points)
    assert room.standing().manual_score is None


@pytest.mark.parametrize("extra", [-0.5, math.nan, math.inf])
def test_extra_credit_that_cannot_be_is_refused(room, extra):
    with pytest.raises(UsageError):
        room.give(WHY, 1, extra)


def test_a_question_without_points_takes_a_comment_only(room):
    double = Place("toy", "ada", "nb", "double")
    with pytest.raises(UsageError, match="no points"):
        room.give(double, 1)
    room.give(double, comment="Neat.")
    assert room.standing(double).comment == "Neat."


def test_a_comment_where_nbgrader_has_none_is_refused_and_not_lost_in_silence(room):
    with pytest.raises(UsageError, match="at the answer"):
        room.give(DOUBLE, comment="Look here.", reason="x")


def test_an_empty_comment_lets_the_grader_s_be_seen_again(room):
    room.give(CHORE, 1, comment="Hm.")
    room.give(CHORE, 1, comment="  ")
    assert room.standing(CHORE).manual_comment is None


def test_control_characters_do_not_come_in(room):
    room.give(WHY, 1, comment="a\x00b\r\nc\u202ed")
    assert room.standing().comment == "a\ufffdb\nc\ufffdd"


@pytest.mark.parametrize("options", [{"comment": "x" * 10_001}, {"reason": "x" * 1_001}])
def test_texts_that_are_too_long_are_refused(room, options):
    with pytest.raises(UsageError, match="characters"):
        room.give(WHY, 1, **options)


@pytest.mark.parametrize(
    "place",
    [Place("toy", "eve", "nb", "why"), Place("toy", "ada", "nb", "x' OR 1"), Place("x", "ada", "nb", "why")],
)
def test_a_place_that_is_not_there_is_named(room, place):
    with pytest.raises(UsageError, match="not in the gradebook"):
        room.hand.write(place, Given(1), "")


def test_nothing_is_written_if_it_cannot_be_noted(room):
    def full(change):
        raise OSError("disk full")

    before = room.dump()
    with pytest.raises(OSError):
        room.give(WHY, 3, on_change=full)
    assert room.dump() == before


def test_what_changes_nothing_is_not_noted(room):
    noted = []
    room.give(WHY, 3, on_change=noted.append)
    room.give(WHY, 3, on_change=noted.append)
    assert [change.after.manual_score for change in noted] == [3]


def test_the_gradebook_is_copied_before_the_first_write_and_not_again(room):
    before = room.dump()
    room.give(WHY, 3)
    room.give(WHY, 2)
    (copy,) = room.course.backups.iterdir()
    with closing(sqlite3.connect(copy)) as connection:
        assert list(connection.iterdump()) == before


def test_a_writer_that_is_slow_is_waited_for(room):
    seen = room.standing().version
    slow = sqlite3.connect(room.course.gradebook, isolation_level=None, check_same_thread=False)
    slow.execute("BEGIN IMMEDIATE")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(room.hand.write, WHY, Given(3), seen)
        slow.execute("COMMIT")
        slow.close()
        assert waiting.result().after.manual_score == 3


class HalfOff:
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score / 2


def test_a_late_penalty_follows_a_mark_by_hand(tmp_path):
    room = Room(toy_course(tmp_path), HalfOff())
    room.give(WHY, 4, 1)
    (penalty,) = _penalties(room)
    assert penalty == (2 + 4 + 1) / 2
    room.hand.close()


def test_a_late_penalty_of_another_s_plugin_stays_as_in_formgrader(room):
    with closing(sqlite3.connect(room.course.gradebook)) as connection, connection:
        connection.execute("UPDATE submitted_notebook SET late_submission_penalty = 1.5")
    room.give(WHY, 4)
    assert _penalties(room) == [1.5]


def _penalties(room):
    query = (
        "SELECT n.late_submission_penalty FROM submitted_notebook n JOIN submitted_assignment s "
        "ON s.id = n.assignment_id WHERE s.student_id = 'ada'"
    )
    with closing(sqlite3.connect(room.course.gradebook)) as connection:
        return [penalty for (penalty,) in connection.execute(query)]


def test_without_a_gradebook_nothing_is_made(tmp_path):
    course = toy_course(tmp_path)
    with pytest.raises(AutograderError, match="grade toy"):
        HandMarks(course).write(WHY, Given(1), "")
    assert not course.gradebook.exists()


def test_reading_needs_no_scan_of_a_large_table(tmp_path):
    database = SqliteFile(tmp_path / "g.db")
    engine = database.engine()
    create_tables(database, engine)
    engine.dispose()
    with closing(sqlite3.connect(tmp_path / "g.db")) as connection:
        named = {"assignment": "toy", "student": "ada"}
        plan = [
            row[3] for row in connection.execute("EXPLAIN QUERY PLAN " + _STANDINGS.format(only=""), named)
        ]
    large = (" s ", " n ", " g ", " m ")
    steps = [step for step in plan if any(f"{name.rstrip()} " in f"{step} " for name in large)]
    assert len(steps) >= 4 and all(step.startswith("SEARCH") for step in steps)
