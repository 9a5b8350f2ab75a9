"""A test is changed after the class was graded: what would move, what moves, what stays, and back again."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from autograder.errors import UsageError
from autograder.grading import ClassRun
from autograder.history import History
from autograder.holding import holds, results_of
from autograder.moves import Move
from autograder.repairing import _put_back, preview, undo
from tests.building import hidden_test, locked, manual, notebook, solution
from tests.classroom import DOUBLE, HALF, Classroom

WRONG_HALF = "def half(x):\n    return 1"
FLOOR_HALF = "def half(x):\n    return x // 2"

HALF_BEFORE = hidden_test("assert half(3) == 1.5", "test_half", 3)


def cells(*tests):
    return (
        locked("import numpy as np", "setup"),
        solution(f"### BEGIN SOLUTION\n{DOUBLE}\n### END SOLUTION", "double"),
        hidden_test("assert double(2) == 4, 'two times two is four'", "test_double", 2),
        solution(f"### BEGIN SOLUTION\n{HALF}\n### END SOLUTION", "half"),
        *tests,
        manual("Because.", "why", 4),
    )


@pytest.fixture
def room(tmp_path, servers) -> Classroom:
    """Three students: right, wrong, and right for even numbers only. All are graded."""
    room = Classroom(tmp_path / "course", servers, *cells(HALF_BEFORE))
    room.hand_in("ada")
    room.hand_in("bob", half=WRONG_HALF)
    room.hand_in("cyd", half=FLOOR_HALF)
    room.grade()
    return room


def change(room: Classroom, *tests) -> None:
    room.write("source/toy/nb.ipynb", notebook(*cells(*tests)))


def by_hand(room: Classroom, student: str, cell: str, **values: object) -> None:
    names = ", ".join(f"{name} = ?" for name in values)
    query = (
        f"UPDATE grade SET {names} WHERE cell_id = (SELECT id FROM base_cell WHERE name = ? AND type IN "
        "('GradeCell', 'TaskCell')) AND notebook_id = (SELECT n.id FROM submitted_notebook n JOIN "
        "submitted_assignment s ON s.id = n.assignment_id WHERE s.student_id = ?)"
    )
    with closing(sqlite3.connect(room.course.gradebook)) as connection, connection:
        assert connection.execute(query, (*values.values(), cell, student)).rowcount == 1


def shown(room: Classroom, **options):
    return preview(room.context(), servers=room.servers, unverified=True, jobs=2, **options)


def gradebook(room: Classroom) -> set[tuple]:
    """All marks, of the grader's and by hand."""
    return set(
        room.sql(
            "SELECT s.student_id, c.name, g.auto_score, g.manual_score, g.needs_manual_grade, k.max_score "
            "FROM grade g JOIN base_cell c ON c.id = g.cell_id JOIN grade_cells k ON k.id = c.id "
            "JOIN submitted_notebook n ON n.id = g.notebook_id "
            "JOIN submitted_assignment s ON s.id = n.assignment_id"
        )
    )


EASIER = hidden_test("assert half(4) == 2", "test_half", 3)
CYD = Move("cyd", "nb/test_half", 0.0, 3.0, "the test changed")


def test_a_reworded_test_is_previewed_graded_and_undone(room):
    by_hand(room, "bob", "test_half", manual_score=1.5)
    by_hand(room, "ada", "why", manual_score=4.0, needs_manual_grade=0)
    before, facts = gradebook(room), room.facts()

    change(room, EASIER)
    found = shown(room)
    assert found.moves == (CYD,)
    assert (found.by_hand, found.new, found.in_the_way, found.unchanged) == ((), (), (), 0)
    assert (room.facts(), gradebook(room)) == (facts, before)  # nothing was written

    graded = room.grade()
    assert {name: one.result.points for name, one in graded.items()} == {"ada": 5, "bob": 2, "cyd": 5}
    (run,) = History(room.course, "toy").runs()
    assert History(room.course, "toy").moves(run) == [CYD]
    after = {(student, cell): rest for student, cell, *rest in gradebook(room)}
    assert after["cyd", "test_half"][0] == 3
    assert after["bob", "test_half"][1] == 1.5  # by hand
    assert after["ada", "why"][1] == 4.0

    assert undo(room.course, "toy").folder == run.folder
    assert gradebook(room) == before
    assert room.facts() == facts
    assert History(room.course, "toy").moves(run) == [CYD]  # what was undone is told all the same
    with pytest.raises(UsageError, match="nothing to undo"):
        undo(room.course, "toy")

    change(room, HALF_BEFORE)  # the old source is back: nothing is to be done
    assert all(one.skipped for one in room.grade().values())
    assert gradebook(room) == before


def test_a_mark_that_a_human_overrode_is_told_apart(room):
    by_hand(room, "cyd", "test_half", manual_score=2.0)
    change(room, EASIER)
    found = shown(room)
    assert (found.moves, found.by_hand) == ((), (CYD,))


