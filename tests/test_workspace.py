import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.runtime.files import MAX_LISTED
from autograder.settings import Limits
from autograder.workspace import Workspace, laid_over

LIMITS = Limits()


@contextmanager
def opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def filled(workspace: Workspace) -> Path:
    """The working directory of the next life."""
    folder = workspace.clear()
    with opened(folder) as root:
        workspace.fill(root)
    return folder


def kept(workspace: Workspace, folder: Path, withheld=()) -> dict[str, bytes]:
    """What the next notebook of the same submission would find."""
    with opened(folder) as root:
        workspace.keep(root, withheld)
    return listed(filled(workspace))


def listed(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def workspace(tmp_path):
    with Workspace({"handed/in.txt": b"mine"}, {}, LIMITS, tmp_path) as made:
        yield made


@pytest.fixture
def folder(workspace):
    return filled(workspace)


def test_files_handed_in_and_files_of_the_instructor_are_there(tmp_path):
    (tmp_path / "given.csv").write_text("1,2")
    with Workspace({"a/b.txt": b"x"}, {"data/given.csv": tmp_path / "given.csv"}, LIMITS) as workspace:
        assert listed(filled(workspace)) == {"a/b.txt": b"x", "data/given.csv": b"1,2"}


def test_the_instructors_files_are_as_they_were_for_every_notebook(tmp_path):
    """Else the tests of the second notebook would compare with what the first one wrote."""
    (tmp_path / "given.csv").write_text("1,2")
    with Workspace({}, {"given.csv": tmp_path / "given.csv"}, LIMITS, tmp_path) as workspace:
        folder = filled(workspace)
        assert (folder / "given.csv").stat().st_mode & 0o222 == 0
        (folder / "given.csv").unlink()
        (folder / "given.csv").write_text("0,0")
        assert kept(workspace, folder) == {"given.csv": b"1,2"}


def test_the_folder_is_gone_afterwards(tmp_path):
    with Workspace({}, {}, LIMITS, tmp_path) as workspace:
        filled(workspace)
    assert list(tmp_path.iterdir()) == []


def test_filling_again_undoes_what_was_done(workspace, folder):
    (folder / "handed" / "in.txt").write_text("changed")
    (folder / "new.txt").write_text("new")
    assert listed(filled(workspace)) == {"handed/in.txt": b"mine"}


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives files away")
def test_files_belong_to_the_one_who_works_with_them(workspace):
    folder = workspace.clear()
    with opened(folder) as root:
        workspace.fill(root, 12345)
    assert {p.stat().st_uid for p in folder.rglob("*")} == {12345}


@pytest.mark.parametrize(
    "path", ["timestamp.txt", "submission_secret.txt", "result.json", "x.ipynb", "sub/result.json"]
)
def test_names_of_the_grader_neither_go_in_nor_come_out(tmp_path, path):
    with Workspace({path: b"forged"}, {}, LIMITS) as workspace:
        folder = filled(workspace)
        assert listed(folder) == {}
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text("forged")
        assert kept(workspace, folder) == {}


def test_what_was_written_goes_on_to_the_next_notebook(workspace, folder):
    (folder / "model.txt").write_text("w = 1")
    assert kept(workspace, folder) == {"handed/in.txt": b"mine", "model.txt": b"w = 1"}


def test_what_was_written_is_told_from_what_was_handed_in(workspace, folder):
    (folder / "model.txt").write_text("w = 1")
    (folder / "handed" / "in.txt").write_text("changed")
    with opened(folder) as root:
        workspace.keep(root, ())
    assert workspace.written({"handed/in.txt": b"mine"}) == {
        "model.txt": b"w = 1",
        "handed/in.txt": b"changed",
    }


def test_what_was_written_during_a_test_stays_behind(workspace, folder):
    (folder / "inputs.txt").write_text("hidden")
    assert "inputs.txt" not in kept(workspace, folder, withheld={"inputs.txt"})


def test_links_are_not_followed(workspace, folder, tmp_path):
    (tmp_path / "gradebook.db").write_text("marks")
    (folder / "link").symlink_to(tmp_path / "gradebook.db")
    (folder / "folder").symlink_to(tmp_path)
    assert kept(workspace, folder) == {"handed/in.txt": b"mine"}


def test_fifos_and_devices_do_not_stop_us(workspace, folder):
    os.mkfifo(folder / "pipe")
    assert kept(workspace, folder) == {"handed/in.txt": b"mine"}


def test_bits_of_a_mode_are_not_kept(workspace, folder):
    tool = folder / "tool"
    tool.write_text("#!/bin/sh")
    tool.chmod(0o6777)
    kept(workspace, folder)
    assert tool.stat().st_mode & 0o7111 == 0


def test_more_files_than_allowed_are_cut_off(tmp_path):
    with Workspace({}, {}, replace(LIMITS, files=3)) as workspace:
        folder = filled(workspace)
        for number in range(10):
            (folder / f"{number}").write_text("x")
        assert len(kept(workspace, folder)) == 3


def test_so_many_files_that_nobody_lists_them_are_none(tmp_path):
    with Workspace({}, {}, LIMITS, tmp_path) as workspace:
        folder = filled(workspace)
        for number in range(MAX_LISTED + 1):
            (folder / f"{number}").touch()
        assert len(kept(workspace, folder)) <= LIMITS.files


def test_more_bytes_than_allowed_are_cut_off(tmp_path):
    with Workspace({}, {}, replace(LIMITS, file_bytes=100)) as workspace:
        folder = filled(workspace)
        for number in range(10):
            (folder / f"{number}").write_text("x" * 30)
        assert sum(map(len, kept(workspace, folder).values())) <= 100


def test_a_sparse_file_of_a_terabyte_costs_nothing(workspace, folder):
    with (folder / "huge").open("wb") as file:
        file.truncate(2**40)
    assert kept(workspace, folder) == {"handed/in.txt": b"mine"}


def test_folders_without_end_are_cut_off(workspace, folder):
    deep = folder
    for _ in range(40):
        deep = deep / "d"
        deep.mkdir()
    (deep / "x").write_text("x")
    assert kept(workspace, folder) == {"handed/in.txt": b"mine"}


@pytest.mark.parametrize("replacement", ["nothing", "a file", "a link"])
def test_a_folder_that_the_student_took_away_is_made_again(workspace, folder, tmp_path, replacement):
    folder.rename(tmp_path / "moved")
    if replacement == "a file":
        folder.write_text("x")
    elif replacement == "a link":
        folder.symlink_to(tmp_path / "moved")
    assert listed(filled(workspace)) == {"handed/in.txt": b"mine"}
    assert folder.is_dir() and not folder.is_symlink()
    assert (tmp_path / "moved" / "handed" / "in.txt").exists()


@pytest.mark.parametrize(
    "files, winners, both",
    [
        ({"a": 1}, {"a": 2}, {"a": 2}),
        ({"data": 1}, {"data/x": 2}, {"data/x": 2}),
        ({"data/x": 1}, {"data": 2}, {"data": 2}),
        ({"data/x/y": 1, "other": 1}, {"data": 2}, {"data": 2, "other": 1}),
        ({"data/x": 1}, {"data/y": 2}, {"data/x": 1, "data/y": 2}),
        ({"dat": 1}, {"data/y": 2}, {"dat": 1, "data/y": 2}),
    ],
)
def test_a_file_in_the_place_of_a_folder_gives_way(files, winners, both):
    assert laid_over(files, winners) == both
