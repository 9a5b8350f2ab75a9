import os
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.settings import Limits
from autograder.workspace import Workspace, laid_over

LIMITS = Limits()


def listed(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def kept_of(workspace: Workspace, withheld=()) -> dict[str, bytes]:
    """What the next notebook of the same submission would find."""
    workspace.keep(withheld)
    workspace.fill()
    return listed(workspace.path)


@pytest.fixture
def workspace(tmp_path):
    with Workspace({"handed/in.txt": b"mine"}, {}, LIMITS, tmp_path) as filled:
        filled.fill()
        yield filled


def test_files_handed_in_and_files_of_the_instructor_are_there(tmp_path):
    (tmp_path / "given.csv").write_text("1,2")
    with Workspace({"a/b.txt": b"x"}, {"data/given.csv": tmp_path / "given.csv"}, LIMITS) as workspace:
        workspace.fill()
        assert listed(workspace.path) == {"a/b.txt": b"x", "data/given.csv": b"1,2"}


def test_the_folder_is_gone_afterwards(tmp_path):
    with Workspace({}, {}, LIMITS, tmp_path) as workspace:
        workspace.fill()
    assert list(tmp_path.iterdir()) == []


def test_filling_again_undoes_what_was_done(workspace):
    (workspace.path / "handed" / "in.txt").write_text("changed")
    (workspace.path / "new.txt").write_text("new")
    workspace.fill()
    assert listed(workspace.path) == {"handed/in.txt": b"mine"}


@pytest.mark.parametrize(
    "path", ["timestamp.txt", "submission_secret.txt", "result.json", "x.ipynb", "sub/result.json"]
)
def test_names_of_the_grader_neither_go_in_nor_come_out(tmp_path, path):
    with Workspace({path: b"forged"}, {}, LIMITS) as workspace:
        workspace.fill()
        assert listed(workspace.path) == {}
        (workspace.path / path).parent.mkdir(exist_ok=True)
        (workspace.path / path).write_text("forged")
        assert kept_of(workspace) == {}


def test_what_was_written_goes_on_to_the_next_notebook(workspace):
    (workspace.path / "model.txt").write_text("w = 1")
    assert kept_of(workspace) == {"handed/in.txt": b"mine", "model.txt": b"w = 1"}


def test_what_was_written_is_told_from_what_was_handed_in(workspace):
    (workspace.path / "model.txt").write_text("w = 1")
    (workspace.path / "handed" / "in.txt").write_text("changed")
    workspace.keep(())
    assert workspace.written({"handed/in.txt": b"mine"}, {}) == {
        "model.txt": b"w = 1",
        "handed/in.txt": b"changed",
    }


def test_what_was_written_during_a_test_stays_behind(workspace):
    (workspace.path / "inputs.txt").write_text("hidden")
    assert "inputs.txt" not in kept_of(workspace, withheld={"inputs.txt"})


def test_links_are_not_followed(workspace, tmp_path):
    (tmp_path / "gradebook.db").write_text("marks")
    (workspace.path / "link").symlink_to(tmp_path / "gradebook.db")
    (workspace.path / "folder").symlink_to(tmp_path)
    assert kept_of(workspace) == {"handed/in.txt": b"mine"}


def test_fifos_and_devices_do_not_stop_us(workspace):
    os.mkfifo(workspace.path / "pipe")
    assert kept_of(workspace) == {"handed/in.txt": b"mine"}


def test_bits_of_a_mode_are_not_kept(workspace):
    tool = workspace.path / "tool"
    tool.write_text("#!/bin/sh")
    tool.chmod(0o6777)
    kept_of(workspace)
    assert tool.stat().st_mode & 0o7111 == 0


def test_more_files_than_allowed_are_cut_off(tmp_path):
    with Workspace({}, {}, replace(LIMITS, files=3)) as workspace:
        workspace.fill()
        for number in range(10):
            (workspace.path / f"{number}").write_text("x")
        assert len(kept_of(workspace)) == 3


def test_more_bytes_than_allowed_are_cut_off(tmp_path):
    with Workspace({}, {}, replace(LIMITS, file_bytes=100)) as workspace:
        workspace.fill()
        for number in range(10):
            (workspace.path / f"{number}").write_text("x" * 30)
        assert sum(map(len, kept_of(workspace).values())) <= 100


def test_a_sparse_file_of_a_terabyte_costs_nothing(workspace):
    with (workspace.path / "huge").open("wb") as file:
        file.truncate(2**40)
    assert kept_of(workspace) == {"handed/in.txt": b"mine"}


@pytest.mark.parametrize("replacement", ["nothing", "a file", "a link"])
def test_a_folder_that_the_student_took_away_is_made_again(workspace, tmp_path, replacement):
    workspace.path.rename(tmp_path / "moved")
    if replacement == "a file":
        workspace.path.write_text("x")
    elif replacement == "a link":
        workspace.path.symlink_to(tmp_path / "moved")
    assert kept_of(workspace) == {}
    assert workspace.path.is_dir() and not workspace.path.is_symlink()
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
