"""The worksheet that Moodle exported, with its grades filled in."""

import csv
import io
from datetime import UTC, datetime

import pytest

from autograder.errors import UsageError
from autograder.marks.moodle import Choice, fill
from tests.marks.tables import mark, sheet, table

ENGLISH = (
    'Identifier,"Full name","Email address",Status,Grade,"Maximum grade","Grade can be changed",'
    '"Last modified (submission)","Last modified (grade)","Feedback comments"\n'
)
GERMAN = (
    'ID,"Vollständiger Name",E-Mail-Adresse,Status,Bewertung,Bestwertung,"Bewertung kann geändert werden",'
    '"Zuletzt geändert (Abgabe)","Zuletzt geändert (Bewertung)","Feedback als Kommentar"\n'
)
FRENCH = (
    'Identifiant,"Nom complet","Adresse de courriel",Statut,Note,"Note maximale",'
    '"La note peut être modifiée","Dernière modification (travail remis)",'
    '"Dernière modification (note)","Feedback par commentaires"\n'
)
SPANISH = (
    'Identificador,"Nombre completo","Dirección de correo",Estado,Calificación,"Calificación máxima",'
    '"La calificación puede ser cambiada","Última modificación (entrega)",'
    '"Última modificación (calificación)","Comentarios de retroalimentación"\n'
)
ESPERANTO = "Identigilo,Nomo,Adreso,Stato,Noto,Plejalto,Ŝanĝebla,Tempo (sendo),Tempo (noto),Komento\n"
LANGUAGES = (ENGLISH, GERMAN, FRENCH, SPANISH, ESPERANTO)
ADA, BOB = mark("ada", 7.5, email="ada@x.org"), mark("bob", 2.0, email="bob@x.org")


def row(number: int, who: str, grade="", most="9.00", can="Yes", time="-", comment="") -> str:
    cells = [f"Participant {number}", who.title(), f"{who}@x.org", "", grade, most, can, time, "-", comment]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()