def test_points_a_split_and_a_new_test(room):
    change(
        room,
        hidden_test("assert half(4) == 2", "test_half_even", 1),
        hidden_test("assert half(3) == 1.5", "test_half_odd", 2),
    )
    found = {(move.student, move.test): move for move in shown(room).moves}
    assert found["cyd", "nb/test_half_even"].after == 1
    assert found["cyd", "nb/test_half_even"].why == "a new test"
    assert found["ada", "nb/test_half"] == Move("ada", "nb/test_half", 3.0, None, "taken out")
    room.grade()
    marks = {(student, cell): mark for student, cell, mark, *_ in gradebook(room)}
    assert marks["cyd", "test_half_even"] == 1
    assert marks["cyd", "test_half_odd"] == 0
    assert ("ada", "test_half") not in marks

    change(
        room, hidden_test("assert half(4) == 2", "test_half_even", 4), hidden_test("assert True", "more", 1)
    )
    by_test = {(move.student, move.test): move for move in shown(room).moves}
    assert by_test["cyd", "nb/test_half_even"] == Move(
        "cyd", "nb/test_half_even", 1.0, 4.0, "1 points became 4"
    )


def test_other_reasons_are_named(room):
    room.hand_in("bob")
    assert [move.why for move in shown(room).moves] == ["handed in again"]
    room.settings('preload = ["numpy"]\nseed = 7\n')
    assert [move.why for move in shown(room).moves] == ["handed in again"]
    room.hand_in("dan")
    assert shown(room).new == ("dan",)


@pytest.mark.parametrize("given", [{"manual_score": 1.5}, {"extra_credit": 1.0}])
def test_a_test_with_a_mark_by_hand_cannot_be_taken_out(room, given):
    by_hand(room, "bob", "test_half", **given)
    change(room)
    facts, before = room.facts(), gradebook(room)
    found = shown(room)
    assert "cell 'test_half' of 'nb' was taken out" in found.in_the_way[0]
    assert found.exit_code == 2
    with pytest.raises(UsageError, match=r"'test_half' of 'nb' was taken out.*\(bob\)"):
        room.grade()
    assert (room.facts(), gradebook(room)) == (facts, before)  # nobody's result was replaced
    with pytest.raises(UsageError, match="nothing to undo"):
        undo(room.course, "toy")


@pytest.mark.parametrize(
    "since, told",
    [
        ("UPDATE submitted_notebook SET flagged = 1", "lose .*flag of nb of ada"),
        ("UPDATE student SET last_name = 'L' WHERE id = 'bob'", "lose .*name of bob"),
        ("UPDATE comment SET manual_comment = 'Hm.'", "lose .*comment"),
        ("UPDATE grade SET manual_score = NULL", "bring back .*mark of why of ada"),
    ],
)
def test_undoing_refuses_to_lose_or_bring_back_what_people_did_since(room, since, told):
    by_hand(room, "ada", "why", manual_score=4.0)
    change(room, EASIER)
    room.grade()
    room.sql(since)
    facts, marks = room.facts(), gradebook(room)
    with pytest.raises(UsageError, match=told):
        undo(room.course, "toy")
    assert (room.facts(), gradebook(room)) == (facts, marks)


def test_undoing_waits_for_no_grader(room):
    change(room, EASIER)
    room.grade()
    with History(room.course, "toy").at_work(), pytest.raises(UsageError, match="toy is being graded"):
        undo(room.course, "toy")


def test_a_first_try_is_nothing_that_was_replaced(room):
    room.hand_in("eve", half="import os\ndef half(x):\n    os._exit(0)")
    assert room.grade("eve")["eve"].result.retries
    assert History(room.course, "toy").last() is None
    with pytest.raises(UsageError, match="nothing to undo"):
        undo(room.course, "toy")


def test_a_run_that_replaces_nothing_leaves_what_undoing_needs(room):
    first = room.facts()
    change(room, EASIER)
    room.grade()
    room.hand_in("dan")
    room.grade()
    undo(room.course, "toy")
    again = room.facts()
    for kind in ("results", "notebooks"):
        assert {path: content for path, content in again[kind].items() if "dan" not in path} == first[kind]


def test_a_notebook_that_cannot_be_put_back_is_made_again(room):
    first = room.facts()
    change(room, EASIER)
    room.grade()
    (run,) = History(room.course, "toy").runs()
    run.drop_notebooks()
    undo(room.course, "toy")
    change(room, HALF_BEFORE)
    room.grade()
    assert room.facts() == first


def test_a_part_of_the_class_with_other_tests_holds_marks_back(room):
    change(room, EASIER)
    room.grade("cyd")
    found = holds(results_of(room.course, "toy"))
    assert found == [
        "1 of 3 results are of another version of the tests, the settings or the grader than the others; "
        "grade all of them again"
    ]
    room.grade()
    assert holds(results_of(room.course, "toy")) == []


