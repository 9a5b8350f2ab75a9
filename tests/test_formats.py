"""Versions of files: a toy format of three versions, and our own ones."""

import pytest

from autograder.errors import UsageError
from autograder.formats import Format, NewerFormat
from autograder.records import BadRecord


def rename(content):
    return {"name" if key == "label" else key: value for key, value in content.items()}


def add(content):
    return {**content, "points": content["name"].count("!")}


THREE = Format((rename, add))


def test_a_version_is_one_more_than_the_steps_that_lead_to_it():
    assert (Format().version, THREE.version) == (1, 3)


@pytest.mark.parametrize(
    "old",
    [
        {"schema": 1, "label": "a!"},
        {"schema": 2, "name": "a!"},
        {"schema": 3, "name": "a!", "points": 1},
    ],
)
def test_every_older_version_becomes_the_one_of_today(old):
    assert THREE.upgraded_record(old, "file") == {"schema": 3, "name": "a!", "points": 1}


def test_what_was_read_stays_as_it_was():
    old = {"schema": 1, "label": "a"}
    THREE.upgraded_record(old, "file")
    assert old == {"schema": 1, "label": "a"}


def test_a_newer_version_is_one_line_that_names_the_file_and_the_mend():
    with pytest.raises(NewerFormat) as error:
        THREE.upgraded_record({"schema": 4}, "folder/file.json")
    assert str(error.value) == (
        "folder/file.json: written by a newer version of this program "
        "(schema 4; this one knows 3 and older); run `pip install --upgrade autograder`; nothing was changed"
    )
    assert isinstance(error.value, UsageError)


@pytest.mark.parametrize("version", [0, -1, True, 1.0, "1", None, [1]])
def test_what_is_no_version_is_refused(version):
    with pytest.raises(BadRecord, match="schema: "):
        THREE.upgraded_record({"schema": version}, "file")


@pytest.mark.parametrize("content", [{}, [], None, {"label": "a"}])
def test_what_names_no_version_is_left_to_who_decodes_it(content):
    assert THREE.upgraded_record(content, "file") == content