def lines(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def filled(folder, text, *marks, comments=None, **choice):
    return fill(table(*marks), sheet(folder, text), Choice(UTC, "UTC", **choice), comments)


def given(found) -> dict[str, str]:
    return {each.student_id: each.value for each in found.given}


@pytest.mark.parametrize("header", LANGUAGES, ids=["en", "de", "fr", "es", "unknown"])
def test_only_the_grades_change_in_any_language(tmp_path, header):
    text = header + row(1, "ada") + row(2, "bob") + row(3, "zoe")
    before, after = lines(text), lines(filled(tmp_path, text, ADA, BOB).text)
    assert [cells.pop(4) for cells in after][1:] == ["7.50", "2.00", ""]
    assert after == [[*cells[:4], *cells[5:]] for cells in before]


def test_decimals_are_those_of_the_file(tmp_path):
    text = GERMAN + row(1, "ada", most="9,00", can="Ja")
    assert given(filled(tmp_path, text, ADA)) == {"ada": "7,50"}


def test_another_maximum_is_said_and_scaled_to_when_asked(tmp_path):
    text = ENGLISH + row(1, "ada", most="90.00")
    found = filled(tmp_path, text, ADA)
    assert given(found) == {"ada": "7.50"} and "90 points, this assignment to 9" in found.notes[0]
    assert given(filled(tmp_path, text, ADA, scale=True)) == {"ada": "75.00"}


def test_a_mark_that_somebody_gave_in_moodle_is_kept_and_said(tmp_path):
    text = ENGLISH + row(1, "ada", grade="6.00") + row(2, "bob", grade="2.00")
    found = filled(tmp_path, text, ADA, BOB)
    assert given(found) == {"bob": "2.00"}
    assert "Moodle has another mark, kept without --overwrite: 1 (ada: 6.00, here 7.50)" in found.notes
    assert given(filled(tmp_path, text, ADA, overwrite=True)) == {"ada": "7.50"}


@pytest.mark.parametrize("header, no", [(ENGLISH, "No"), (GERMAN, "Nein"), (ESPERANTO, "Nee")])
def test_a_grade_that_cannot_be_changed_is_left_and_said(tmp_path, header, no):
    found = filled(tmp_path, header + row(1, "ada", can=no) + row(2, "bob"), ADA, BOB)
    assert given(found) == {"bob": "2.00"}
    assert "the grade cannot be changed in Moodle, left as it is: 1 (ada)" in found.notes


def test_a_submission_that_changed_after_grading_is_said(tmp_path):
    time = "Wednesday, November 25, 2026, 9:00 PM"
    graded = mark("ada", timestamp=datetime(2026, 11, 25, 20, 59, 30), email="ada@x.org")
    current = mark("bob", timestamp=datetime(2026, 11, 25, 21, 0, 30), email="bob@x.org")
    found = filled(tmp_path, ENGLISH + row(1, "ada", time=time) + row(2, "bob", time=time), graded, current)
    assert [note for note in found.notes if "handed in again" in note] == [
        "handed in again after what was graded, in the time zone UTC: 1 (ada: 2026-11-25 21:00, graded "
        "2026-11-25 20:59 UTC)"
    ]


def test_nothing_handed_in_gets_nothing_or_zero_if_that_is_asked(tmp_path):
    text = ENGLISH + row(1, "zoe") + row(2, "eve")
    marks = mark("zoe", None, email="zoe@x.org"), mark("eve", None, email="eve@x.org", excused=True)
    assert filled(tmp_path, text, *marks).given == ()
    found = filled(tmp_path, text, *marks, zero_if_missing=True)
    assert given(found) == {"zoe": "0.00"} and "excused: 1 (eve)" in found.notes


def test_comments_are_filled_in_when_asked_and_others_kept(tmp_path):
    text = ENGLISH + row(1, "ada") + row(2, "bob", comment="from Moodle")
    told = {"ada": "=1+1", "bob": "ours"}
    found = filled(tmp_path, text, ADA, BOB, comments=told)
    assert [cells[-1] for cells in lines(found.text)[1:]] == ["'=1+1", "from Moodle"]
    assert "Moodle has another comment, kept without --overwrite: 1 (bob)" in found.notes
    with pytest.raises(UsageError, match="leave out --comments"):
        filled(tmp_path, ESPERANTO + row(1, "ada") + row(2, "bob"), ADA, comments=told)


def test_columns_that_are_not_found_can_be_named(tmp_path):
    text = "Identigilo,Numero,Noto\nParto 1,ada,\nParto 2,bob,x\n"
    with pytest.raises(UsageError, match=r"--grade-column: Identigilo, Numero, Noto$"):
        filled(tmp_path, text, ADA)
    assert given(filled(tmp_path, text, ADA, grade_column="Noto", id_column="Numero")) == {"ada": "7.50"}
    with pytest.raises(UsageError, match="did you mean 'Noto'"):
        filled(tmp_path, text, ADA, grade_column="Nota")


@pytest.mark.parametrize("text", ["Grade,Name\n1,Ada\n", "Identifier,Grade\n"])
def test_another_file_is_no_worksheet(tmp_path, text):
    with pytest.raises(UsageError, match="no grading worksheet of Moodle"):
        filled(tmp_path, text, ADA)


def test_cells_of_students_come_back_as_they_were_and_are_said(tmp_path):
    nasty = '=HYPERLINK("http://x")\n"two lines", and\ttabs'
    found = filled(tmp_path, ENGLISH + row(1, "ada", comment=nasty), ADA)
    assert lines(found.text)[1][-1] == nasty
    assert any(
        note.startswith("cells of the worksheet that a spreadsheet would compute") for note in found.notes
    )


def test_a_row_that_is_broken_comes_back_and_stops_no_other(tmp_path):
    found = filled(tmp_path, ENGLISH + "Participant 9,broken\n" + row(1, "ada"), ADA)
    assert given(found) == {"ada": "7.50"}
    assert lines(found.text)[1] == ["Participant 9", "broken"]
    assert "rows with a wrong number of cells, left as they are: 1 (line 2)" in found.notes


def test_an_online_text_cannot_name_another_student(tmp_path):
    text = ENGLISH.replace("Status", "Online text") + row(1, "mal").replace(",,", ',"bob@x.org",', 1)
    assert filled(tmp_path, text + row(2, "zoe"), BOB).given == ()


def test_a_file_saved_by_a_spreadsheet_goes_back_with_commas(tmp_path):
    text = (ENGLISH + row(1, "ada", most="9.00")).replace(",", ";").replace("9.00", "9,00")
    found = filled(tmp_path, text, ADA)
    assert lines(found.text)[1][4] == "7,50"
    assert any("Moodle reads commas alone" in note for note in found.notes)
