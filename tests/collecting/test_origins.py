"""What the names and files of each platform's download tell."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.collecting import canvas, folders, gradescope, moodle
from autograder.collecting.archives import Contents, Entry
from autograder.collecting.attempt import HandIn, Sorted
from autograder.errors import UsageError
from autograder.roster import Person, Roster

ADA = Person("ada", "Ada", "Lovelace", "ada@x.org", "17")
EVE = Person("eve", "Eve", "Moneypenny", "eve@x.org", "99")
ROSTER = Roster([ADA, EVE, Person("a_b", "A", "B")])
NOON = datetime(2026, 11, 1, 12)


def contents(*paths: str, **files: bytes) -> Contents:
    found = {**dict.fromkeys(paths, b"{}"), **files}
    made = Contents("download.zip")
    for path, data in found.items():
        made.entries.append(Entry(path, len(data), NOON, lambda data=data: data))
    return made


def files_of(found: Sorted) -> dict[str, list[str]]:
    """Labels, and the files of each of their submissions."""
    shown: dict[str, list[str]] = {}
    for hand_in in found.hand_ins:
        label = ", ".join(who.label for who in hand_in.who)
        shown.setdefault(label, []).append(" ".join(f"{p}={e.path}" for p, e in hand_in.files.items()))
    return shown


def only(found: Sorted) -> HandIn:
    (hand_in,) = found.hand_ins
    return hand_in


# Canvas -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name, user, original",
    [
        ("lovelaceada_17_5001_nb.ipynb", "17", "nb.ipynb"),
        ("lovelaceada_LATE_17_5001_nb.ipynb", "17", "nb.ipynb"),
        ("lovelaceada_17_5001_lab 6 (1)_final.ipynb", "17", "lab 6 (1)_final.ipynb"),
        ("ørsted_17_5001_.ipynb", "17", ".ipynb"),
        ("nobody_44_5001_nb.ipynb", "44", "nb.ipynb"),
    ],
)
def test_canvas_puts_name_user_and_submission_in_front(name, user, original):
    found = canvas.read_name(name, ROSTER)
    assert found is not None and (found.user, found.original) == (user, original)


@pytest.mark.parametrize(
    "name", ["nb.ipynb", "ada_nb.ipynb", "_17_5001_nb.ipynb", "ada_17_5001_", "ada_x_5_nb"]
)
def test_other_names_are_none_of_canvas_s(name):
    assert canvas.read_name(name, ROSTER) is None


def test_a_file_called_like_another_student_s_submission_stays_with_who_handed_it_in():
    found = canvas.read_name("lovelaceada_17_5001_moneypennyeve_99_1_nb.ipynb", ROSTER)
    assert found is not None and found.user == "17"


def test_a_student_who_is_called_like_another_student_s_submission_hands_in_for_nobody():
    made = contents("x_17_5001_99_6000_nb.ipynb")
    found = canvas.sort_out(made, ROSTER, ["nb"])
    assert found.hand_ins == []
    assert "can be read as two students'" in found.strays[0].reason


def test_all_files_of_a_student_are_one_submission():
    made = contents("lovelaceada_17_1_nb.ipynb", "lovelaceada_17_2_data.csv", "moneypennyeve_99_3_nb.ipynb")
    found = canvas.sort_out(made, ROSTER, ["nb"])
    assert sorted(len(hand_in.files) for hand_in in found.hand_ins) == [1, 2]
    assert only(canvas.sort_out(contents("lovelaceada_17_1_nb.ipynb"), ROSTER, ["nb"])).time == NOON


def test_canvas_s_counters_make_attempts_of_which_the_last_has_everything():
    made = contents("a_17_1_nb.ipynb", "a_17_3_nb-2.ipynb", "a_17_2_nb-1.ipynb", "a_17_1_data-1.csv")
    assert files_of(canvas.sort_out(made, ROSTER, ["nb"])) == {
        "a (Canvas user 17)": [
            "nb.ipynb=a_17_1_nb.ipynb",
            "nb-1.ipynb=a_17_2_nb-1.ipynb",
            "data-1.csv=a_17_1_data-1.csv nb-2.ipynb=a_17_3_nb-2.ipynb",
        ]
    }


def test_a_notebook_whose_own_name_ends_in_a_number_has_no_counter():
    assert canvas.without_counter("nb-1.ipynb", ["nb", "nb-1"]) == ("nb-1.ipynb", 0)
    assert canvas.without_counter("other-1.ipynb", ["nb"]) == ("other-1.ipynb", 0)
    assert canvas.without_counter("nb-1.ipynb", ["nb"]) == ("nb.ipynb", 1)


@given(st.text(max_size=40))
def test_any_name_is_read_or_not(name):
    for found in canvas.readings(name):
        assert found.user.isdecimal() and found.original


# Moodle -----------------------------------------------------------------------------------------

FOLDER = "Ada Lovelace_123_assignsubmission_file_"


@pytest.mark.parametrize(
    "path", [f"{FOLDER}/nb.ipynb", f"{FOLDER[:-1]}/nb.ipynb", f"{FOLDER}nb.ipynb", f"lab6/{FOLDER}/nb.ipynb"]
)
def test_moodle_puts_name_and_participant_in_front(path):
    made = contents(path)
    assert moodle.recognises(made)
    hand_in = only(moodle.sort_out(made, None))
    assert (list(hand_in.files), hand_in.who[0].name) == (["nb.ipynb"], "Ada Lovelace")


def test_a_full_name_that_looks_like_a_folder_s_does_not_change_the_participant():
    name = moodle.read_name(("Ada_123_assignsubmission_file_x_66_assignsubmission_file_", "nb.ipynb"))
    assert name is not None and name.participant == "66"


def test_a_file_that_looks_like_a_folder_s_name_does_not_change_the_participant():
    name = moodle.read_name(("Eve_66_assignsubmission_file_Ada_123_assignsubmission_file_nb.ipynb",))
    assert name is not None and name.participant == "66"


def test_online_texts_are_passed_over_with_a_note():
    made = contents("Ada Lovelace_123_assignsubmission_onlinetext_/onlinetext.html", f"{FOLDER}/nb.ipynb")
    found = moodle.sort_out(made, None)
    assert len(found.hand_ins) == 1
    assert "1 online texts were passed over" in found.notes[0]


SHEET = "Identifier,Full name,ID number,Email address,Grade\nParticipant 123,Ada Lovelace,{},{},\n"


@pytest.mark.parametrize("row", [("ada", ""), ("", "ada@x.org")])
def test_the_worksheet_tells_who_a_participant_is(tmp_path, row):
    path = tmp_path / "grades.csv"
    path.write_text("\ufeff" + SHEET.format(*row), "utf-8")
    hand_in = only(moodle.sort_out(contents(f"{FOLDER}/nb.ipynb"), moodle.read_worksheet(path)))
    assert (hand_in.who[0].student, hand_in.who[0].email) == row


def test_a_participant_of_another_name_or_of_none_is_nobody(tmp_path):
    path = tmp_path / "grades.csv"
    path.write_text(SHEET.format("ada", ""))
    made = contents("Eve_123_assignsubmission_file_/nb.ipynb", "Eve_7_assignsubmission_file_/nb.ipynb")
    found = moodle.sort_out(made, moodle.read_worksheet(path))
    assert found.hand_ins == []
    assert [stray.reason.partition(";")[0] for stray in found.strays] == [
        "participant 123 is 'Ada Lovelace' in the worksheet",
        "participant 7 is not in the worksheet",
    ]


@pytest.mark.parametrize(
    "text, words",
    [
        ("Identifier,Full name,Grade\nParticipant 1,Ada,\n", "no column with email addresses or id numbers"),
        (
            "Full name,Email address\nAda,ada@x.org\n",
            "line 2: the first column must hold Moodle's identifiers",
        ),
        (f"{SHEET}Participant 123,Eve,,,\n", "line 3: the first column"),
    ],
)
def test_a_table_that_is_no_worksheet_is_one_line(tmp_path, text, words):
    path = tmp_path / "grades.csv"
    path.write_text(text)
    with pytest.raises(UsageError, match=words):
        moodle.read_worksheet(path)


# Gradescope -------------------------------------------------------------------------------------

METADATA = """---
submission_7:
  :submitters:
  - :name: Ada Lovelace
    :sid: 17
    :email: ada@x.org
  - :name: Eve Moneypenny
    :sid: '99'
    :email: eve@x.org
  :created_at: 2026-11-01 10:00:00.123456000 Z
  :score: 3.0
  :history:
  - :id: 6
    :created_at: 2026-10-31 10:00:00 Z
