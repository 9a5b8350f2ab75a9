"""Who is who, and that nobody is guessed."""

from autograder.marks.matching import Person, match
from tests.marks.tables import mark

OURS = {"ID": ("lms_user_id",), "login": ("student_id", "email"), "email": ("email",)}


def found(marks, *people):
    matching = match(marks, people, OURS)
    return {people[place].label: (who.student_id, kind) for place, (who, kind) in matching.found.items()}


def test_the_first_key_that_is_known_names_a_student():
    marks = [mark("ada", lms_user_id="7"), mark("bob"), mark("cyd", email="Cyd@X.org")]
    assert found(
        marks,
        Person("A", {"ID": "7", "login": "unknown"}),
        Person("B", {"ID": "8", "login": "bob"}),
        Person("C", {"email": "cyd@x.ORG"}),
    ) == {"A": ("ada", "ID"), "B": ("bob", "login"), "C": ("cyd", "email")}


def test_ids_differ_by_their_letters_case():
    assert found([mark("Ada"), mark("ada")], Person("A", {"login": "ada"})) == {"A": ("ada", "login")}


def test_keys_that_contradict_each_other_name_nobody():
    marks = [mark("ada", lms_user_id="7"), mark("bob")]
    person = Person("A", {"ID": "7", "login": "bob"})
    assert match(marks, [person], OURS).ambiguous == ("A: may be ada and bob",)


def test_two_rows_for_one_student_name_nobody():
    people = [Person("A", {"login": "ada"}), Person("B", {"login": "ada"})]
    matching = match([mark("ada")], people, OURS)
    assert matching.found == {} and len(matching.ambiguous) == 2


def test_a_shared_address_names_nobody():
    marks = [mark("ada", email="pair@x.org"), mark("bob", email="pair@x.org")]
    assert found(marks, Person("A", {"email": "pair@x.org"})) == {}


def test_a_name_counts_where_it_is_the_only_one_in_either_order():
    marks = [mark("ada", name="Ada Lovelace"), mark("bob", name="Bob Roe")]
    assert found(marks, Person("A", {}, "LOVELACE,  ada"), Person("B", {}, "Bob Roe")) == {
        "A": ("ada", "name"),
        "B": ("bob", "name"),
    }


def test_namesakes_are_not_guessed():
    two = [mark("ada", name="Ada Roe"), mark("ada2", name="Ada Roe")]
    assert found(two, Person("A", {}, "Ada Roe")) == {}
    assert found(two[:1], Person("A", {}, "Ada Roe"), Person("B", {}, "Ada Roe")) == {}


def test_a_namesake_with_another_address_or_id_is_somebody_else():
    ours = mark("ada", name="Ada Roe", email="ada@x.org", lms_user_id="7")
    assert found([ours], Person("A", {"email": "other@x.org"}, "Ada Roe")) == {}
    assert found([ours], Person("A", {"ID": "8"}, "Ada Roe")) == {}


def test_who_takes_the_name_of_another_does_not_get_the_mark():
    ours = [mark("ada", name="Ada Roe"), mark("mallory", name="Mal Lory")]
    people = [Person("real", {"login": "ada"}, "Ada Roe"), Person("thief", {}, "Ada Roe")]
    assert found(ours, *people) == {"real": ("ada", "login")}


def test_who_is_in_one_list_alone_is_said():
    matching = match([mark("ada")], [Person("B", {"login": "bob"})], OURS)
    assert [each.student_id for each in matching.not_listed] == ["ada"]
    assert matching.unknown == (0,)
