"""What students are allowed, and where it counts."""

import json
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner

from autograder.allowances import Allowance, Allowances, extension_of, words_of
from autograder.allowing import allow
from autograder.cli import main
from autograder.errors import UsageError
from autograder.gradebook import Projection
from autograder.marks.table import marks_of
from tests.classroom import Classroom

HEADER = "student_id,assignment,extension,excused,reason\n"
DUE = datetime(2026, 11, 20, 12)
DAY = timedelta(days=1)


@pytest.fixture
def room(tmp_path, servers) -> Classroom:
    return Classroom(tmp_path / "course", servers)


def granted(room: Classroom, *lines: str):
    return allow(room.course, room.write("allow.csv", HEADER + "".join(f"{line}\n" for line in lines)))


def due(room: Classroom) -> None:
    with Projection(room.course.db_url) as projection:
        projection.register(room.context().assignment, DUE)


def hand_in_late(room: Classroom, student: str) -> None:
    (room.hand_in(student) / "timestamp.txt").write_text(f"{DUE + DAY:%F %T} UTC")


def extensions(room: Classroom) -> dict[str, timedelta | None]:
    from nbgrader.api import Gradebook

    with Gradebook(room.course.db_url) as book:
        return {each.student.id: each.extension for each in book.assignment_submissions("toy")}


@pytest.mark.parametrize(
    "text, hours",
    [("2d 12h", 60), ("36h", 36), ("36", 36), ("1.5", 1.5), ("90m", 1.5), ("1w", 168), ("1D2H", 26)],
)
def test_an_extension_is_written_in_days_and_hours_or_as_hours(text, hours):
    assert extension_of(text) == timedelta(hours=hours)


@pytest.mark.parametrize("text", ["-1", "3x", "nan", "inf", "1e9", "2d12", "9999w", "١٢", "=1+1", "1" * 5000])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError, match="extension"):
        extension_of(text)


def test_it_is_shown_as_it_may_be_written():
    for text in ("2d 12h", "1h 30m", "0h"):
        assert words_of(extension_of(text)) == text


def test_rows_that_are_none_stop_no_other_and_are_said_with_their_line(room):
    found = granted(
        room,
        "ada,toy,1d,,ill",
        "bob",
        "bob,tyo,1d,,",
        "bob,toy,soon,,",
        "bob,toy,,maybe,",
        "../x,toy,1d,,",
        ",,,,",
        "ada,toy,2d,,again",
    )
    assert [line.split(":")[0] for line in found.problems] == [f"line {n}" for n in (3, 4, 5, 6, 7, 9)]
    assert Allowances.read(room.course).of("toy") == {"ada": Allowance(86400.0, False, "ill")}
    assert found.exit_code == 1


@pytest.mark.parametrize(
    "data", [b"who,what\n", b"\xff\xfe", b"", HEADER.encode() + b'"open,toy,1d,,\n', b"student_id\nada\n"]
)
def test_a_file_that_is_no_table_changes_nothing(room, data):
    granted(room, "ada,toy,1d,,")
    with pytest.raises(UsageError):
        allow(room.course, room.write("bad.csv", data))
    assert list(Allowances.read(room.course).of("toy")) == ["ada"]


def test_a_spreadsheet_s_semicolons_are_read(room):
    path = room.write("allow.csv", "\ufeffStudent_ID;assignment;excused\r\nada;toy;YES\r\n")
    assert allow(room.course, path).problems == ()
    assert Allowances.read(room.course).of("toy")["ada"].excused


def test_an_empty_row_takes_back_what_was_granted(room):
    granted(room, "ada,toy,1d,,", "bob,toy,,yes,")
    granted(room, "ada,toy,,,")
    assert list(Allowances.read(room.course).of("toy")) == ["bob"]


def test_a_damaged_file_is_told_and_kept(room):
    path = room.write(".autograder/allowances.json", "{")
    with pytest.raises(UsageError, match="put an older copy in its place"):
        granted(room, "ada,toy,1d,,")
    assert path.read_text() == "{"


def test_an_extension_counts_at_once_where_there_is_a_submission(room):
    due(room)
    hand_in_late(room, "ada")
    room.grade()
    granted(room, "ada,toy,2d,,")
    assert extensions(room) == {"ada": 2 * DAY}
    granted(room, "ada,toy,,,")
    assert extensions(room) == {"ada": None}


