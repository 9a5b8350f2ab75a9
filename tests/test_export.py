"""`autograder export`, as a user calls it, and nbgrader's own `export` with our files."""

import csv
import io
import json
import sqlite3
from contextlib import closing

import pytest
from click.testing import CliRunner, Result

from autograder.cli import main
from autograder.marks.canvas import Choice, make
from autograder.marks.table import marks_of
from tests.classroom import Classroom
from tests.commands import nbgrader

WRONG_HALF = "def half(x):\n    return 1"
CANVAS = "Student,ID,SIS User ID,SIS Login ID,Section,toy (55)\nAda,1,,ada,A,\nBob\u202e,2,,bob,A,1\n"
MOODLE = (
    'Identifier,"Full name","Email address",Grade,"Maximum grade","Feedback comments"\n'
    "Participant 1,Ada,ada@x.org,,9.00,\nParticipant 2,Bob,bob@x.org,,9.00,\n"
)


@pytest.fixture(scope="module")
def room(tmp_path_factory, servers) -> Classroom:
    room = Classroom(tmp_path_factory.mktemp("export") / "course", servers)
    room.hand_in("ada")
    room.hand_in("bob", half=WRONG_HALF)
    room.grade()
    with closing(sqlite3.connect(room.course.gradebook)) as book, book:
        book.execute("UPDATE student SET email = 'ada@x.org', lms_user_id = '1' WHERE id = 'ada'")
        book.execute("UPDATE student SET email = 'bob@x.org', lms_user_id = '2' WHERE id != 'ada'")
    room.write("canvas.csv", CANVAS)
    room.write("moodle.csv", MOODLE)
    return room


def command(room: Classroom, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--course", str(room.root), "export", *arguments])


def file(room: Classroom, name: str) -> str:
    return str(room.root / name)


def test_a_file_of_canvas_is_filled_in(room):
    ran = command(
        room, "canvas", "toy", "--gradebook", file(room, "canvas.csv"), "--to", file(room, "out.csv")
    )
    assert ran.exit_code == 0, ran.output
    assert ran.stdout.endswith(
        "2 marks, 1 in the place of another, written to " + file(room, "out.csv") + "\n"
    )
    rows = list(csv.reader(io.StringIO((room.root / "out.csv").read_text())))
    assert [row[-1] for row in rows] == ["toy (55)", "5", "2"]


def test_a_worksheet_of_moodle_is_filled_in_and_shown(room):
    ran = command(room, "moodle", "toy", "--worksheet", file(room, "moodle.csv"))
    assert [row["Grade"] for row in csv.DictReader(io.StringIO(ran.stdout))] == ["5.00", "2.00"]
    assert "note: not final, since nobody has marked all questions: 2 students (nb/why of 2)" in ran.stderr


def test_a_dry_run_tells_who_gets_what_and_writes_nothing(room):
    target = room.root / "never.csv"
    ran = command(
        room, "canvas", "toy", "--gradebook", file(room, "canvas.csv"), "--to", str(target), "--dry-run"
    )
    assert "ada (Ada): 5" in ran.stdout.splitlines()
    assert "bob (Bob\ufffd): 1 -> 2" in ran.stdout.splitlines()
    assert not target.exists()


def test_the_same_for_programs(room):
    ran = command(room, "moodle", "toy", "--worksheet", file(room, "moodle.csv"), "--dry-run", "--json")
    found = json.loads(ran.stdout)
    assert found["given"][0] == {"student_id": "ada", "label": "Ada", "value": "5.00", "before": ""}
    assert ran.stderr == ""


def test_the_platform_s_own_file_is_not_written_over(room):
    path = file(room, "canvas.csv")
    ran = command(room, "canvas", "toy", "--gradebook", path, "--to", path)
    assert ran.exit_code == 2 and "name another one with --to" in ran.stderr
    assert (room.root / "canvas.csv").read_text() == CANVAS


@pytest.mark.parametrize(
    "arguments, told",
    [
        (["csv", "lab"], "no assignment 'lab'"),
        (["csv", "toy", "--json"], "add --to or --dry-run"),
        (["csv", "toy", "--to", "/nowhere/at/all.csv"], "cannot be written"),
        (["canvas", "toy"], "--column"),
        (["canvas", "toy", "--scale", "--column", "toy (1)"], "--gradebook"),
        (["moodle", "toy", "--worksheet", "/nowhere.csv"], "cannot be read"),
        (["moodle", "toy", "--worksheet", "/nowhere.csv", "--timezone", "../x"], "no time zone"),
        (["moodle", "toy", "--worksheet", "/nowhere.csv", "--timezone", "Mars"], "no time zone"),
    ],
)
def test_a_mistake_is_one_line(room, arguments, told):
    ran = command(room, *arguments)
    assert ran.exit_code == 2
    (line,) = ran.stderr.splitlines()
    assert told in line


def test_pseudonyms_name_nobody(room):
    for form in ("csv", "json"):
        ran = command(room, form, "toy", "--pseudonyms")
        assert ran.exit_code == 0 and "ada" not in ran.output and "x.org" not in ran.output


def test_marks_are_held_back_until_it_is_said_anyway(tmp_path, servers):
    room = Classroom(tmp_path / "course", servers)
    for number in range(5):
        room.hand_in(f"s{number}", half=WRONG_HALF)
    room.grade()
    for form in (["csv"], ["json"], ["canvas", "--column", "toy (1)"], ["csv", "--pseudonyms"]):
        refused = command(room, form[0], "toy", *form[1:])
        assert refused.exit_code == 2
        assert "marks are held back: nb/test_half failed for 5 of 5" in refused.stderr
        given = command(room, form[0], "toy", *form[1:], "--anyway")
        assert given.exit_code == 0, given.output


# nbgrader's command ---------------------------------------------------------------------------------


def exported(room: Classroom, exporter: str, *arguments: str, code: int = 0) -> str:
    name = f"--exporter=autograder.dropin.exporter.{exporter}"
    return nbgrader(room.root, "export", name, *arguments, code=code)


TOY = "--assignment=['toy']"


@pytest.mark.ci
def test_nbgrader_s_export_writes_the_same_marks(room):
    exported(room, "CanvasExporter", TOY, "--to=c.csv", "--CanvasExporter.column=toy (55)")
    assert (room.root / "c.csv").read_text() == make(marks_of(room.course, "toy"), Choice("toy (55)")).text
    exported(room, "CanvasExporter", TOY, "--to=f.csv", "--CanvasExporter.gradebook=canvas.csv")
    shown = command(room, "canvas", "toy", "--gradebook", file(room, "canvas.csv")).stdout
    assert (room.root / "f.csv").read_text() == shown
    said = exported(room, "MoodleExporter", TOY, "--to=m.csv", "--MoodleExporter.worksheet=moodle.csv")
    shown = command(room, "moodle", "toy", "--worksheet", file(room, "moodle.csv")).stdout
    assert (room.root / "m.csv").read_text() == shown
    assert "nobody has marked all questions: 2 students" in said


@pytest.mark.ci
def test_nbgrader_s_export_tells_a_mistake_in_one_line(room):
    said = exported(room, "MoodleExporter", "--to=x.csv", code=1)
    assert "name one assignment" in said and "Traceback" not in said
    assert not (room.root / "x.csv").exists()
