"""What holds of a server's database and of what reads and writes it, with marks that nobody graded."""

import os
import threading
import time
from datetime import datetime, timedelta

import pytest
from nbgrader.api import Gradebook

from autograder.allowing import allow
from autograder.assignment import Assignment
from autograder.cli import main
from autograder.course import Course
from autograder.database import Claim, Writer, database_at
from autograder.database.sqlite import SqliteFile
from autograder.errors import GraderFault, UsageError
from autograder.feedback.marks import notebook_marks
from autograder.gradebook import Projection, Submitted
from autograder.handmarking import Given, HandMarks, Overtaken, Place, standings
from autograder.marks.table import comments_of, marks_of
from autograder.projecting import automatic_scores, manual_scores, roster_of
from autograder.reporting.reading import read_by_hand
from autograder.result import Outcome
from autograder.roster import Roster
from autograder.students import delete_student, import_students, traces_of
from autograder.web.catalogue import released
from autograder.web.classes import Classes
from autograder.web.classtable import read_class
from autograder.web.seen import marks as seen
from tests.building import TOY, hidden_test
from tests.parity.rows import rows
from tests.postgres.conftest import Room
from tests.test_gradebook import graded

DUE = datetime(2020, 1, 10, 12)
WHY = Place("toy", "ada", "nb", "why")


def project(course: Course, *students: str) -> None:
    """Marks of ada, who is good, of bob, who is late and not, and of the others, who are as bob."""
    assignment = Assignment.load(course, "toy")
    with Projection(course.db_url) as projection:
        projection.register(assignment, DUE)
        for who in students:
            result = graded(Outcome.PASSED if who == "ada" else Outcome.FAILED, student=who)
            result.write_atomically(course.result_path("toy", who))
            when = DUE + timedelta(hours=0 if who == "ada" else 2)
            projection.project(result, assignment, when, timedelta(hours=1) if who == "bob" else None)


def mark(course: Course, given: Given, place: Place = WHY) -> None:
    hand = HandMarks(course)
    try:
        hand.write(place, given, standings(course, "toy", place.student)[place.path].version, "looked")
    finally:
        hand.close()


@pytest.fixture
def room(tmp_path, empty) -> Room:
    made = Room(tmp_path / "course", None, *TOY).on(empty())
    made.write("release/toy/nb.ipynb", "{}")
    return made


@pytest.fixture
def class_(room) -> Course:
    project(room.course, "ada", "bob", "Émile", "adam")
    return room.course


def everything_read(course: Course) -> dict[str, object]:
    """What every reader of ours makes of the gradebook."""
    book = course.database
    with book.reading() as query:
        by_hand = read_by_hand(query, "toy")
    table = read_class(course, "toy", {})
    return {
        "marks": marks_of(course, "toy", anyway=True),
        "comments": comments_of(course, "toy"),
        "class": (table.questions, list(table.lines.items()), table.max_score),
        "standings": list(standings(course, "toy", "ada").items()),
        "manual": manual_scores(course, "toy"),
        "automatic": automatic_scores(course, "toy"),
        "roster": (roster_of(course), Roster.of(course).people),
        "seen": [seen(course, "toy", who) for who in ("ada", "bob", "nobody")],
        "released": released(course, "bob"),
        "feedback": [notebook_marks(course, "toy", who) for who in (None, "ada")],
        "by hand": by_hand,
        "rows": rows(course.root),
    }


def test_every_reader_sees_what_it_sees_in_a_file(class_, room, tmp_path):
    other = Room(tmp_path / "file" / "course", None, *TOY)
    other.write("release/toy/nb.ipynb", "{}")
    project(other.course, "ada", "bob", "Émile", "adam")
    for course in (class_, other.course):
        import_students(course, room.write("students.csv", "id,first_name,last_name\nada,Ada,Lovelace\n"))
        mark(course, Given(3.5, 0.25, "Gut — «sehr»."))
        mark(course, Given(1.0), Place("toy", "bob", "nb", "test_double"))
    assert not class_.gradebook.exists() and other.course.gradebook.exists()
    ours, theirs = everything_read(class_), everything_read(other.course)
    for what, found in theirs.items():
        if what == "released":  # other folders
            assert [(one.due, one.more_time) for one in ours[what]] == [(o.due, o.more_time) for o in found]
        else:
            assert ours[what] == found, what


