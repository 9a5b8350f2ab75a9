"""Marks out of the gradebook, and as CSV and JSON."""

import csv
import io
import json
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from nbgrader.api import Gradebook

from autograder.errors import UsageError
from autograder.generating import generate
from autograder.holding import results_of
from autograder.marks.plain import csv_of, filling, json_of
from autograder.marks.pseudonyms import FILE_NAME, Pseudonyms
from autograder.marks.table import comments_of, marks_of
from autograder.reporting.reading import read_report
from tests.building import hidden_test
from tests.classroom import NUMBERS, Classroom
from tests.marks.tables import mark, table

WRONG_HALF = "def half(x):\n    return 1"


@pytest.fixture(scope="module")
def room(tmp_path_factory, servers) -> Classroom:
    """Ada has marks by hand, a penalty and a comment; "=cmd()" half of it wrong; zoe handed nothing in."""
    room = Classroom(tmp_path_factory.mktemp("marks") / "course", servers)
    room.hand_in("ada")
    room.hand_in("=cmd()", half=WRONG_HALF)
    (room.hand_in("lost") / "nb.ipynb").write_text("{")
    room.grade()
    with closing(sqlite3.connect(room.course.gradebook)) as book, book:
        of_ada = "notebook_id IN (SELECT n.id FROM submitted_notebook n JOIN submitted_assignment s "
        of_ada += "ON s.id = n.assignment_id WHERE s.student_id = 'ada')"
        book.execute(
            "UPDATE grade SET manual_score = 4, extra_credit = 1, needs_manual_grade = 0 "
            f"WHERE auto_score IS NULL AND {of_ada}"
        )
        book.execute(f"UPDATE comment SET manual_comment = 'Well said.' WHERE {of_ada}")
        book.execute("UPDATE submitted_notebook SET late_submission_penalty = 2.5")
        book.execute("UPDATE student SET lms_user_id = '7', email = 'ada@x.org' WHERE id = 'ada'")
        book.execute("INSERT INTO student (id, last_name) VALUES ('zoe', '@SUM(A1)')")
    return room


def rows(text: str) -> dict[str, dict[str, str]]:
    return {row["student_id"]: row for row in csv.DictReader(io.StringIO(text))}


def test_marks_are_those_that_nbgrader_counts(room):
    found = marks_of(room.course, "toy")
    with Gradebook(room.course.db_url) as book:
        assert found.max_score == book.find_assignment("toy").max_score
        for each in found.marks:
            if each.submitted:
                theirs = book.find_submission("toy", each.student_id)
                assert each.raw_score == theirs.score
                assert each.late_submission_penalty == theirs.late_submission_penalty
                assert bool(each.open) == theirs.needs_manual_grade
    ada = {each.student_id: each for each in found.marks}["ada"]
    assert (ada.raw_score, ada.extra_credit, ada.score, ada.lms_user_id) == (10, 1, 7.5, "7")


def test_what_was_not_marked_at_all_is_no_zero_for_a_platform(room):
    given = {each.student_id: each.given for each in marks_of(room.course, "toy").marks}
    assert given == {"=cmd()": 0.0, "ada": 7.5, "lost": None, "zoe": None}


def test_csv_has_nbgrader_s_numbers_and_no_formula(room):
    found = rows(csv_of(marks_of(room.course, "toy")))
    assert {name: (row["raw_score"], row["score"]) for name, row in found.items()} == {
        "ada": ("10.0", "7.5"),
        "'=cmd()": ("2.0", "0.0"),
        "lost": ("0.0", "0.0"),
        "zoe": ("0.0", "0.0"),
    }
    assert found["zoe"]["last_name"] == "'@SUM(A1)"
    assert found["ada"]["max_score"] == "9.0"


def test_json_has_every_value_as_it_is(room):
    found = {row["student_id"]: row for row in json.loads(json_of(marks_of(room.course, "toy")))}
    assert found["=cmd()"]["needs_manual_grade"] is True
    assert found["zoe"]["submitted"] is False


def test_who_is_excused_has_a_column_and_no_score():
    (row,) = rows(csv_of(table(mark("ada", excused=True)))).values()
    assert (row["excused"], row["score"], row["raw_score"]) == ("True", "", "5.0")


def test_comments_are_a_line_a_question(room):
    told = comments_of(room.course, "toy")
    assert told.keys() == {"ada"}
    assert "nb/why: Well said." in told["ada"].splitlines()


