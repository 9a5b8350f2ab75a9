"""Uploads: what is taken, what is not, and what a receipt says."""

import hashlib
import io
from datetime import UTC, datetime, timedelta

import pytest

from autograder.allowances import Allowance, Allowances, Entry
from autograder.web.intake import NotTaken, files_of, take_in
from autograder.web.receipts import State
from tests.web.conftest import ANSWERS, DUE


def test_the_page_says_what_is_taken_before_anything_is_handed_in(served):
    page = served.visitor("ada").get("/assignments/toy").text
    assert "nb.ipynb" in page and "At most 50 MiB" in page and "20 uploads an hour" in page
    assert "data/points.csv" in page


def test_a_receipt_has_the_hash_the_time_and_the_name(served):
    ada = served.visitor("ada")
    answer = served.hand_in(ada)
    page = ada.get(answer.headers["location"]).text
    assert hashlib.sha256(ANSWERS).hexdigest() in page
    (receipt,) = served.site.receipts.of("ada")
    assert receipt.time.strftime("%Y-%m-%d %H:%M:%S.%f") in page
    assert abs(receipt.time - datetime.now(UTC)) < timedelta(minutes=1)
    assert receipt.state is State.RECEIVED and receipt.late == 0


def test_what_was_handed_in_can_be_had_back_to_the_last_byte(served):
    receipt = served.receipt("ada", ("nb.ipynb", b"\x00\xff not a notebook"))
    path = f"/assignments/toy/receipts/{receipt.id}/files/nb.ipynb"
    answer = served.visitor("ada").get(path)
    assert answer.content == b"\x00\xff not a notebook"
    assert answer.headers["content-disposition"].startswith("attachment")


def test_every_upload_is_kept(served):
    made = [served.receipt("ada", ("nb.ipynb", b"%d" % n)) for n in range(3)]
    contents = [files_of(served.room.course, receipt)[0].read_bytes() for receipt in made]
    assert contents == [b"0", b"1", b"2"]
    page = served.visitor("ada").get("/assignments/toy").text
    assert all(receipt.id in page for receipt in made)


def test_a_long_history_is_shown_when_it_is_asked_for(served):
    made = [served.receipt("ada", ("nb.ipynb", b"%d" % n)) for n in range(13)]
    ada = served.visitor("ada")
    short, whole = (ada.get(f"/assignments/toy{query}").text for query in ("", "?uploads=all"))
    assert made[0].id not in short and made[-1].id in short and "3 earlier uploads" in short
    assert all(receipt.id in whole for receipt in made) and "earlier upload" not in whole


def test_late_is_said_and_an_extension_counts(served):
    served.room.sql(f"UPDATE assignment SET duedate = '{DUE - timedelta(days=1)}'")
    ada, bob = served.receipt("ada"), served.receipt("bob")
    assert ada.is_late and bob.is_late
    assert "late" in served.visitor("ada").get(f"/assignments/toy/receipts/{ada.id}").text
    more = Allowance(extension=timedelta(days=2).total_seconds())
    Allowances.read(served.room.course).replaced([Entry("ada", "toy", more)]).write(served.room.course)
    assert not served.receipt("ada").is_late
    page = served.visitor("ada").get("/assignments/toy").text
    assert "You have 2 days more than the class" in page


def test_an_extension_that_was_given_in_nbgrader_counts(served):
    served.room.sql(f"UPDATE assignment SET duedate = '{DUE - timedelta(days=1)}'")
    served.room.sql(
        "INSERT INTO submitted_assignment (id, assignment_id, student_id, extension) "
        "SELECT 'x', id, 'ada', '1970-01-03 00:00:00.000000' FROM assignment"
    )
    assert not served.receipt("ada").is_late


def test_the_assignments_of_a_course_are_those_that_were_released(served):
    served.room.write("source/secret/nb.ipynb", "{}")
    ada = served.visitor("ada")
    assert "secret" not in ada.get("/assignments").text
    assert ada.get("/assignments/secret").status_code == 404
    assert served.hand_in(ada, assignment="secret").status_code == 404


def test_the_release_can_be_downloaded_file_by_file_and_as_a_zip(served):
    import zipfile

    ada = served.visitor("ada")
    assert ada.get("/assignments/toy/files/data/points.csv").content == b"1,2\n"
    packed = zipfile.ZipFile(io.BytesIO(ada.get("/assignments/toy/all.zip").content))
    assert sorted(packed.namelist()) == ["toy/data/points.csv", "toy/nb.ipynb"]


@pytest.mark.parametrize(
    "files, why",
    [
        ([], "no file was chosen"),
        ([("notes.txt", b"x")], "no notebook"),
        ([("nb.ipynb", b"")], "empty"),
        ([("nb.ipynb", b"1"), ("folder/nb.ipynb", b"2")], "called alike"),
        ([("a\x07b.ipynb", b"1")], "no name for one"),
        ([("x" * 300 + ".ipynb", b"1")], "no name for one"),
    ],
)
def test_what_is_no_submission_is_not_taken_and_leaves_nothing(served, files, why):
    course = served.room.course
    opened = [(name, io.BytesIO(data)) for name, data in files]
    with pytest.raises(NotTaken, match=why):
        take_in(course, served.site.receipts, "ada", "toy", opened, None)
    assert served.site.receipts.of("ada") == []
    assert [path for path in (course.state / "uploads").rglob("*") if path.is_file()] == []


def test_a_form_without_a_file_says_so_on_the_same_page(served):
    answer = served.visitor("ada").post("/assignments/toy/uploads", files=[("files", ("", b""))])
    assert answer.status_code == 422 and "no file was chosen" in answer.text


def test_more_uploads_than_an_hour_has_are_refused_before_anything_is_lost(room):
    from tests.web.conftest import Served, populate

    made = Served(room, uploads_an_hour=2)
    populate(made.accounts)
    made.receipt("ada")
    made.receipt("ada")
    answer = made.hand_in(made.visitor("ada"))
    assert answer.status_code == 429 and "What you handed in is safe" in answer.text
    assert len(made.site.receipts.of("ada")) == 2
    assert made.hand_in(made.visitor("bob")).status_code == 303
    made.site.store.close()


def test_a_full_disk_is_said_and_nothing_is_taken(served, monkeypatch):
    import shutil
    from types import SimpleNamespace

    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=1000))
    answer = served.hand_in(served.visitor("ada"))
    assert answer.status_code == 422 and "disk is full" in answer.text
    assert served.site.receipts.of("ada") == []


def test_a_student_who_is_deleted_is_gone_from_the_site_too(served):
    from autograder.students import delete_student, traces_of

    ada, bob = served.receipt("ada", ("nb.ipynb", b"CANARY of ada")), served.receipt("bob")
    served.site.store.audit("ada", "signed in")
    served.site.store.audit("gus", "marked", student="ada", reason="CANARY of ada")
    served.site.jobs.add("regrade", "toy", "ina", students=["ada", "bob"])
    course = served.room.course
    assert delete_student(course, traces_of(course, "ada")) == []
    assert served.accounts.get("ada") is None and served.site.receipts.of("ada") == []
    assert served.site.receipts.of("bob") == [bob]
    left = [path for path in course.root.rglob("*") if path.is_file() and b"CANARY" in path.read_bytes()]
    assert left == [] and not files_of(course, ada)[0].exists()