def test_who_was_graded_before_a_question_came_is_told(class_, room):
    Room(room.root, None, *TOY, hidden_test("assert double(3) == 6", "test_later", 3))
    with Projection(class_.db_url) as projection:
        projection.register(Assignment.load(class_, "toy"), DUE)
    assert {mark.lacking for mark in marks_of(class_, "toy", anyway=True).marks} == {("nb/test_later",)}


def test_marks_by_hand_survive_a_regrade(class_):
    mark(class_, Given(3.0, 0.5, "Well said."))
    before = rows(class_.root)
    project(class_, "ada", "bob", "Émile", "adam")
    assert rows(class_.root) == before | {
        # as in a file: a human is asked to look again
        ("grade", "ada", "nb", "why"): (None, 3.0, 0.5, True)
    }


def test_formgrader_and_we_read_the_same(class_):
    mark(class_, Given(2.5, None, "Say why."))
    with Gradebook(class_.db_url) as gradebook:
        grade = gradebook.find_grade("why", "nb", "toy", "ada")
        assert (grade.score, grade.needs_manual_grade) == (2.5, False)
        assert gradebook.find_comment("why", "nb", "toy", "ada").comment == "Say why."
        scores = {s["id"]: s["score"] for s in gradebook.submission_dicts("toy")}
        assert len(scores) == 4
        notebook = gradebook.find_submission_notebook("nb", "toy", "bob")
        grade = next(one for one in notebook.grades if one.name == "why")
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        gradebook.db.commit()
    assert standings(class_, "toy", "bob")["nb/why"].manual_score == 1.5


# Side by side -------------------------------------------------------------------------------------


def at_once(*works) -> list[BaseException]:
    failed: list[BaseException] = []

    def run(work):
        try:
            work()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


def test_an_assignment_that_several_register_at_once_is_registered_once(room):
    assert at_once(*[lambda: project(room.course, "ada", "bob")] * 4) == []
    assert room.sql("SELECT count(*) FROM assignment") == [(1,)]
    assert room.sql("SELECT count(*) FROM submitted_assignment") == [(2,)]
    assert room.sql("SELECT count(*) FROM grade") == [(10,)]


def test_a_mark_by_hand_and_a_regrade_at_once_lose_nothing(class_):
    seen_points = []

    def give():
        for points in range(1, 5):
            while True:  # another page was faster: look again
                try:
                    mark(class_, Given(float(points)))
                    break
                except Overtaken:
                    continue
            seen_points.append(manual_scores(class_, "toy")["ada", "nb/why"])

    assert at_once(give, *[lambda: project(class_, *["ada"] * 5)] * 2) == []
    assert seen_points == [1.0, 2.0, 3.0, 4.0]


def test_a_transaction_that_the_server_gives_up_is_done_again(class_):
    """Two that want each other's claim: PostgreSQL ends one of them."""
    meeting = threading.Barrier(2)
    tries = []

    def crossing(first: str, second: str) -> None:
        writer = Writer(class_.database)

        def work(session):
            tries.append(first)
            class_.database.claim(session.connection(), Claim(first))
            if len(tries) <= 2:
                meeting.wait(30)
            class_.database.claim(session.connection(), Claim(second))

        try:
            writer.write(work, Claim("toy", shared=True))
        finally:
            writer.close()

    assert at_once(lambda: crossing("one", "two"), lambda: crossing("two", "one")) == []
    assert len(tries) == 3


def test_our_own_marks_do_not_have_the_class_read_again_and_those_of_others_do(class_, monkeypatch):
    monkeypatch.setattr("autograder.web.classes.REST", 0.0)
    classes, hand = Classes(class_), HandMarks(class_)
    try:
        first = classes.of("toy")
        seen_before = standings(class_, "toy", "ada")["nb/why"].version
        classes.note(hand.write(WHY, Given(4.0), seen_before))
        held = classes._held["toy"]
        assert held.table is not first and classes._is_current(held)
        with Gradebook(class_.db_url) as gradebook:
            gradebook.find_grade("why", "nb", "toy", "bob").manual_score = 2.0
            gradebook.db.commit()
        assert not classes._is_current(held)
        classes.refresh("toy")
        table = classes.of("toy")
        assert table.lines["bob"].cells[table.column("nb/why")].points == 2.0
        assert table.lines["ada"].cells[table.column("nb/why")].points == 4.0
    finally:
        classes.close()
        hand.close()


