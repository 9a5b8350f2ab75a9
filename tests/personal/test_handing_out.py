"""`autograder personal`: who gets what, and what is refused."""

import json
import stat

import numpy as np
import pytest

from autograder.errors import UsageError
from autograder.personal.handing_out import hand_out
from tests.personal.example import STUDENTS, blocks

DRAW = blocks()["own_data.py"].replace("import torch\n", "").partition("    X = rng")[0]


def grading_is_refused(room, match: str) -> None:
    room.hand_in("ada")
    with pytest.raises(UsageError, match=match) as refused:
        room.grade()
    assert "\n" not in str(refused.value)
    assert not room.course.result_path("toy", "ada").exists()


def test_every_student_gets_data_of_their_own_and_the_same_again(room):
    first = room.hand_out()
    assert [path.parent.name for path in first.files] == list(STUDENTS)
    files = {student: room.own(student) for student in STUDENTS}
    assert len(set(files.values())) == 3
    with np.load(first.files[0], allow_pickle=False) as data:
        assert (data["X"].shape, data["y"].shape, data["strength"].shape) == ((40, 3), (40,), ())
    for path in (room.root / ".autograder/personal/toy").rglob("*.npz"):  # as if they were lost
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        path.unlink()
    again = room.hand_out(students=("bob",))
    assert (first.is_new, again.is_new) == (True, False)
    assert room.own("bob") == files["bob"]


def test_the_command_says_what_it_did_and_that_the_key_is_to_be_kept(room):
    ran = room.run("personal", "toy", "--to", "out")
    assert ran.code == 0, ran.err
    assert "toy: 3 files, out/STUDENT/personal.npz" in ran.out
    assert "keep a copy of" in ran.out and str(room.key) in ran.out
    ran = room.run("personal", "toy", "--to", "out", "--student", "bob", "--json")
    assert json.loads(ran.out)["files"] == ["out/bob/personal.npz"]
    assert room.key.read_bytes().hex() not in ran.out


@pytest.mark.parametrize("inside", ["release", "source/toy", "source"])
def test_nobody_s_data_get_where_all_students_look(room, inside):
    with pytest.raises(UsageError, match="every student is given all that lies in"):
        hand_out(room.course, "toy", room.root / inside / "x")
    assert not room.key.exists()


def test_a_student_who_is_not_in_the_roster_is_named(room):
    with pytest.raises(UsageError, match=r"no student 'adda' in the roster \(did you mean 'ada'\?\)"):
        room.hand_out(students=("adda",))


def test_an_assignment_that_is_the_same_for_all_is_refused(room):
    room.settings("")
    with pytest.raises(UsageError, match="toy is the same for all students"):
        room.hand_out()


def test_before_data_were_handed_out_nobody_is_graded(room):
    grading_is_refused(room, "no student was given data of their own.*run `autograder personal toy")
    assert not room.key.exists()


def test_a_lost_and_another_key_are_noticed_before_anybody_gets_a_zero(room):
    room.hand_out()
    key = room.key.read_bytes()
    room.key.unlink()
    grading_is_refused(room, r"personal\.key: is lost, and toy was handed out with it; put your copy back")
    with pytest.raises(UsageError, match="is lost"):
        room.hand_out()
    assert not room.key.exists()
    room.key.write_bytes(bytes(32))
    grading_is_refused(room, "is another key than the one that toy was handed out with")
    room.key.write_bytes(key)
    assert room.personal.seed_of("ada")


def test_a_draw_that_gives_other_data_is_noticed(room):
    room.hand_out()
    before = room.own("ada")
    room.change("own_data.py", "y = X @", "y = -X @")
    grading_is_refused(room, "own_data:draw draws other data than were handed out")
    with pytest.raises(UsageError, match="--renew"):
        room.hand_out()
    room.hand_out(renew=True)
    assert room.own("ada") != before
    assert room.personal.seed_of("ada")


def test_a_change_that_draws_the_same_is_none(room):
    room.hand_out()
    room.change("own_data.py", '"""One student', '"""Some student')
    assert room.personal.seed_of("ada")


@pytest.mark.parametrize(
    "body, said",
    [
        ("    raise ValueError('no luck')", "own_data:draw raised ValueError: no luck"),
        (
            "    return {'x': object()}",
            "own_data:draw raised TypeError: x must be an array of numbers or text",
        ),
        ("    return {'x': np.zeros(3 * 2**20)}", "own_data:draw gave .* bytes; a student's data may have"),
        ("    import no_such_module", "own_data:draw raised ModuleNotFoundError"),
        ("def other(", "SyntaxError"),
    ],
)
def test_what_draw_does_wrong_is_said_in_one_line(room, body, said):
    room.write("own_data.py", f"{DRAW}{body}\n")
    with pytest.raises(UsageError, match=f"toy: no personal data could be made: .*{said}") as refused:
        room.hand_out(students=("ada",))
    assert "\n" not in str(refused.value)


def test_a_function_that_is_not_there_is_said_in_one_line(room):
    room.change("autograder.toml", "own_data:draw", "own_data:drawn")
    with pytest.raises(UsageError, match="has no attribute 'drawn'"):
        room.hand_out(students=("ada",))


def test_what_a_module_prints_is_no_answer(room):
    room.change("own_data.py", "import numpy as np", "import numpy as np\nprint('{}')")
    assert len(room.hand_out(students=("ada",)).files) == 1


@pytest.mark.parametrize(
    "old, new, said",
    [
        ('"test_w"', '"test_v"', "no test 'test_v' in 'toy' .did you mean 'test_w'.."),
        ('"test_w"', '"w"', "no test 'w'"),
        (
            "[assign",
            '[assignments.toy]\nshared_cells = ["test_w"]\n[assign',
            "test_w would run in the student",
        ),
        ("[assign", '[assignments.toy]\nisolation = "shared"\n[assign', "test_w would run in the student"),
        ("[assign", '[assignments.toy]\nengine = "kernel"\n[assign', "test_w would run in the student"),
    ],
)
def test_settings_that_cannot_work_are_refused(room, old, new, said):
    room.change("autograder.toml", old, new)
    with pytest.raises(UsageError, match=rf"assignments\.toy\.personal: {said}"):
        room.context()
