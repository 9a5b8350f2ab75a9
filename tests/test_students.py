"""The class list: brought in, shown, and a student taken out without a trace."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from autograder.allowing import allow
from autograder.collecting.collect import Options, collect
from autograder.course import Course
from autograder.errors import UsageError
from autograder.history import History
from autograder.roster import Person, Roster
from autograder.students import delete_student, import_students, traces_of
from tests.classroom import Classroom


def course_in(folder: Path, text: str = "") -> Course:
    course = Course.open(folder)
    if text:
        import_students(course, csv(folder, text))
    return course


def csv(folder: Path, text: str) -> Path:
    path = folder / "students.csv"
    path.write_text(text, "utf-8")
    return path


def test_students_come_into_the_gradebook_as_nbgrader_keeps_them(tmp_path):
    course = Course.open(tmp_path)
    text = "\ufeffid;first_name;last_name;email;lms_user_id;section\nada;Ada;Lovelace;a@x;17;A\nbob;;;;;\n"
    found = import_students(course, csv(tmp_path, text))
    assert (found.added, found.ignored_columns, found.left_out) == (("ada", "bob"), ("section",), ())
    assert list(Roster.of(course)) == [Person("ada", "Ada", "Lovelace", "a@x", "17"), Person("bob")]
    from nbgrader.api import Gradebook

    with Gradebook(course.db_url) as book:
        assert book.find_student("ada").last_name == "Lovelace"
        assert book.find_student("bob").email is None


def test_an_import_changes_what_the_file_says_and_nothing_else(tmp_path):
    course = course_in(tmp_path, "id,first_name,email\nada,Ada,a@x\nbob,Bob,b@x\ncyd,Cyd,c@x\n")
    found = import_students(course, csv(tmp_path, "id,email,last_name\nada,,Lovelace\nbob,b@x,\ndan,d@x,D\n"))
    assert (found.added, found.changed, found.unchanged) == (("dan",), ("ada",), ("bob",))
    assert [p for p in Roster.of(course) if p.id in ("ada", "cyd")] == [
        Person("ada", "Ada", "Lovelace", "a@x"),
        Person("cyd", "Cyd", "", "c@x"),
    ]
    assert len(list(course.backups.glob("*.db"))) == 1


def test_a_row_that_cannot_be_is_left_out_with_its_line_and_the_rest_comes_in(tmp_path):
    course = Course.open(tmp_path)
    rows = ("ada,a@x", "../x,", ",b@x", "ada,other@x", "ada,a@x", "b\u202eb,", "x" * 200, "cyd," + "m" * 200)
    text = "\n".join(["id,email", *rows, "dan,\x07x"])
    found = import_students(course, csv(tmp_path, text))
    assert found.added == ("ada",)
    assert [line.partition(":")[0] for line in found.left_out] == [
        f"line {n}" for n in (3, 4, 5, 7, 8, 9, 10)
    ]


def test_a_table_without_ids_is_one_line_and_nothing_is_written(tmp_path):
    course = Course.open(tmp_path)
    with pytest.raises(
        UsageError, match=r"no column 'id'; the first line should name it, but is: matriculation, email"
    ):
        import_students(course, csv(tmp_path, "matriculation,email\nada,a@x\n"))
    assert not course.gradebook.exists()


@pytest.mark.parametrize("header", ["Id", "ID", "student_id", "Student"])
def test_an_id_under_another_name_is_answered_with_the_one_to_give_it(tmp_path, header):
    with pytest.raises(UsageError, match=rf"no column 'id'; is it '{header}'\? Call that 'id'$"):
        import_students(Course.open(tmp_path), csv(tmp_path, f"email,{header}\na@x,ada\n"))


def test_a_gradebook_that_is_none_is_one_line(tmp_path):
    (tmp_path / "gradebook.db").write_bytes(b"no database" * 100)
    with pytest.raises(UsageError, match=r"gradebook\.db"):
        import_students(Course.open(tmp_path), csv(tmp_path, "id\nada\n"))


# deleting ---------------------------------------------------------------------------------------

GONE = "uniquely-named-1815"
ROSTER = f"id,first_name,lms_user_id\n{GONE},Gone,17\nstays,Stays,18\n"
WRONG = "def half(x):\n    return 0"


@pytest.fixture(scope="module")
def graded(tmp_path_factory, servers):
    """Two students, graded twice, regraded after a change, collected in a group, with backups and moves."""
    room = Classroom(tmp_path_factory.mktemp("deleting") / "course", servers)
    import_students(room.course, room.write("students.csv", ROSTER))
    for student in (GONE, "stays"):
        room.hand_in(student, half=WRONG)
    room.grade()
    download = room.root / "download"
    (download / GONE).mkdir(parents=True)
    shutil.copy(room.hand_in("stays") / "nb.ipynb", download / GONE)
    room.hand_in("stays", half=WRONG)
    groups = room.write("groups.csv", f"group,student_id\n1,{GONE}\n1,stays\n")
    collect(room.course, "toy", [download], Options(groups=groups))
    room.grade()
    (run,) = [each for each in History(room.course, "toy").runs() if each.students]
    run.note_moves(History(room.course, "toy").moves(run))
    for name in (GONE, "stays"):
        room.write(f"feedback/{name}/toy/nb.html", "feedback")
    rows = "".join(f"{name},toy,2d,ill\n" for name in (GONE, "stays"))
    allowed = room.write("allow.csv", f"student_id,assignment,extension,reason\n{rows}")
    assert not allow(room.course, allowed).problems
    for path in (download / GONE, groups, room.root / "students.csv", allowed):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return room


@pytest.fixture
def course(graded, tmp_path):
    shutil.copytree(graded.root, tmp_path / "copy", symlinks=True)
    return Course.open(tmp_path / "copy")


def naming(course: Course, text: str) -> list[str]:
    """Where the course's tree has this text: in names, or in the bytes of files."""
    return [
        str(path.relative_to(course.root))
        for path in sorted(course.root.rglob("*"))
        if text in path.name or (path.is_file() and text.encode() in path.read_bytes())
    ]