def test_a_transaction_that_began_before_and_ended_after_a_look_is_noticed(class_):
    watch = class_.database.watch()
    with class_.database.connect() as slow, class_.database.connect(autocommit=True) as quick:
        slow.execute("UPDATE student SET first_name = 'A' WHERE id = 'ada'")
        quick.execute("UPDATE student SET first_name = 'B' WHERE id = 'bob'")  # of a later number
        between = watch.state()
        slow.commit()
        assert not watch.is_ours(between, watch.state(), [])
    watch.close()


# Copies -------------------------------------------------------------------------------------------


def test_a_copy_is_made_before_the_first_write_and_can_be_opened_by_nbgrader(class_):
    before = rows(class_.root)
    mark(class_, Given(4.0))
    (copy,) = class_.backups.iterdir()
    with Gradebook(f"sqlite:///{copy}") as gradebook:
        assert gradebook.find_grade("why", "nb", "toy", "ada").manual_score is None
        assert gradebook.find_submission("toy", "bob").extension == timedelta(hours=1)
    class_.database.put_back(copy)
    assert rows(class_.root) == before


def test_what_was_checked_before_a_copy_is_put_back_cannot_change_any_more(class_):
    copy = class_.database.back_up(class_.backups)
    late = threading.Thread(target=mark, args=(class_, Given(1.0)))

    def check(query):
        late.start()
        time.sleep(0.5)  # the mark waits for the lock, however long
        assert query("SELECT count(*) FROM grade WHERE manual_score IS NOT NULL", {}) == [(0,)]

    class_.database.put_back(copy, check)
    late.join()
    assert manual_scores(class_, "toy") == {("ada", "nb/why"): 1.0}


def test_a_check_that_refuses_leaves_everything(class_):
    copy = class_.database.back_up(class_.backups)
    mark(class_, Given(1.0))
    before = rows(class_.root)

    def refuse(query):
        raise UsageError("no")

    with pytest.raises(UsageError, match=r"^no$"):
        class_.database.put_back(copy, refuse)
    assert rows(class_.root) == before


def test_a_gradebook_moves_from_a_file_to_the_server(class_, tmp_path, empty):
    mark(class_, Given(2.0, None, "Moved."))
    copy = class_.database.back_up(tmp_path)
    moved = Room(tmp_path / "moved", None, *TOY).on(empty())
    assert main(["--course", str(moved.root), "restore", str(copy)], standalone_mode=False) in (0, None)
    assert rows(moved.root) == rows(class_.root)


def test_a_deleted_student_is_gone_from_the_server_and_from_the_copies(class_, room):
    mark(class_, Given(2.0))
    delete_student(class_, traces_of(class_, "ada"))
    assert {key[1] for key in rows(class_.root)} == {"bob", "Émile", "adam"}
    assert "ada" not in roster_of(class_)
    (copy,) = class_.backups.iterdir()
    assert SqliteFile(copy).rows("SELECT id FROM student WHERE id = 'ada'") == []


def test_extensions_are_those_of_the_file_of_allowances(class_, room):
    table = room.write("allow.csv", "student_id,assignment,extension\nadam,toy,2d\n")
    assert allow(class_, table).exit_code == 0
    assert room.sql("SELECT extension FROM submitted_assignment WHERE student_id = 'adam'") == [
        (timedelta(days=2),)
    ]


# Hostile and broken -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["\0null\0", "lone \ud800 surrogate", "'; DROP TABLE grade; --", "%s %(a)s :b"]
)
def test_a_comment_of_any_text_is_kept_without_what_no_database_can_hold(class_, text):
    mark(class_, Given(1.0, None, text))
    kept = standings(class_, "toy", "ada")["nb/why"].manual_comment
    assert kept is not None and "\0" not in kept and kept.encode()
    assert "null" not in text or "null" in kept


@pytest.mark.parametrize("name", ["a\0b", "\ud800", "x" * 5_000, "' OR ''='", "%(assignment)s"])
def test_who_is_asked_for_by_a_hostile_name_is_not_there(class_, name):
    assert standings(class_, "toy", name) == {}
    assert seen(class_, "toy", name) is None
    assert seen(class_, name, "ada") is None