# Questions that came later ------------------------------------------------------------------------

NOT_YET = "not final: {} no mark yet for nb/test_third; run `autograder grade toy`"


@pytest.fixture(scope="module")
def grown(tmp_path_factory, servers) -> Classroom:
    """Graded before the assignment got `test_third`; "lost" has no notebook, zoe handed nothing in."""
    room = Classroom(tmp_path_factory.mktemp("grown") / "course", servers)
    room.hand_in("ada")
    room.hand_in("bob")
    (room.hand_in("lost") / "nb.ipynb").write_text("{")
    room.grade()
    room.sql("INSERT INTO student (id) VALUES ('zoe')")
    assert not any("not final: " in note for note in filling(marks_of(room.course, "toy"), "csv").notes)
    third = hidden_test("assert half(9) == 4.5", "test_third", 3)
    nothing = hidden_test("assert half(9) == 4.5", "test_for_no_points", 0)
    Classroom(room.root, servers, *NUMBERS, third, nothing)
    generate(room.course, "toy")
    return room


def test_who_was_graded_before_a_question_came_is_no_final_mark(grown):
    found = marks_of(grown.course, "toy")
    lacking = {each.student_id: each.lacking for each in found.marks}
    third = ("nb/test_third",)
    assert lacking == {"ada": third, "bob": third, "lost": third, "zoe": ()}
    for form in ("csv", "json"):
        assert NOT_YET.format("3 students have") in filling(found, form).notes


def test_who_is_excused_waits_for_no_mark(grown):
    found = marks_of(grown.course, "toy")
    excused = tuple(replace(each, excused=each.student_id != "ada") for each in found.marks)
    assert NOT_YET.format("1 student has") in filling(replace(found, marks=excused), "csv").notes


def test_a_report_says_that_the_assignment_grew(grown):
    assert NOT_YET.format("3 students have") in read_report(grown.course, "toy").notes


def test_graded_again_the_marks_are_of_all_questions(grown):
    grown.grade()
    found = marks_of(grown.course, "toy")
    assert {each.lacking for each in found.marks} == {()}
    assert not any("not final: " in note for note in filling(found, "csv").notes)


def test_a_class_without_marks_is_sent_to_grade(tmp_path):
    room = Classroom(tmp_path / "course")
    with pytest.raises(UsageError, match="run `autograder grade toy` first"):
        marks_of(room.course, "toy")
    assert list(results_of(room.course, "toy")) == []


def test_a_gradebook_that_is_none_is_told(tmp_path):
    room = Classroom(tmp_path / "course")
    room.write("gradebook.db", "no database")
    with pytest.raises(UsageError, match="restore a backup"):
        marks_of(room.course, "toy")


# Pseudonyms ---------------------------------------------------------------------------------------

NAMED = mark("ada", name="Ada Lovelace", email="ada@x.org", lms_user_id="4711")


def test_pseudonyms_are_stable_and_the_key_is_the_owner_s_alone(tmp_path):
    course = Classroom(tmp_path / "course").course
    first, again = Pseudonyms.of(course), Pseudonyms.of(course)
    assert first.of_student("ada") == again.of_student("ada") != first.of_student("bob")
    assert (course.state / FILE_NAME).stat().st_mode & 0o777 == 0o600


def test_courses_have_other_pseudonyms(tmp_path):
    one, other = (Pseudonyms.of(Classroom(tmp_path / name).course) for name in ("one", "other"))
    assert one.of_student("ada") != other.of_student("ada")


def test_nothing_of_a_person_is_left_under_a_pseudonym(tmp_path):
    hidden = Pseudonyms(bytes(32)).hide(table(NAMED))
    for text in (csv_of(hidden), json_of(hidden)):
        assert not any(word in text.lower() for word in ("ada", "lovelace", "x.org", "4711"))


def test_the_order_tells_nothing_either():
    marks = [mark(f"s{n:02}") for n in range(50)]
    pseudonyms = Pseudonyms(bytes(32))
    hidden = [each.student_id for each in pseudonyms.hide(table(*marks)).marks]
    assert hidden == sorted(hidden) != [pseudonyms.of_student(each.student_id) for each in marks]


def test_a_damaged_key_is_not_replaced(tmp_path):
    room = Classroom(tmp_path / "course")
    path = room.write(f".autograder/{FILE_NAME}", "short")
    with pytest.raises(UsageError, match="is damaged"):
        Pseudonyms.of(room.course)
    assert path.read_text() == "short"
