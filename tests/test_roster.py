import pytest

from autograder.course import Course
from autograder.errors import UsageError
from autograder.roster import Person, Roster, normalised

ADA = Person("ada", "Ada", "Lovelace", "Ada@x.org", "17")
MULLER = Person("cyd", "Cyd", "Müller")


@pytest.mark.parametrize(
    "name, plain",
    [("Lovelace, Ada", "lovelaceada"), ("Müller-O'Brien", "mullerobrien"), ("李 明", "李明"), ("-- ", "")],
)
def test_names_are_compared_without_case_accents_and_punctuation(name, plain):
    assert normalised(name) == plain


def test_a_person_is_found_by_id_lms_id_email_and_name():
    roster = Roster([ADA, MULLER])
    assert roster.by_id("ada") is ADA
    assert roster.by_lms_id("17") == roster.by_email("ada@X.org") == roster.by_name("Ada Lovelace") == (ADA,)
    assert roster.by_name("lovelaceada") == (ADA,)
    assert roster.by_name("Muller Cyd") == (MULLER,)


def test_whoever_has_no_lms_id_email_or_name_is_found_by_none():
    roster = Roster([Person("a"), Person("b")])
    assert roster.by_lms_id("") == roster.by_email("") == roster.by_name("") == ()
    assert roster.by_id("A") is None


def test_two_of_one_name_are_both_given():
    twin = Person("ada2", "Ada", "Lovelace")
    assert Roster([twin, ADA]).by_name("Ada Lovelace") == (ADA, twin)


def test_whoever_is_not_in_the_class_list_is_a_stranger():
    assert Roster([ADA, MULLER, Person("eve")]).strangers(["ada", "dora", "eve"]) == ["dora"]


@pytest.mark.parametrize("people", [[], [Person("ada"), Person("eve")]])
def test_nobody_is_a_stranger_where_no_class_list_is_known(people):
    assert Roster(people).strangers(["ada", "dora"]) == []


def test_a_course_without_a_gradebook_has_nobody(tmp_path):
    assert list(Roster.of(Course.open(tmp_path))) == []


def test_a_damaged_gradebook_is_one_line(tmp_path):
    (tmp_path / "gradebook.db").write_bytes(b"no database" * 100)
    with pytest.raises(UsageError, match="restore a backup"):
        Roster.of(Course.open(tmp_path))
