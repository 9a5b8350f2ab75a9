import fcntl
import os
import tempfile
import time
from pathlib import Path

import pytest

from autograder.scratch import remove_tree, scratch_folder

HOUR = 3600.0


@pytest.fixture
def tmpdir_of_ours(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_nothing_is_left_of_a_run(tmpdir_of_ours):
    with scratch_folder() as folder:
        (folder / "inner").mkdir()
        (folder / "inner" / "file").write_text("x")
    assert list(tmpdir_of_ours.iterdir()) == []


def test_nothing_is_left_of_a_run_that_failed(tmpdir_of_ours):
    with pytest.raises(KeyboardInterrupt), scratch_folder():
        raise KeyboardInterrupt
    assert list(tmpdir_of_ours.iterdir()) == []


def _left_behind(parent: Path, name: str, age: float = HOUR) -> Path:
    folder = parent / name
    folder.mkdir()
    (folder / "lock").touch()
    then = time.time() - age
    os.utime(folder, (then, then))
    return folder


def test_what_a_killed_run_left_is_removed_by_the_next(tmpdir_of_ours):
    left = _left_behind(tmpdir_of_ours, "autograder-killed")
    with scratch_folder():
        assert not left.exists()


def test_the_folder_of_a_living_run_is_left_alone(tmpdir_of_ours):
    living = _left_behind(tmpdir_of_ours, "autograder-living")
    with (living / "lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with scratch_folder():
            assert living.exists()


@pytest.mark.parametrize("name, age", [("autograder-new", 0.0), ("somebody-elses", HOUR)])
def test_new_folders_and_those_of_others_are_left_alone(tmpdir_of_ours, name, age):
    folder = _left_behind(tmpdir_of_ours, name, age)
    with scratch_folder():
        assert folder.exists()


def test_a_link_in_the_temporary_folder_is_not_followed(tmpdir_of_ours):
    target = _left_behind(tmpdir_of_ours, "precious")
    (tmpdir_of_ours / "autograder-link").symlink_to(target)
    with scratch_folder():
        assert (target / "lock").exists()


def test_a_tree_deeper_than_python_recurses_is_removed(tmp_path):
    root = tmp_path / "root"
    root.mkdir()
    here = os.open(root, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    remove_tree(root)
    assert not root.exists()


def test_links_in_a_tree_are_removed_and_not_followed(tmp_path):
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "file").write_text("x")
    root = tmp_path / "root"
    root.mkdir()
    (root / "link").symlink_to(precious)
    remove_tree(root)
    assert not root.exists()
    assert (precious / "file").read_text() == "x"


def test_a_link_in_the_place_of_a_tree_is_removed_itself(tmp_path):
    (tmp_path / "target").mkdir()
    (tmp_path / "root").symlink_to(tmp_path / "target")
    remove_tree(tmp_path / "root")
    assert [path.name for path in tmp_path.iterdir()] == ["target"]


def test_folders_that_were_closed_by_chmod_are_removed(tmp_path):
    (tmp_path / "root" / "closed" / "inner").mkdir(parents=True)
    (tmp_path / "root" / "closed").chmod(0)
    remove_tree(tmp_path / "root")
    assert not (tmp_path / "root").exists()


def test_names_that_are_no_text_are_removed(tmp_path):
    root = tmp_path / "root"
    root.mkdir()
    (root / os.fsdecode(b"\xff\xfe")).mkdir()
    (root / os.fsdecode(b"\xff\xfe") / "x").touch()
    remove_tree(root)
    assert not root.exists()


def test_nothing_at_all_is_no_error(tmp_path):
    remove_tree(tmp_path / "missing")