def test_an_extension_counts_for_a_submission_that_comes_later(room):
    due(room)
    granted(room, "ada,toy,2d,,")
    hand_in_late(room, "ada")
    hand_in_late(room, "bob")
    room.grade()
    assert extensions(room) == {"ada": 2 * DAY, "bob": None}


def test_lateness_and_penalty_follow(room):
    class ByTheHour:
        def late_submission_penalty(self, student_id, score, total_seconds_late):
            return total_seconds_late / 3600 / 24

    due(room)
    hand_in_late(room, "ada")
    hand_in_late(room, "bob")
    graded = room.grade()
    granted(room, "ada,toy,2d,,")
    with Projection(room.course.db_url, late_penalty=ByTheHour()) as projection:
        for one in graded.values():
            projection.project(one.result, room.context().assignment, DUE + DAY)
    penalties = {m.student_id: m.late_submission_penalty for m in marks_of(room.course, "toy").marks}
    assert penalties == {"ada": 0, "bob": 1}


def test_an_extension_that_a_human_gave_is_replaced_by_the_file_alone_and_that_is_said(room):
    due(room)
    hand_in_late(room, "ada")
    room.grade()
    with Projection(room.course.db_url) as projection:
        projection.extend("toy", {"ada": 5 * DAY}, {})
    room.grade(force=True)
    assert extensions(room) == {"ada": 5 * DAY}
    assert "extensions given in nbgrader stay: ada" not in " ".join(granted(room, "bob,toy,1d,,").notes)
    notes = granted(room, "ada,toy,1d,,").notes
    assert extensions(room) == {"ada": DAY}
    assert "toy: replaced extensions that were given in nbgrader: ada (5d)" in notes


def test_taking_back_leaves_what_a_human_gave_since(room):
    due(room)
    hand_in_late(room, "ada")
    room.grade()
    granted(room, "ada,toy,1d,,")
    with Projection(room.course.db_url) as projection:
        projection.extend("toy", {"ada": 5 * DAY}, {})
    assert "toy: extensions given in nbgrader stay: ada (5d)" in granted(room, "ada,toy,,,").notes
    assert extensions(room) == {"ada": 5 * DAY}


def test_without_a_due_date_nothing_is_written_that_nbgrader_would_fail_on(room):
    granted(room, "bob,toy,1d,,")
    room.hand_in("ada")
    room.hand_in("bob")
    room.grade()
    assert "toy has no due date in the gradebook" in granted(room, "ada,toy,1d,,").notes[0]
    assert extensions(room) == {"ada": None, "bob": None}
    due(room)
    room.grade()
    assert extensions(room) == {"ada": DAY, "bob": DAY}


def test_who_is_excused_is_so_in_the_marks(room):
    room.hand_in("ada")
    room.grade()
    granted(room, "ada,toy,,yes,")
    (mark,) = marks_of(room.course, "toy").marks
    assert mark.excused and mark.given is None and mark.score == 5


def test_a_student_whom_nobody_knows_is_said(room):
    room.hand_in("ada")
    assert granted(room, "ada,toy,1d,,", "dad,toy,1d,,").notes == (
        "not on the roster, and nothing handed in: dad",
    )


def test_the_commands_grant_and_list(room):
    def command(*arguments: str):
        return CliRunner().invoke(main, ["--course", str(room.root), "students", *arguments])

    file = room.write("allow.csv", HEADER + "ada,toy,2d 12h,,ill\x1b[2J\n,x,,,\n")
    ran = command("allow", str(file))
    assert ran.exit_code == 1 and "not taken over: line 3: '' is no student id" in ran.stderr
    shown = command("allowances", "toy").stdout
    assert shown.startswith("ada: 2d 12h more (ill") and "\x1b" not in shown
    assert json.loads(command("allowances", "toy", "--json").stdout)["ada"]["extension"] == 216_000
    assert "did you mean 'toy'" in command("allowances", "tyo").stderr


def test_nbgrader_s_tables_know_an_extension_as_it_writes_it(room):
    """What SQLAlchemy writes for an interval, read back past it: since 1970."""
    due(room)
    hand_in_late(room, "ada")
    room.grade()
    granted(room, "ada,toy,2d,,")
    with closing(sqlite3.connect(room.course.gradebook)) as book:
        assert book.execute("SELECT extension FROM submitted_assignment").fetchone()[0][:10] == "1970-01-03"
