"""`autograder feedback`: pages where nbgrader looks for them, made again only where something changed."""

import json
import re
import stat

import pytest
from click.testing import CliRunner

from autograder.cli import main
from autograder.errors import UsageError
from autograder.feedback.page import page
from autograder.feedback.publishing import publish_class
from tests.building import hidden_test, locked, manual, notebook, solution
from tests.classroom import Classroom
from tests.feedback.test_sanitising import HOSTILE

HALF = "def half(x):\n    return x / 2"
CANARY = "CANARY_IN_A_HIDDEN_TEST"
TEST = f"""\
import numpy as np
from autograder import checks

x = np.linspace(0, 4, 5)  # {CANARY}
checks.pictures.curve("half(x) of yours", x, lambda: half(x), x / 2, given=True, labels=("x", "y"))
checks.close(half(3.0), 1.5, "half of 3", atol=0.01)"""
HIDDEN_PICTURE = TEST.replace("given=True", "given=False")


@pytest.fixture
def room(tmp_path, servers) -> Classroom:
    return Classroom(
        tmp_path / "course",
        servers,
        locked("import numpy as np", "setup"),
        solution(HALF, "half"),
        hidden_test(TEST, "test_half", 3),
        hidden_test(f"assert half('{CANARY}17') == 1, 'no text'", "test_text", 2),
        manual("Because.", "why", 4),
    )


def publish(room: Classroom, *students: str, **options) -> dict[str, tuple[int, int, str]]:
    assignment = room.context().assignment
    done = publish_class(room.course, assignment, students, **{"anyway": True, "jobs": 1, **options})
    return {one.student: (one.written, one.unchanged, one.problem) for one in done}


def text_of(room: Classroom, student: str) -> str:
    return (room.root / f"feedback/{student}/toy/nb.html").read_text()


def command(room: Classroom, *arguments: str):
    return CliRunner().invoke(main, ["--course", str(room.root), "feedback", "toy", *arguments])


WRONG = "def half(x):\n    print('asked ' + 'for', x)\n    return x / 3"


ROUGHLY = "Pictures show what was asked only roughly"


def test_pages_lie_where_nbgraders_lie_with_what_its_exchange_needs(room):
    room.hand_in("ann", half=WRONG)
    room.write("submitted/ann/toy/timestamp.txt", "2026-11-20 10:00:00 UTC")
    room.write("submitted/ann/toy/submission_secret.txt", "s" * 128)
    room.grade()
    assert publish(room) == {"ann": (1, 0, "")}
    folder = room.root / "feedback/ann/toy"
    assert sorted(path.name for path in folder.iterdir()) == [
        "nb.html",
        "submission_secret.txt",
        "timestamp.txt",
    ]
    assert stat.S_IMODE((folder / "nb.html").stat().st_mode) == 0o644
    assert (folder / "submission_secret.txt").read_text() == "s" * 128


def test_the_page_says_what_failed_and_shows_the_picture(room):
    room.hand_in("ann", half=WRONG)
    room.grade()
    publish(room)
    shown = text_of(room, "ann")
    assert "half of 3" in shown and "half(x) of yours" in shown and "<svg" in shown
    assert "return" in shown and "waits for a person" in shown
    assert ROUGHLY in shown


def test_a_page_without_a_picture_says_nothing_of_pictures(room):
    room.hand_in("ann")
    room.grade()
    publish(room)
    assert "which stay hidden" in text_of(room, "ann") and ROUGHLY not in text_of(room, "ann")


def test_nothing_of_hidden_tests_and_of_what_they_made_students_print_is_in_it(room):
    room.hand_in("ann", half=WRONG)
    room.hand_in("bob", half="def half(x):\n    raise ValueError(f'got {x}')")
    room.hand_in("cleo", half="import sys\ndef half(x):\n    print(x, file=sys.stderr)\n    sys.exit(str(x))")
    room.grade()
    publish(room)
    for student in ("ann", "bob", "cleo"):
        assert CANARY in room.course.result_path("toy", student).read_text()  # for the instructor
        shown = text_of(room, student)
        assert CANARY not in shown and "asked for" not in shown
        assert "BEGIN HIDDEN" not in shown and "linspace" not in shown


@pytest.mark.parametrize("setting, there", [("", False), ('[feedback]\npictures = "all"\n', True)])
def test_a_picture_of_hidden_data_is_shown_where_the_course_releases_it(room, setting, there):
    room.write(
        "source/toy/nb.ipynb", notebook(solution(HALF, "half"), hidden_test(HIDDEN_PICTURE, "test_half", 3))
    )
    room.settings(f'preload = ["numpy"]\n{setting}')
    room.hand_in("ann", half=WRONG)
    room.grade()
    publish(room)
    assert ("half(x) of yours" in text_of(room, "ann")) == there


def test_releasing_pictures_grades_nothing_again(room):
    room.hand_in("ann", half=WRONG)
    room.grade()
    room.settings('preload = ["numpy"]\n[feedback]\npictures = "all"\n')
    assert room.grade()["ann"].skipped


