import pytest

from autograder.collecting.attempt import HandIn, Who
from autograder.collecting.placing import match, read_groups
from autograder.errors import UsageError
from autograder.roster import Person, Roster

ADA = Person("ada", "Ada", "Lovelace", "ada@x.org", "17")
BOB = Person("bob", "Bob", "Noyce", "bob@x.org")
ROSTER = Roster(
    [ADA, BOB, Person("kim1", "Kim", "Lee"), Person("kim2", "Kim", "Lee"), Person("o", "", "", "", "7")]
)


def hand_in(*who: Who, origin: str = "canvas", file: str = "file") -> HandIn:
    return HandIn(origin, file, who, {}, None)


def students(*hand_ins: HandIn, groups=None, new_students: bool = False) -> dict[str, list[str]]:
    found = match(hand_ins, ROSTER, groups or {}, new_students).by_student
    return {student: [each.by for each in belongings] for student, belongings in found.items()}


def reason(*hand_ins: HandIn, **options) -> str:
    found = match(hand_ins, ROSTER, {}, **options)
    assert not found.by_student
    return found.strays[0].reason


@pytest.mark.parametrize(
    "who",
    [
        Who("x", student="ada"),
        Who("x", lms_user_id="17", name="somebody else"),
        Who("x", email="ADA@x.org"),
        Who("x", name="lovelaceada"),
        Who("x", lms_user_id="17", name="Kim Lee"),
    ],
)
def test_whoever_is_known_for_sure_is_placed(who):
    student = "ada"
    assert students(hand_in(who)) == {student: [""]}


@pytest.mark.parametrize(
    "who, words",
    [
        (Who("x", name="Kim Lee"), "'kim1' and 'kim2' are called so"),
        (Who("x", name="Nobody"), "not in the roster"),
        (Who("x"), "not in the roster"),
        (Who("x", lms_user_id="99", name="Ada Lovelace"), "with another user id"),
        (Who("x", email="a@b", name="Bob Noyce"), "with another email address"),
    ],
)
def test_whoever_is_not_is_left_out_with_the_reason(who, words):
    assert words in reason(hand_in(who))


def test_two_people_of_one_email_address_are_told_apart_by_nobody():
    roster = Roster([Person("a", email="x@y"), Person("b", email="x@y")])
    assert "mend the roster" in match([hand_in(Who("x", email="x@y"))], roster, {}).strays[0].reason


def test_two_users_of_the_name_of_one_student_are_both_left_out():
    """Else whoever takes on another one's name would hand in for them."""
    found = match(
        [hand_in(Who(f"user {n}", lms_user_id=n, name="Bob Noyce")) for n in ("1", "2")], ROSTER, {}
    )
    assert not found.by_student
    assert ["more than one is called like 'bob'" in stray.reason for stray in found.strays] == [True, True]


def test_a_name_does_not_stand_beside_an_id():
    found = match([hand_in(Who("a", student="bob")), hand_in(Who("b", name="Bob Noyce"))], ROSTER, {})
    assert [len(each) for each in found.by_student.values()] == [1]
    assert len(found.strays) == 1


def test_several_submitters_all_get_it():
    assert students(hand_in(Who("a", student="ada"), Who("b", student="bob"))) == {"ada": [""], "bob": [""]}


def test_only_a_folder_may_name_a_new_student_and_only_where_that_is_asked_for():
    zed = Who("zed", student="zed")
    assert students(hand_in(zed, origin="folder"), new_students=True) == {"zed": [""]}
    assert reason(hand_in(zed, origin="folder"))
    assert reason(hand_in(zed, origin="gradescope"), new_students=True)
    assert reason(hand_in(Who("x", student="../x"), origin="folder"), new_students=True)


def test_what_one_of_a_group_hands_in_is_each_member_s(tmp_path):
    path = tmp_path / "groups.csv"
    path.write_text("student_id;group\nada;1\nbob;1\no;2\n")
    groups = read_groups(path, ROSTER)
    assert students(hand_in(Who("a", student="ada")), groups=groups) == {"ada": [""], "bob": ["ada"]}


@pytest.mark.parametrize(
    "text, words",
    [
        ("group,student\n", "no column 'student_id'"),
        ("group,student_id\n1,zed\n", "line 2: no student 'zed'"),
        ("group,student_id\n1,ada\n2,ada\n", "line 3: 'ada' is in two groups"),
        ("group,student_id\n,ada\n", "line 2: 'ada' has no group"),
    ],
)
def test_a_table_of_groups_that_cannot_be_is_one_line(tmp_path, text, words):
    path = tmp_path / "groups.csv"
    path.write_text(text)
    with pytest.raises(UsageError, match=words):
        read_groups(path, ROSTER)
