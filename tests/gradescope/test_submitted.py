"""What Gradescope lays before the grader, some of it by hostile hands."""

import json
import os
from pathlib import Path

import pytest

from autograder.assignment import Assignment
from autograder.gradescope.submitted import handed_in, owner
from autograder.settings import Limits
from autograder.submission import Submission
from tests.building import locked, source

ASSIGNMENT = Assignment("toy", (source(locked("1", "a")), source(locked("1", "a"), name="nc")))


@pytest.mark.parametrize(
    "user, student",
    [
        ({"id": 1, "email": "ada@example.org", "name": "Ada"}, "ada@example.org"),
        ({"email": "ada@example.org", "sid": "s123"}, "s123"),
        ({"email": "ada@example.org", "sid": ""}, "ada@example.org"),
        ({"email": "ada@example.org", "sid": None}, "ada@example.org"),
        ({"email": "../../etc", "sid": ["x"]}, "unknown"),
        ({"email": "\x1b[2J"}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_the_owner_is_the_sid_or_else_the_email(tmp_path, user, student):
    path = tmp_path / "submission_metadata.json"
    path.write_text(json.dumps({"id": 5, "users": [user, {"email": "partner@example.org"}]}))
    assert owner(path) == student


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", "null", '{"users": []}', '{"users": {}}', '{"users": [5]}', "[" * 100_000]
)
def test_metadata_that_cannot_be_read_stops_nothing(tmp_path, text):
    path = tmp_path / "submission_metadata.json"
    assert owner(path) == "unknown"
    path.write_text(text)
    assert owner(path) == "unknown"


def read(folder: Path) -> Submission:
    return handed_in(folder, "ada", ASSIGNMENT, Limits())


def lay(folder: Path, *paths: str) -> Path:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(path)
    return folder


def test_notebooks_in_the_top_folder_are_the_submission(tmp_path):
    found = read(lay(tmp_path, "nb.ipynb", "any name (1).ipynb", "old/nb.ipynb", "data/x.csv"))
    assert found.notebooks == {"nb": b"nb.ipynb", "any name (1)": b"any name (1).ipynb"}
    assert found.files.keys() == {"old/nb.ipynb", "data/x.csv"}


def test_a_zipped_folder_is_the_submission_and_what_macos_leaves_is_not(tmp_path):
    left = (
        "__MACOSX/lab/nb.ipynb",
        "__MACOSX/lab/._nb.ipynb",
        "lab/.ipynb_checkpoints/nb.ipynb",
        "._x.ipynb",
    )
    found = read(lay(tmp_path, "my work/lab/nb.ipynb", "my work/lab/data/x.csv", ".DS_Store", *left))
    assert found.notebooks == {"nb": b"my work/lab/nb.ipynb"}
    assert found.files == {"data/x.csv": b"my work/lab/data/x.csv"}


def test_notebooks_in_several_folders_are_for_a_person_and_no_zero(tmp_path):
    found = read(lay(tmp_path, "one/nb.ipynb", "two/nb.ipynb"))
    assert found.notebooks == {}
    assert found.unreadable.keys() == {"nb", "nc"}
    assert "more than one folder (one, two)" in found.unreadable["nb"]


def test_a_notebook_too_large_in_a_zipped_folder_was_not_read_and_is_no_zero(tmp_path):
    lay(tmp_path, "lab/nb.ipynb")
    os.truncate(tmp_path / "lab/nb.ipynb", Limits().file_bytes + 1)
    assert read(tmp_path).unreadable.keys() == {"nb"}


def test_nothing_was_handed_in(tmp_path):
    assert read(tmp_path).notebooks == {}


def test_links_pipes_and_folders_are_no_notebooks(tmp_path):
    secret = lay(tmp_path / "elsewhere", "nb.ipynb") / "nb.ipynb"
    top = lay(tmp_path / "submission", "readme.txt")
    (top / "nb.ipynb").symlink_to(secret)
    os.mkfifo(top / "nc.ipynb")
    found = read(top)
    assert found.notebooks == {}
    assert found.unreadable.keys() == {"nb", "nc"}


def test_a_link_to_a_folder_is_not_entered(tmp_path):
    lay(tmp_path / "elsewhere", "nb.ipynb")
    top = lay(tmp_path / "submission", "readme.txt")
    (top / "lab").symlink_to(tmp_path / "elsewhere")
    assert read(top).notebooks == {}


def test_a_tree_without_end_is_not_walked_to_its_end(tmp_path):
    deep = Path(*["d"] * 900)
    top = lay(tmp_path, "readme.txt")
    (top / deep).mkdir(parents=True)
    assert read(top).notebooks == {}
