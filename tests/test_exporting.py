"""Marks as they go out, and what holds them back."""

import csv
import io
import json
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from autograder.errors import UsageError
from autograder.exporting import export
from autograder.holding import holds, results_of
from autograder.result import NotebookResult, Outcome, Result, Status, TestResult
from tests.classroom import Classroom

WRONG_HALF = "def half(x):\n    return 1"


def result(student: str, points: float, outcome: Outcome = Outcome.FAILED) -> Result:
    tests = (TestResult("t", points, 2.0, outcome), TestResult("u", 1.0, 1.0, Outcome.PASSED))
    return Result(
        schema=1,
        assignment="a",
        student=student,
        status=Status.GRADED,
        key="",
        tier=3,
        isolation="wall",
        seeds={},
        versions={},
        notebooks=(NotebookResult("nb", tests=tests),),
    )


@pytest.mark.parametrize(
    "failed, passed, held", [(5, 0, True), (4, 0, False), (9, 1, True), (8, 2, False), (0, 9, False)]
)
def test_a_test_that_nearly_all_fail_holds_marks_back(failed, passed, held):
    found = holds([result(f"s{n}", 2.0 * (n >= failed)) for n in range(failed + passed)])
    assert bool(found) == held
    if held:
        assert found[0].startswith(f"nb/t failed for {failed} of {failed + passed}: is the test right?")


def test_a_fault_holds_marks_back_and_names_who_has_none():
    whole = replace(result("bob", 0), status=Status.FAULT, notebooks=())
    (line,) = holds([result("ada", 0, Outcome.FAULT), whole, result("cyd", 2)])
    assert line.startswith("a fault of the grader or of a test, no mark yet: ada, bob; run")


def test_notebooks_that_were_not_graded_say_nothing_about_a_test():
    part = NotebookResult("nb", Status.NOT_GRADABLE)
    assert holds([replace(result(f"s{n}", 2), notebooks=(part,)) for n in range(9)]) == []


@pytest.fixture
def room(tmp_path, servers) -> Classroom:
    room = Classroom(tmp_path / "course", servers)
    room.hand_in("ada")
    room.hand_in("=cmd()", half=WRONG_HALF)
    room.grade()
    return room


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_csv_has_the_marks_as_nbgrader_counts_them_and_no_formula(room):
    with closing(sqlite3.connect(room.course.gradebook)) as book, book:
        book.execute("UPDATE grade SET manual_score = 4, extra_credit = 1 WHERE auto_score IS NULL")
        book.execute("UPDATE submitted_notebook SET late_submission_penalty = 2.5")
        book.execute("INSERT INTO student (id, last_name) VALUES ('zoe', '@SUM(A1)')")
    found = {row["student_id"]: row for row in rows(export(room.course, "toy", "csv"))}
    assert {name: (row["raw_score"], row["score"]) for name, row in found.items()} == {
        "ada": ("10.0", "7.5"),
        "'=cmd()": ("7.0", "4.5"),
        "zoe": ("0.0", "0.0"),
    }
    assert found["zoe"]["last_name"] == "'@SUM(A1)"
    assert found["ada"]["max_score"] == "9.0"


def test_json_has_the_same_as_it_is(room):
    found = {row["student_id"]: row for row in json.loads(export(room.course, "toy", "json"))}
    assert found["=cmd()"]["score"] == 2
    assert found["ada"]["needs_manual_grade"] is True


def test_marks_are_held_back_until_it_is_said_anyway(room):
    for n in range(8):
        room.hand_in(f"s{n}", half=WRONG_HALF)
    ran = room.run("grade", "toy")
    assert "hold: nb/test_half failed for 9 of 10: is the test right?" in ran.err
    refused = room.run("export", "csv", "toy")
    assert refused.code == 2
    assert "marks are held back: nb/test_half failed for 9 of 10" in refused.line
    given = room.run("export", "csv", "toy", "--anyway", "--to", "marks.csv")
    assert given.code == 0, given.err
    assert len(rows((room.root / "marks.csv").read_text())) == 10


def test_a_class_without_marks_is_sent_to_grade(tmp_path):
    room = Classroom(tmp_path / "course")
    with pytest.raises(UsageError, match="run `autograder grade toy` first"):
        export(room.course, "toy", "csv")
    assert list(results_of(room.course, "toy")) == []