def test_after_deleting_nothing_in_the_whole_course_names_the_student(course):
    assert len(naming(course, GONE)) > 10
    others = set(naming(course, "stays"))
    traces = traces_of(course, GONE)
    assert delete_student(course, traces) == []
    assert naming(course, GONE) == []
    assert set(naming(course, "stays")) == others


def test_what_would_go_is_shown_first(course):
    found = {trace.where: trace.what for trace in traces_of(course, GONE).found}
    assert found["gradebook.db"] == (
        "rows: 3 of grade, 3 of comment, 1 of submitted_notebook, 1 of submitted_assignment, 1 of student"
    )
    for place in (
        "submitted",
        "autograded",
        "feedback",
        ".autograder/results/toy",
        ".autograder/attempts/toy",
    ):
        assert found[f"{place}/{GONE}"] == "all in it"
    assert [where for where in found if where.startswith(".autograder/backups/")]
    assert found[".autograder/attempts/toy/stays/002/attempt.json"] == "who handed in for the group"


def test_the_marks_of_all_others_stay(course):
    def marks() -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(course.gradebook)) as book:
            return book.execute(
                "SELECT s.student_id, count(*), sum(g.auto_score) FROM grade g JOIN submitted_notebook n "
                "ON n.id = g.notebook_id JOIN submitted_assignment s ON s.id = n.assignment_id GROUP BY 1"
            ).fetchall()

    before = marks()
    delete_student(course, traces_of(course, GONE))
    assert marks() == [row for row in before if row[0] == "stays"]


def test_a_file_of_the_instructor_s_that_names_the_student_is_told_and_left(course):
    (course.root / "grades.csv").write_text(f"id,score\n{GONE},5\n")
    left = delete_student(course, traces_of(course, GONE))
    assert left == [f"grades.csv: still names {GONE!r}; it is not ours to change"]
    assert GONE in (course.root / "grades.csv").read_text()


def test_a_damaged_backup_is_told_and_the_rest_goes(course):
    (course.backups / "gradebook-old.db").write_bytes(b"no database" * 100)
    left = delete_student(course, traces_of(course, GONE))
    assert len(left) == 1 and "gradebook-old.db: cannot be looked into" in left[0]
    assert naming(course, GONE) == []


def test_nobody_is_deleted_while_a_grader_is_at_work(course):
    traces = traces_of(course, GONE)
    with History(course, "toy").at_work(), pytest.raises(UsageError, match="being graded"):
        delete_student(course, traces)
    assert traces_of(course, GONE).found


@pytest.mark.parametrize("student", ["nobody", "../stays", ".", ""])
def test_a_student_of_whom_there_is_nothing_is_one_line(course, student):
    with pytest.raises(UsageError):
        traces_of(course, student)


def test_the_command_removes_only_when_it_is_told_yes(course):
    room = Classroom.__new__(Classroom)
    room.root = course.root
    shown = room.run("students", "delete", GONE)
    assert shown.code == 2
    assert f"would remove: submitted/{GONE}: all in it" in shown.out and "add --yes" in shown.line
    assert room.run("students", "delete", GONE, "--yes").code == 0
    assert naming(course, GONE) == []
    assert json.loads(room.run("students", "list", "--json").out)[0]["id"] == "stays"
    assert room.run("students", "delete", GONE).code == 2
