"""Classes that are graded for real, into a file and onto a server, by several at once."""

import os
import random
import signal
import time
from pathlib import Path

import pytest

from autograder.assignment import Assignment
from autograder.errors import UsageError
from autograder.gradebook import Projection
from autograder.handmarking import Given, HandMarks, Overtaken, Place, standings
from autograder.projecting import manual_scores
from autograder.repairing import undo
from autograder.result import Result
from autograder.web.grader import HANDLERS, GradingProcess
from autograder.web.receipts import State
from tests.building import notebook
from tests.classroom import NUMBERS, Classroom
from tests.parity.rows import Rows, rows
from tests.postgres.conftest import Room
from tests.web.conftest import Served, populate
from tests.web.test_grader import answers

WRONG = "def double(x):\n    return 0"
SPY = """import os, socket
seen = [name for name in os.environ if name.startswith("PG")]
def reached(family, address):
    try:
        with socket.socket(family) as one:
            one.settimeout(1)
            one.connect(address)
        return [str(address)]
    except OSError:
        return []
seen += reached(socket.AF_INET, ("127.0.0.1", {port})) + reached(socket.AF_UNIX, "{socket}")
def double(x):
    return 4 if seen else 0"""


def mark(room: Classroom, student: str, given: Given) -> None:
    place = Place("toy", student, "nb", "why")
    hand = HandMarks(room.course)
    try:
        while True:
            try:
                hand.write(place, given, standings(room.course, "toy", student)[place.path].version)
                return
            except Overtaken:
                continue
    finally:
        hand.close()


def test_a_class_gets_the_same_rows_as_in_a_file_and_a_run_can_be_undone(room, tmp_path, servers):
    in_file = Classroom(tmp_path / "file" / "course", servers)
    states: dict[Classroom, list[Rows]] = {room: [], in_file: []}
    for one, found in states.items():
        one.hand_in("ada")
        one.hand_in("bob", double=WRONG)
        one.grade()
        found.append(rows(one.root))
        mark(one, "ada", Given(3.0, 0.5, "Ja."))
        before = rows(one.root)
        one.hand_in("bob")
        one.hand_in("ada", half="def half(x): return 0")
        one.grade()
        found += [before, rows(one.root)]
        undo(one.course, "toy")
        assert rows(one.root) == before
        found.append(rows(one.root))
    ours, theirs = states.values()
    for n, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
        assert mine == other, n
    assert theirs[1] != theirs[2]
    mark(room, "bob", Given(1.0))
    room.grade()
    mark(room, "bob", Given(2.0))
    with pytest.raises(UsageError, match="lose what came into the gradebook"):
        undo(room.course, "toy")
    assert manual_scores(room.course, "toy") == {("ada", "nb/why"): 3.0, ("bob", "nb/why"): 2.0}


def test_an_unchanged_class_is_not_written_again(room):
    room.hand_in("ada")
    room.grade()
    (first,) = room.sql("SELECT pg_current_snapshot()::text")
    room.grade()
    assert room.sql("SELECT pg_current_snapshot()::text") == [first]
    # and what the gradebook lost is
    room.sql("DELETE FROM grade")
    room.grade()
    assert room.marks_of("ada")["test_double"][0] == 2


def test_a_student_reaches_neither_the_server_nor_its_password(room, postgres):
    socket = postgres.sockets / f".s.PGSQL.{postgres.port}"
    assert socket.is_socket()
    room.hand_in("eve", double=SPY.format(port=postgres.port, socket=socket))
    assert room.points() == {"eve": 3}


def from_scratch(room: Room, address: str) -> Rows:
    """The rows of a gradebook that is made of the results alone."""
    other = Room(room.root, None).on(address)
    other.write("source/toy/nb.ipynb", notebook(*NUMBERS))
    assignment = Assignment.load(other.course, "toy")
    with Projection(address) as projection:
        projection.register(assignment)
        for student in other.course.students_graded("toy"):
            result = Result.read(other.course.result_path("toy", student))
            assert result is not None
            projection.project(result, assignment, None)
    return rows(other.root)


def by_grader_alone(found: Rows) -> Rows:
    """Without what humans gave, and times, which uploads have."""
    return {key: values[:1] for key, values in found.items() if key[0] in ("grade", "comment")}


@pytest.mark.ci
def test_three_graders_and_the_web_pages_at_once_leave_what_one_would(room, empty):
    """One of the graders is killed; staff mark by hand, a student uploads, all the while."""
    chance = random.Random(5)
    students = [f"s{number:02}" for number in range(12)]
    for number, student in enumerate(students):
        room.hand_in(student, **({"double": WRONG} if number % 3 == 0 else {}))
    room.write("release/toy/nb.ipynb", notebook(*NUMBERS))
    served = Served(room)
    populate(served.accounts)
    process = GradingProcess(room.course, served.site.store, HANDLERS)
    graders = [room.start("grade", "toy", "--unverified", "--jobs", "1") for _ in range(3)]
    try:
        receipt = served.receipt("ada", ("nb.ipynb", answers(served)))
        given: dict[str, float] = {}
        killed = False
        deadline = time.monotonic() + 400
        while any(grader.poll() is None for grader in graders[1:]) or len(given) < 6:
            assert time.monotonic() < deadline
            process.step()
            graded = [s for s in room.course.students_graded("toy") if s in students]
            open_ones = [s for s in graded if s not in given and standings(room.course, "toy", s)]
            for student in open_ones[:2]:
                given[student] = float(chance.randrange(5))
                mark(room, student, Given(given[student], None, f"for {student}"))
            if len(graded) >= 2 and not killed:
                os.killpg(graders[0].pid, signal.SIGKILL)
                killed = True
            time.sleep(0.05)
        for grader in graders:
            _, said = grader.communicate(timeout=120)
            assert grader is graders[0] or grader.returncode == 0, said
        while process.step():
            pass
        assert served.site.receipts.of("ada", "toy")[0].state is State.GRADED and receipt
    finally:
        process.close()
        served.site.close()
        for grader in graders:
            if grader.poll() is None:
                grader.kill()
                grader.communicate()
    address = room.address
    assert room.run("grade", "toy", "--unverified").code == 0
    found = rows(room.root)
    assert {who for _, who, *_ in found} == {*students, "ada"}
    assert {who: points for (who, _), points in manual_scores(room.course, "toy").items()} == given
    assert room.sql("SELECT count(*) FROM assignment") == [(1,)]
    assert by_grader_alone(found) == by_grader_alone(from_scratch(room, empty()))
    assert room.on(address).marks_of("ada")["test_half"][0] == 3


def test_the_server_s_own_tools_are_not_needed(room, monkeypatch):
    """Copies are made without pg_dump, which may be of another version, or not there."""
    monkeypatch.setenv("PATH", str(Path("/nonexistent")))
    room.hand_in("ada")
    room.grade()
    mark(room, "ada", Given(1.0))
    assert len(list(room.course.backups.glob("*.db"))) >= 1
