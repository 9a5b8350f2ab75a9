"""Uploads become attempts, as `collect` keeps them, and the one that counts lies in submitted/."""

import io
import json
import os
import zipfile

import pytest

from autograder.assignment import Assignment
from autograder.collecting.attempts import Attempts
from autograder.collecting.collect import alone
from autograder.errors import UsageError
from autograder.web.filing import counted, file_uploads
from autograder.web.receipts import State
from tests.building import hidden_test, notebook, solution

TWO = notebook(
    solution("### BEGIN SOLUTION\nb = 1\n### END SOLUTION", "b"), hidden_test("assert b", "test_b", 1)
)


def file_all(served) -> None:
    course = served.room.course
    for name in ("toy",):
        assignment = Assignment.load(course, name)
        waiting = served.site.receipts.in_state(State.RECEIVED, name)
        limits = course.settings.for_assignment(name).limits
        file_uploads(course, assignment, limits, served.site.receipts, waiting)


def zipped(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/") + ".ipynb", data)
    return packed.getvalue()


def submitted(served, student: str = "ada") -> dict[str, bytes]:
    folder = served.room.submitted(student)
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_an_upload_is_laid_into_submitted_with_the_time_of_its_receipt(served):
    receipt = served.receipt("ada")
    file_all(served)
    files = submitted(served)
    assert sorted(files) == ["nb.ipynb", "timestamp.txt"]
    assert files["timestamp.txt"].decode() == f"{receipt.time:%Y-%m-%d %H:%M:%S.%f} UTC"
    (found,) = served.site.receipts.of("ada")
    assert (found.state, found.attempt) == (State.KEPT, 1)
    (attempt,) = Attempts(served.room.course, "toy", "ada")
    assert attempt.record.origin == "web" and receipt.id in attempt.record.file


def test_the_last_of_several_counts_and_all_are_attempts(served):
    for n in range(3):
        served.receipt("ada", ("nb.ipynb", b'{"n": %d}' % n))
    file_all(served)
    assert [receipt.attempt for receipt in served.site.receipts.of("ada")] == [3, 2, 1]
    assert submitted(served)["nb.ipynb"] == b'{"n": 2}'
    assert counted(served.room.course, "toy", "ada") == 3


def test_what_stood_in_submitted_before_is_kept_too(served):
    served.room.write("submitted/ada/toy/nb.ipynb", "by hand")
    served.receipt("ada")
    file_all(served)
    assert [attempt.record.origin for attempt in Attempts(served.room.course, "toy", "ada")] == [
        "submitted",
        "web",
    ]


def test_the_same_upload_filed_twice_is_one_attempt(served):
    """As after a kill between the attempt and the note that it is there."""
    served.receipt("ada")
    file_all(served)
    with served.site.store.writing() as connection:
        connection.exec_driver_sql("UPDATE receipts SET state = 'received', attempt = NULL")
    file_all(served)
    (receipt,) = served.site.receipts.of("ada")
    assert (receipt.state, receipt.attempt) == (State.KEPT, 1)


def test_a_zip_is_opened_and_a_folder_around_it_taken_off(served):
    served.receipt("ada", ("work.zip", zipped(work__nb=b"{}")))
    file_all(served)
    assert submitted(served)["nb.ipynb"] == b"{}"


@pytest.mark.parametrize(
    "name, data",
    [
        ("work.zip", b"no zip"),
        ("work.zip", zipped(nb=b"0" * 60_000_000)),
        ("work.zip", zipped(**{"..__..__bob__toy__nb": b"{}"})),
        ("work.tar.gz", b"\x1f\x8b" + os.urandom(50)),
    ],
    ids=["no zip", "bomb", "out of its folder", "no tar"],
)
def test_an_archive_that_cannot_be_taken_is_refused_with_the_reason_and_kept_as_it_came(served, name, data):
    receipt = served.receipt("ada", (name, data))
    served.receipt("bob")
    file_all(served)
    (found,) = served.site.receipts.of("ada")
    assert found.state is State.REFUSED and found.note
    assert submitted(served) == {} and submitted(served, "bob")
    page = served.visitor("ada").get("/assignments/toy").text
    assert "This upload could not be taken" in page
    path = f"/assignments/toy/receipts/{receipt.id}/files/{name}"
    assert served.visitor("ada").get(path).content == data


def test_a_notebook_of_deep_json_costs_only_its_own_upload(served):
    served.receipt("ada", ("other name.ipynb", b"[" * 2_000_000))
    served.receipt("bob")
    file_all(served)
    assert all(served.site.receipts.of(who)[0].state is not State.RECEIVED for who in ("ada", "bob"))
    assert submitted(served, "bob")


def test_a_notebook_that_is_missing_in_an_upload_stays_as_it_was_handed_in(served):
    served.room.write("source/toy/two.ipynb", TWO)
    served.receipt("ada", ("nb.ipynb", b'{"n": 1}'), ("two.ipynb", b'{"two": 1}'))
    second = served.receipt("ada", ("nb.ipynb", b'{"n": 2}'))
    file_all(served)
    files = submitted(served)
    assert (files["nb.ipynb"], files["two.ipynb"]) == (b'{"n": 2}', b'{"two": 1}')
    found = served.site.receipts.find("ada", "toy", second.id)
    assert found is not None and "two.ipynb not in this upload: as handed in before" in found.note


def test_a_renamed_notebook_is_found_by_its_name(served):
    served.receipt("ada", ("nb (1).ipynb", json.dumps({"cells": []}).encode()))
    file_all(served)
    assert "nb.ipynb" in submitted(served)


def test_it_waits_while_somebody_else_collects(served):
    served.receipt("ada")
    with alone(served.room.course, "toy"), pytest.raises(UsageError, match="being collected"):
        file_all(served)
    assert served.site.receipts.of("ada")[0].state is State.RECEIVED
