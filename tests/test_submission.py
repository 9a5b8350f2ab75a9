import os
import socket
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.utils import parse_utc

from autograder.errors import UsageError
from autograder.settings import Limits
from autograder.submission import Submission, parse_timestamp, read_submission


def read(folder: Path, **limits: int) -> Submission:
    return read_submission(folder, "ada", "lab6", Limits(**limits))


def test_notebooks_of_the_top_folder_stand_apart_from_other_files(tmp_path):
    (tmp_path / "nb.ipynb").write_bytes(b"{}")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "other.ipynb").write_bytes(b"[]")
    (tmp_path / "data.csv").write_bytes(b"1")
    read_back = read(tmp_path)
    assert read_back.notebooks == {"nb": b"{}"}
    assert read_back.files == {"data.csv": b"1", "sub/other.ipynb": b"[]"}
    assert read_back.notes == ()


def test_a_missing_folder_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="no such folder"):
        read(tmp_path / "none")


def test_a_folder_that_is_a_link_is_a_usage_error(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(UsageError, match="no such folder"):
        read(tmp_path / "link")


def test_what_nbgrader_ignores_is_ignored(tmp_path):
    for name in (".ipynb_checkpoints", "__pycache__", "feedback", ".git"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("")
    (tmp_path / "module.pyc").write_text("")
    assert read(tmp_path).files == {}


def test_links_pipes_and_sockets_are_skipped_and_noted(tmp_path, monkeypatch):
    (tmp_path / "link").symlink_to("/etc/passwd")
    (tmp_path / "folder").symlink_to("/etc")
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.chdir(tmp_path)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        read_back = read(tmp_path)
    assert read_back.files == {}
    assert sorted(read_back.notes) == [
        f"{name} was skipped: it is no regular file" for name in ("folder", "link", "pipe", "socket")
    ]


@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "large"])
def test_a_notebook_that_is_there_but_cannot_be_read_is_not_missing(tmp_path, kind):
    path = tmp_path / "nb.ipynb"
    match kind:
        case "link":
            path.symlink_to("/etc/passwd")
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "large":
            path.write_bytes(b"x" * 11)
    read_back = read(tmp_path, file_bytes=10)
    assert read_back.notebooks == {}
    assert list(read_back.unreadable) == ["nb"]


def test_notebooks_are_read_before_other_files_use_up_the_limits(tmp_path):
    for number in range(5):
        (tmp_path / f"a{number}").write_bytes(b"x" * 10)
    (tmp_path / "nb.ipynb").write_bytes(b"{}")
    assert read(tmp_path, files=2).notebooks == {"nb": b"{}"}
    assert read(tmp_path, submission_bytes=12).notebooks == {"nb": b"{}"}


def test_files_above_a_limit_are_skipped_and_noted(tmp_path):
    (tmp_path / "a").write_bytes(b"x" * 6)
    (tmp_path / "b").write_bytes(b"x" * 6)
    assert read(tmp_path, files=1).notes == ("b was skipped: it is one file too many",)
    assert read(tmp_path, submission_bytes=10).notes == ("b was skipped: it is too large (6 bytes)",)
    assert list(read(tmp_path, submission_bytes=10).files) == ["a"]


def test_folders_are_followed_only_so_deep(tmp_path):
    deep = tmp_path
    for _ in range(20):
        deep = deep / "d"
        deep.mkdir()
    (deep / "file").write_text("")
    assert len(read(tmp_path).notes) == 1


def test_a_name_that_is_no_text_is_noted_without_it(tmp_path):
    (tmp_path / os.fsdecode(b"\xff\x1b[31m")).write_text("")
    (note,) = read(tmp_path).notes
    assert note.isascii() and note.isprintable()


def test_many_notes_are_cut(tmp_path):
    for number in range(50):
        (tmp_path / str(number)).symlink_to("x")
    notes = read(tmp_path).notes
    assert len(notes) == 21
    assert notes[-1] == "and 30 more files were skipped"


def test_the_digest_covers_names_and_contents_but_no_timestamp_and_no_secret(tmp_path):
    (tmp_path / "nb.ipynb").write_bytes(b"{}")
    digest = read(tmp_path).digest()
    (tmp_path / "timestamp.txt").write_text("2020-01-01 00:00:00.000000 UTC")
    (tmp_path / "submission_secret.txt").write_text("secret")
    assert read(tmp_path).digest() == digest
    (tmp_path / "a").write_bytes(b"bc")
    with_file = read(tmp_path).digest()
    (tmp_path / "a").rename(tmp_path / "ab")
    (tmp_path / "ab").write_bytes(b"c")
    assert len({digest, with_file, read(tmp_path).digest()}) == 3


@pytest.mark.parametrize(
    "text",
    [
        "2015-02-02 15:58:23.948203 UTC",
        "2015-02-02 15:58:23 UTC",
        "2015-02-02 15:58:23.948203 America/Los_Angeles",
        "2015-02-02 15:58:23.948203 +0100",
        "2015-02-02 15:58:23.948203 Nowhere",
        "2015-02-02T15:58:23+01:00",
        "2015-02-02 15:58:23",
        "2015-02-02",
        "2015-02-02 3:58 PM",
        "  2015-02-02 15:58:23.948203 UTC\n",
    ],
)
def test_times_are_read_as_nbgrader_reads_them(text):
    assert parse_timestamp(text.encode()) == (parse_utc(text.strip()), None)


def test_no_time_is_no_fault():
    assert parse_timestamp(b" \n") == (None, None)


@pytest.mark.parametrize(
    "content", [b"soon", b"\xff", b"9" * 1000, b"1 2 /etc/passwd", b"2015-02-30 0:0 ../x"]
)
def test_an_invalid_time_is_noted(content):
    time, note = parse_timestamp(content)
    assert time is None
    assert note is not None and "timestamp.txt holds no time" in note


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_timestamp_is_a_naive_time_or_none(content):
    time, note = parse_timestamp(content)
    assert time is None or (isinstance(time, datetime) and time.tzinfo is None and note is None)


def test_the_timestamp_of_the_submission_is_read(tmp_path):
    (tmp_path / "timestamp.txt").write_text("2015-02-02 15:58:23.948203 UTC")
    assert read(tmp_path).timestamp == datetime(2015, 2, 2, 15, 58, 23, 948203)
