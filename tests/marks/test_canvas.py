"""The gradebook that Canvas exported, with one column filled in."""

import csv
import io

import pytest

from autograder.errors import UsageError
from autograder.marks.canvas import Choice, fill, make
from tests.marks.tables import mark, sheet, table

HEAD = "Student,ID,SIS User ID,SIS Login ID,Section"
GRADEBOOK = f"""{HEAD},Notes,toy (55),other (56),computed (57),Current Score
,,,,,,Manual Posting,,,
    Points Possible,,,,,,9,10,(read only),(read only)
"Roe, Ada",101,S1,ada,A,mine,,3,4,90
"Roe, Bob",102,S2,bob,A,,2,3,4,90
"""
ADA = mark("ada", 7.5, lms_user_id="101")


def lines(text: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text), delimiter=delimiter))


def filled(folder, *marks, text=GRADEBOOK, **choice):
    return fill(table(*marks), sheet(folder, text), Choice(**choice))


def given(found) -> dict[str, str]:
    return {each.student_id: each.value for each in found.given}


def test_the_columns_of_the_student_and_one_assignment_are_written(tmp_path):
    assert lines(filled(tmp_path, ADA).text) == [
        [*HEAD.split(","), "toy (55)"],
        ["    Points Possible", "", "", "", "", "9"],
        ["Roe, Ada", "101", "S1", "ada", "A", "7.5"],
        ["Roe, Bob", "102", "S2", "bob", "A", "2"],
    ]


@pytest.mark.parametrize("column", ["other (56)", "56", "other"])
def test_another_column_is_named_by_header_number_or_title(tmp_path, column):
    assert lines(filled(tmp_path, ADA, column=column).text)[0][-1] == "other (56)"


@pytest.mark.parametrize("column", ["lab", "57", "Current Score", "9"])
def test_a_column_that_may_not_be_written_is_refused_with_those_that_may(tmp_path, column):
    with pytest.raises(UsageError, match=r"--column: toy \(55\), other \(56\)$"):
        filled(tmp_path, ADA, column=column)


def test_two_assignments_of_one_title_are_not_guessed(tmp_path):
    with pytest.raises(UsageError, match=r"several columns .* toy \(55\), toy \(56\)"):
        filled(tmp_path, ADA, text=GRADEBOOK.replace("other", "toy"))


def test_what_we_have_no_mark_for_keeps_what_canvas_has(tmp_path):
    found = filled(tmp_path, mark("bob", None), mark("ada", 0.0, marked=False))
    assert [row[-1] for row in lines(found.text)[2:]] == ["", "2"]
    assert found.given == ()


def test_zero_for_nothing_handed_in_is_the_instructor_s_wish_and_takes_no_mark_away(tmp_path):
    marks = mark("ada", None), mark("bob", None)
    assert given(filled(tmp_path, *marks, missing="zero")) == {"ada": "0"}


def test_who_is_excused_is_told_as_canvas_tells_it(tmp_path):
    assert given(filled(tmp_path, mark("ada", 3.0, excused=True))) == {"ada": "EX"}


def test_who_was_excused_in_canvas_stays_so(tmp_path):
    text = GRADEBOOK.replace("A,mine,,", "A,mine,EX,")
    kept = filled(tmp_path, ADA, text=text)
    assert kept.given == () and "excused in Canvas, stays so without --overwrite: 1 (ada)" in kept.notes
    assert given(filled(tmp_path, ADA, text=text, overwrite=True)) == {"ada": "7.5"}


def test_another_maximum_is_said_and_scaled_to_when_asked(tmp_path):
    found = filled(tmp_path, ADA, column="56")
    assert given(found) == {"ada": "7.5"} and "10 points, this assignment to 9" in found.notes[0]
    assert given(filled(tmp_path, ADA, column="56", scale=True)) == {"ada": "8.33"}


def test_semicolons_and_decimal_commas_come_back(tmp_path):
    text = GRADEBOOK.replace(",", ";").replace("Roe;", "Roe,").replace(";2;3;", ";2,5;3,5;")
    found = filled(tmp_path, ADA, text=text)
    assert lines(found.text, ";")[2][-2:] == ["A", "7,5"]


def test_last_and_first_names_in_columns_of_their_own(tmp_path):
    head = "LastName,FirstName,ID,SIS User ID,SIS Login ID,Section,toy (55)"
    found = filled(tmp_path, mark("x", 4.0, name="Ada Roe"), text=f"{head}\nRoe,Ada,101,S1,a1,A,\n")
    assert given(found) == {"x": "4"}


@pytest.mark.parametrize("text", ["a,b,c\n1,2,3\n", "Student,ID,Section2,toy (1)\n", "x\n"])
def test_another_file_is_no_gradebook(tmp_path, text):
    with pytest.raises(UsageError, match="none that Canvas exported"):
        filled(tmp_path, ADA, text=text)


def test_a_row_that_is_broken_stops_no_other_and_is_said(tmp_path):
    found = filled(tmp_path, ADA, text=GRADEBOOK + "Mal,7\nLory,8,S,mal,A,,,,,,,,\n")
    assert given(found) == {"ada": "7.5"}
    assert "rows with a wrong number of cells, left out: 2 (line 6, line 7)" in found.notes


def test_a_name_is_no_formula_and_ids_are_what_canvas_looks_for(tmp_path):
    row = '"=HYPERLINK(""http://x"")",103,=S,mal,A,,,,,\n'
    assert lines(filled(tmp_path, ADA, text=GRADEBOOK + row).text)[-1][:3] == [
        '\'=HYPERLINK("http://x")',
        "103",
        "=S",
    ]


def test_nobody_becomes_the_row_of_points_by_name(tmp_path):
    row = "Points Possible,103,S3,mal,A,,1000,,,\n"
    found = filled(
        tmp_path,
        ADA,
        mark("mal"),
        text=GRADEBOOK.replace("    Points Possible,,,,,,9,10,(read only),(read only)\n", row),
    )
    assert given(found) == {"ada": "7.5"}
    assert any(note.startswith("a student named as the row of points") for note in found.notes)
    assert not any("1000" in note for note in found.notes)


def test_questions_that_wait_for_a_human_are_said(tmp_path):
    found = filled(tmp_path, mark("ada", open=("nb/why",)))
    assert "not final, since nobody has marked all questions: 1 students (nb/why of 1)" in found.notes


def test_without_an_export_a_file_is_made_for_who_has_an_id_of_canvas_and_a_mark():
    marks = ADA, mark("bob", lms_user_id="102x"), mark("cyd", None, lms_user_id="103")
    found = make(table(*marks), Choice("toy (55)"))
    assert lines(found.text)[1:] == [["ada", "101", "", "", "", "7.5"]]
    assert "has a submission and no lms_user_id in the roster: 1 (bob)" in found.notes


def test_without_an_export_the_column_has_to_be_named_whole():
    with pytest.raises(UsageError, match="--column"):
        make(table(ADA), Choice("toy"))