def test_what_has_not_changed_is_not_written_again(room):
    room.hand_in("ann")
    room.hand_in("bob")
    room.grade()
    assert publish(room) == {"ann": (1, 0, ""), "bob": (1, 0, "")}
    assert publish(room) == {"ann": (0, 1, ""), "bob": (0, 1, "")}
    assert publish(room, "bob", force=True) == {"bob": (1, 0, "")}
    (room.root / "feedback/ann/toy/nb.html").write_text("<p>nbgrader's own</p>")
    assert publish(room) == {"ann": (1, 0, ""), "bob": (0, 1, "")}


def by_hand(room: Classroom, statement: str) -> None:
    room.sql(f"UPDATE {statement}")


def test_a_mark_a_comment_or_a_penalty_by_hand_makes_the_page_again(room):
    room.hand_in("ann")
    room.grade()
    publish(room)
    why = "cell_id IN (SELECT id FROM base_cell WHERE name = 'why')"
    for statement, said in (
        (
            f"grade SET manual_score = 3.5, extra_credit = 0.25, needs_manual_grade = 0 WHERE {why}",
            "3.5 of 4 + 0.25 extra",
        ),
        (f"comment SET manual_comment = 'Well <b>said</b>' WHERE {why}", "Well &lt;b&gt;said&lt;/b&gt;"),
        ("submitted_notebook SET late_submission_penalty = 1", "taken off for lateness"),
        ("student SET first_name = 'Ann', last_name = '<i>Lee'", "Ann &lt;i&gt;Lee"),
    ):
        by_hand(room, statement)
        assert publish(room) == {"ann": (1, 0, "")}
        assert said in text_of(room, "ann")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_messages_and_comments_are_text(room_of_one, text):
    room = room_of_one
    room.sql(f"UPDATE student SET first_name = '{text.replace(chr(39), chr(34))}', last_name = 'x'")
    room.sql(f"UPDATE comment SET manual_comment = '{text.replace(chr(39), chr(34))}'")
    shown = page(room.course, room.context().assignment, "<b>eve", "nb")
    body = shown[shown.index("<main") :]
    assert not re.search(r"<(script|iframe(?! sandbox )|form|base|meta|style|object|embed|math|b>)", body)
    assert not re.search(r"<[^>]*\son\w+=", re.sub(r'"[^"]*"', '""', body))


@pytest.fixture(scope="module")
def room_of_one(tmp_path_factory, servers) -> Classroom:
    made = Classroom(tmp_path_factory.mktemp("one") / "course", servers)
    made.hand_in(
        "<b>eve",
        half="class E(Exception): pass\nE.__name__ = '<script>'\nraise E('<img src=x onerror=alert(1)>')",
    )
    made.grade()
    return made


def test_a_bad_entry_stops_no_other(room):
    for student in ("ann", "bob", "cleo"):
        room.hand_in(student)
    room.grade()
    room.course.result_path("toy", "bob").write_text("{")
    path = room.autograded("cleo") / "nb.ipynb"
    path.chmod(0o644)
    path.write_text("{")
    done = publish(room)
    assert done["ann"] == (1, 0, "")
    assert "damaged" in done["bob"][2] and "not valid JSON" in done["cleo"][2]
    ran = command(room, "--anyway", "--jobs", "1")
    assert ran.exit_code == 1 and "left out: bob:" in ran.output


def test_the_command_tells_how_many_and_for_programs_in_json(room):
    room.hand_in("ann")
    room.grade()
    ran = command(room)
    assert ran.exit_code == 0 and "toy: 1 page written, 0 unchanged" in ran.output
    ran = command(room, "--student", "ann", "--notebook", "nb", "--json")
    assert json.loads(ran.stdout) == [{"student": "ann", "written": 0, "unchanged": 1, "problem": ""}]


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["--student", "an"], "did you mean 'ann'"),
        (["--notebook", "nbb"], "did you mean 'nb'"),
    ],
)
def test_what_is_not_there_is_one_line(room, arguments, said):
    room.hand_in("ann")
    room.grade()
    ran = command(room, *arguments)
    assert ran.exit_code == 2 and said in ran.output and ran.output.count("\n") == 1


def test_before_anything_is_graded_it_says_so(room):
    assert command(room).exit_code == 2


def test_marks_that_should_be_held_back_are(room):
    for student in ("a", "b", "c", "d", "e"):
        room.hand_in(student, half=WRONG)
    room.grade()
    with pytest.raises(UsageError, match=r"held back.*or feedback with --anyway"):
        publish(room, anyway=False)
    assert not (room.root / "feedback").exists()


def test_a_missing_notebook_has_a_page_that_says_so(room):
    room.write("submitted/ann/toy/other.txt", "x")
    room.grade()
    publish(room)
    assert "nb.ipynb was not handed in" in text_of(room, "ann")


def test_the_page_of_one_student_is_what_the_command_writes(room):
    room.hand_in("ann", half=WRONG)
    room.grade()
    publish(room)
    assert page(room.course, room.context().assignment, "ann", "nb") == text_of(room, "ann")
    with pytest.raises(UsageError, match="no result"):
        page(room.course, room.context().assignment, "bob", "nb")


def test_deleting_a_student_takes_pages_and_pictures_too(room):
    from autograder.students import delete_student, traces_of

    room.hand_in("ann", half=WRONG)
    room.grade()
    publish(room)
    assert list((room.root / ".autograder").rglob("pictures-*"))
    delete_student(room.course, traces_of(room.course, "ann"))
    assert not list((room.root / ".autograder").rglob("pictures-*"))
    assert not (room.root / "feedback/ann").exists()
