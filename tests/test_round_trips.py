"""A class from a platform's download to the file that the platform takes back, by the command line alone."""

import csv
import io
from zipfile import ZipFile

import pytest

from tests.classroom import Classroom

pytestmark = pytest.mark.ci

ROSTER = """id,first_name,last_name,email,lms_user_id
ada,Ada,Lovelace,ada@example.org,17
alan,Alan,Turing,alan@example.org,18
grace,Grace,Hopper,grace@example.org,19
"""
HANDED_IN = '"Friday, 20 November 2026, 11:00 AM"'
WORKSHEET = f"""\
Identifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed,\
Last modified (submission),Last modified (grade),Feedback comments
Participant 501,Ada Lovelace,ada@example.org,Submitted for grading,,9.00,Yes,{HANDED_IN},-,
Participant 502,Alan Turing,alan@example.org,Submitted for grading,,9.00,Yes,{HANDED_IN},-,
Participant 503,Grace Hopper,grace@example.org,No submission,,9.00,Yes,-,-,
"""
GRADEBOOK = """Student,ID,SIS User ID,SIS Login ID,Section,toy (4711)
Points Possible,,,,,9
"Lovelace, Ada",17,,ada,One,
"Turing, Alan",18,,alan,One,
"Hopper, Grace",19,,grace,One,
"""


@pytest.fixture(scope="module")
def room(tmp_path_factory) -> Classroom:
    made = Classroom(tmp_path_factory.mktemp("round") / "course")
    made.write("students.csv", ROSTER)
    assert made.run("students", "import", "students.csv").code == 0
    return made


def download(room: Classroom, name: str, files: dict[str, bytes]) -> None:
    with ZipFile(room.root / name, "w") as archive:
        for path, data in files.items():
            archive.writestr(path, data)


def notebooks(room: Classroom) -> tuple[bytes, bytes]:
    """What Ada and Alan hand in: all right, and one question wrong."""
    found = []
    for answers in ({}, {"half": "def half(x):\n    return x"}):
        folder = room.hand_in("nobody", **answers)
        found.append((folder / "nb.ipynb").read_bytes())
    (folder / "nb.ipynb").unlink()
    folder.rmdir()
    folder.parent.rmdir()
    return found[0], found[1]


def grades(text: str, name: str, column: str) -> dict[str, str]:
    return {row[name]: row[column] for row in csv.DictReader(io.StringIO(text))}


def test_a_zip_of_moodle_comes_back_as_its_worksheet(room):
    right, wrong = notebooks(room)
    room.write("worksheet.csv", WORKSHEET)
    download(
        room,
        "moodle.zip",
        {
            "Ada Lovelace_501_assignsubmission_file_/nb.ipynb": right,
            "Alan Turing_502_assignsubmission_file_/nb (1).ipynb": wrong,
        },
    )
    collected = room.run("collect", "toy", "moodle.zip", "--worksheet", "worksheet.csv")
    assert collected.code == 0, collected.err
    assert room.run("grade", "toy").code == 0
    out = room.run("export", "moodle", "toy", "--worksheet", "worksheet.csv", "--to", "out.csv")
    assert out.code == 0, out.err
    assert grades((room.root / "out.csv").read_text("utf-8-sig"), "Identifier", "Grade") == {
        "Participant 501": "5.00",
        "Participant 502": "2.00",
        "Participant 503": "",
    }
    assert "why" in out.err or "human" in out.err  # the written question has no mark yet


def test_a_zip_of_canvas_comes_back_as_its_gradebook(room):
    right, wrong = notebooks(room)
    room.write("gradebook.csv", GRADEBOOK)
    download(
        room,
        "canvas.zip",
        {"lovelaceada_17_9001_nb.ipynb": wrong, "turingalan_LATE_18_9002_nb-1.ipynb": right},
    )
    collected = room.run("collect", "toy", "canvas.zip")
    assert collected.code == 0, collected.err
    assert room.run("grade", "toy").code == 0
    out = room.run("export", "canvas", "toy", "--gradebook", "gradebook.csv", "--to", "out.csv")
    assert out.code == 0, out.err
    found = grades((room.root / "out.csv").read_text("utf-8-sig"), "ID", "toy (4711)")
    assert found == {"": "9", "17": "2", "18": "5", "19": ""}