submission_8: !ruby/hash:ActiveSupport::HashWithIndifferentAccess
  :submitters:
  - &1
    :name: Bob
    :sid:
    :email: bob@x.org
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: 2026-11-01 09:00:00 Z
    zone: somewhere
submission_9:
  :submitters:
  - *1
"""


def export(metadata: str, *more: str) -> Contents:
    paths = [f"assignment_1_export/submission_{n}/nb.ipynb" for n in (7, 8, 9)]
    path = "assignment_1_export/submission_metadata.yml"
    return contents(*paths, *more, **{path: metadata.encode()})


def test_gradescope_tells_submitters_and_times():
    made = export(METADATA)
    assert gradescope.recognises(made)
    group, bob, again = gradescope.sort_out(made).hand_ins
    assert [(who.student, who.email) for who in group.who] == [("17", "ada@x.org"), ("99", "eve@x.org")]
    assert (group.time, group.time_from) == (datetime(2026, 11, 1, 10, 0, 0, 123456), "platform")
    assert group.notes == ("1 earlier attempts are on Gradescope and not in its export",)
    assert (bob.who[0].email, bob.time) == ("bob@x.org", datetime(2026, 11, 1, 9))
    assert (again.who, again.time_from) == (bob.who, "file")
    assert list(group.files) == ["nb.ipynb"]


def test_a_submission_that_the_metadata_do_not_know_is_nobody_s():
    found = gradescope.sort_out(export("---\nsubmission_7: {}\n"))
    assert found.hand_ins == []
    assert len(found.strays) == 3


BOMBS = {
    "merges": "a: &a {x: 1}\n" + "".join(f"b{n}: &b{n} {{<<: [*a, *a]}}\n" for n in range(3)),
    "depth": "[" * 10_000,
    "objects": "submission_7: !!python/object/apply:os.system ['true']\n",
    "text": "just text",
    "tabs": "a:\n\t- b",
    "keys": "? [a, b]\n: 1\n",
    "bytes": "a: \x01\n",
}


@pytest.mark.parametrize("name", BOMBS)
def test_metadata_that_are_a_bomb_or_nothing_are_one_line(name):
    with pytest.raises(UsageError, match=r"submission_metadata\.yml") as error:
        gradescope.sort_out(export(BOMBS[name]))
    assert len(str(error.value).splitlines()) == 1


def test_aliases_of_aliases_do_no_harm():
    """A billion laughs: shared, and never written out."""
    laughs = "l0: &l0 [ha]\n" + "".join(
        f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 30)
    )
    assert len(gradescope.sort_out(export(METADATA + laughs)).hand_ins) == 3


# Folders ----------------------------------------------------------------------------------------


def in_folders(*paths: str, new_students: bool = False, **files: bytes) -> Sorted:
    return folders.sort_out(contents(*paths, **files), "toy", ["nb"], ROSTER, new_students)


@pytest.mark.parametrize(
    "path, student, file",
    [
        ("ada/nb.ipynb", "ada", "nb.ipynb"),
        ("ada/data/x.csv", "ada", "data/x.csv"),
        ("class/ada/nb.ipynb", "ada", "nb.ipynb"),
        ("submitted/ada/toy/nb.ipynb", "ada", "nb.ipynb"),
        ("course/submitted/ada/toy/nb.ipynb", "ada", "nb.ipynb"),
        ("ada.zip", "ada", "ada.zip"),
        ("ada.tar.gz", "ada", "ada.tar.gz"),
        ("ada.ipynb", "ada", "ada.ipynb"),
        ("ada_nb.ipynb", "ada", "nb.ipynb"),
        ("a_b_nb.ipynb", "a_b", "nb.ipynb"),
    ],
)
def test_folders_and_files_are_named_by_the_student_s_id(path, student, file):
    hand_in = only(in_folders(path))
    assert (hand_in.who[0].student, list(hand_in.files)) == (student, [file])


@pytest.mark.parametrize("path", ["zed/nb.ipynb", "zed.ipynb", "zed_nb.ipynb", "class/zed/nb.ipynb"])
def test_others_are_students_only_where_that_is_asked_for(path):
    found = in_folders(path)
    assert found.hand_ins == []
    assert "no student 'zed'" in found.strays[0].reason or "class" in path
    assert only(in_folders(path, new_students=True)).who[0].student == "zed"


def test_other_assignments_of_a_course_are_passed_over_with_a_note():
    found = in_folders("submitted/ada/toy/nb.ipynb", "submitted/ada/lab2/nb.ipynb")
    assert len(found.hand_ins) == 1
    assert found.notes == ["download.zip: other assignments were passed over: lab2"]


def test_a_timestamp_in_a_student_s_folder_is_nbgrader_s():
    made = {"ada/timestamp.txt": b"2020-01-01 00:00:00 UTC", "ada/nb.ipynb": b"{}"}
    hand_in = only(in_folders(**made))
    assert (hand_in.time, hand_in.time_from) == (datetime(2020, 1, 1), "timestamp.txt")
    assert list(hand_in.files) == ["nb.ipynb"]


def test_each_platform_is_told_by_its_names():
    assert canvas.recognises(contents("lovelaceada_17_1_nb.ipynb"))
    for other in (contents("ada/nb.ipynb"), contents("ada_nb.ipynb"), contents()):
        assert not (canvas.recognises(other) or moodle.recognises(other) or gradescope.recognises(other))