def test_undoing_without_its_copy_of_the_gradebook_is_refused(room):
    change(room, EASIER)
    room.grade()
    for path in room.course.backups.glob("*.db"):
        path.unlink()
    with pytest.raises(UsageError, match=r"copy of the gradebook from before the run of .* is gone"):
        undo(room.course, "toy")


def test_an_undoing_that_was_killed_is_finished_by_the_next(room, monkeypatch):
    before, facts = gradebook(room), room.facts()
    change(room, EASIER)
    room.grade()
    with monkeypatch.context() as patch:
        patch.setattr("autograder.repairing._put_back", kill_at_second_use(_put_back))
        with pytest.raises(Killed):
            undo(room.course, "toy")
    undo(room.course, "toy")
    assert (gradebook(room), room.facts()) == (before, facts)
    (run,) = History(room.course, "toy").runs()
    assert History(room.course, "toy").moves(run) == [CYD]


class Killed(Exception):
    pass


def kill_at_second_use(function):
    uses = []

    def killed_at_second(*args):
        uses.append(args)
        if len(uses) == 2:
            raise Killed
        return function(*args)

    return killed_at_second


def test_two_runs_are_told_apart_and_undone_one_after_the_other(room):
    first = room.facts()
    change(room, EASIER)
    room.grade()
    second = room.facts()
    room.hand_in("bob")
    room.grade()
    history = History(room.course, "toy")
    told = [[(move.student, move.why) for move in history.moves(run)] for run in history.runs()]
    assert told == [[("cyd", "the test changed")], [("bob", "handed in again")]]
    undo(room.course, "toy")
    assert marks_in(room.facts()) == marks_in(second)
    undo(room.course, "toy")
    assert marks_in(room.facts()) == marks_in(first)


def test_runs_keep_their_order_when_the_clock_is_put_back(room, monkeypatch):
    change(room, EASIER)
    room.grade()
    (first,) = History(room.course, "toy").runs()
    past = datetime(2001, 1, 1, tzinfo=UTC)
    monkeypatch.setattr("autograder.history.datetime", clock_at(past))
    second = History(room.course, "toy").begin()
    assert second.folder.name > first.folder.name


def clock_at(moment: datetime) -> type[datetime]:
    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return moment

    return Clock


def marks_in(facts: dict) -> object:
    return facts["marks"], {path: result["notebooks"] for path, result in facts["results"].items()}


# The command line -------------------------------------------------------------------------------


@pytest.mark.ci
def test_what_the_commands_say(room):
    change(room, EASIER)
    ran = room.run("grade", "toy", "--dry-run")
    assert ran.code == 0, ran.err
    assert ran.out.splitlines() == [
        "cyd, nb/test_half: 0 -> 3 (the test changed)",
        "toy: 1 mark of 1 student would move, 1 up and 0 down",
        "no mark was written; the same command without --dry-run does it",
    ]
    assert json.loads(room.run("grade", "toy", "--dry-run", "--json").out)["moves"][0]["student"] == "cyd"
    assert room.run("report", "toy", "--moves").out == "toy: no mark has moved since it was first given\n"
    assert room.run("grade", "toy").code == 0
    out = room.run("report", "toy", "--moves").out
    assert "1 mark of 1 student moved, 1 up and 0 down" in out
    assert "cyd, nb/test_half: 0 -> 3 (the test changed)" in out
    assert json.loads(room.run("report", "toy", "--student", "ada", "--json").out) == []
    assert "is undone; put the old source back too" in room.run("undo", "toy").out
    assert "UTC (undone): 1 mark of" in room.run("report", "toy", "--moves").out
    assert room.run("undo", "toy").line.endswith("so there is nothing to undo")


def test_notebooks_of_a_run_that_was_killed_before_the_result_are_taken_back(tmp_path, servers, monkeypatch):
    """A kill between notebooks and result left notebooks that belong to no result."""
    room = Classroom(tmp_path / "course", servers)
    room.hand_in("ada", half="def half(x):\n    return x // 2")
    room.grade()
    before = room.facts()
    source = room.root / "source/toy/nb.ipynb"
    old = source.read_bytes()
    source.write_bytes(old.replace(b"half(3) == 1.5", b"half(4) == 2"))

    def killed(self, result):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ClassRun, "_write_result", killed)
        with pytest.raises(KeyboardInterrupt):
            room.grade()
    assert History(room.course, "toy").half_done() == {"ada"}
    assert room.shown("ada") != before["notebooks"]["autograded/ada/toy/nb.ipynb"].decode()
    room.grade()
    assert room.points() == {"ada": 5.0}
    undo(room.course, "toy")
    assert room.facts() == before

    with monkeypatch.context() as patch:  # and the source is put back before anybody goes on
        patch.setattr(ClassRun, "_write_result", killed)
        with pytest.raises(KeyboardInterrupt):
            room.grade()
    source.write_bytes(old)
    room.grade()
    assert room.facts() == before