def test_a_name_that_is_too_long_for_nbgrader_s_table_is_one_line(class_):
    with pytest.raises(UsageError, match="too long") as told:
        project(class_, "s" * 200)
    assert "\n" not in str(told.value)


def test_who_cannot_be_written_stops_nobody_who_is_written_with_them(class_):
    names = ("first", "s" * 200, "last")
    with Projection(class_.db_url) as projection, pytest.raises(UsageError, match="too long"):
        projection.project_all(
            Assignment.load(class_, "toy"), [Submitted(graded(student=name), None) for name in names]
        )
    there = class_.database.rows("SELECT student_id FROM submitted_assignment")
    assert {("first",), ("last",)} <= set(there)


def test_a_source_that_postgresql_cannot_hold_is_one_line(tmp_path, empty):
    cells = (*TOY[:-1], hidden_test("assert 'a\0b'", "test_nul", 1))
    room = Room(tmp_path / "course", None, *cells).on(empty())
    with pytest.raises(UsageError, match="NUL") as told:
        project(room.course, "ada")
    assert "\n" not in str(told.value)


def test_a_database_of_another_encoding_is_refused(postgres, tmp_path):
    url = postgres.make("latin", "--encoding", "LATIN1", "--locale", "C", "--template", "template0")
    room = Room(tmp_path / "course", None, *TOY).on(url)
    with pytest.raises(UsageError, match="LATIN1"):
        project(room.course, "ada")


def test_a_user_without_rights_is_told_which(postgres, class_, room):
    room.sql("CREATE ROLE reader LOGIN PASSWORD 'r'")
    room.sql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
    url = postgres.url(room.address.rpartition("/")[2], "reader")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PGPASSWORD", "r")
        assert marks_of(Room(room.root, None, *TOY).on(url).course, "toy", anyway=True).marks
        with pytest.raises(UsageError, match=r"permission denied.*rights"):
            project(room.course, "ada")
        assert "no right to read and write" in database_at(url).described()


def test_a_password_is_in_no_message(postgres, class_, capsys, monkeypatch):
    monkeypatch.setenv("PGPASSWORD", "s3cret-and-wrong")
    with pytest.raises(GraderFault) as told:
        project(class_, "ada")
    assert "s3cret" not in str(told.value) and "password authentication failed" in str(told.value)
    root = class_.root
    given = f"postgresql://postgres:s3cret-and-wrong@127.0.0.1:{postgres.port}/x"
    (root / "autograder.toml").write_text(f'db_url = "{given}"\n')
    with pytest.raises(SystemExit) as ended:
        main(["--course", str(root), "students", "list"])
    said = capsys.readouterr()
    assert ended.value.code == 2 and "pgpass" in said.err
    assert "s3cret" not in said.out + said.err
    # nbgrader's own may hold one
    with pytest.raises(GraderFault) as told:
        database_at(given).exists()
    assert "s3cret" not in str(told.value)


def test_a_server_that_goes_away_and_comes_back_is_waited_for(postgres, class_, room):
    project(class_, "ada")
    writer = Writer(class_.database)
    writer.write(lambda session: None)
    postgres.stop("immediate")
    back = threading.Timer(1.0, postgres.start)
    back.start()
    try:
        assert writer.write(lambda session: class_.database.number_of(session)) > 0
    finally:
        back.join()
        writer.close()
    project(class_, "ada", "bob")


def test_a_server_that_stays_away_is_one_line_and_the_next_run_repairs(postgres, class_, monkeypatch):
    monkeypatch.setattr("autograder.database.writing._PAUSES", (0.01, 0.01))
    before = rows(class_.root)
    postgres.stop("fast")
    try:
        with pytest.raises(GraderFault, match="cannot be reached") as told:
            project(class_, "zoe")
        assert "\n" not in str(told.value)
        with pytest.raises(GraderFault, match="cannot be reached"):
            marks_of(class_, "toy", anyway=True)
        assert class_.database.watch().state() is None
    finally:
        postgres.start()
    assert rows(class_.root) == before
    project(class_, "zoe")
    assert {key[1] for key in rows(class_.root)} == {"ada", "bob", "Émile", "adam", "zoe"}


def test_doctor_says_where_the_gradebook_is(class_, capsys):
    with pytest.raises(SystemExit):
        main(["--course", str(class_.root), "doctor"])
    said = capsys.readouterr().out
    assert "PostgreSQL" in said and os.environ["PGPASSWORD"] not in said
