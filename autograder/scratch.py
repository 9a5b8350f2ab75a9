"""Temporary folders that hostile code writes into, and that nobody finds afterwards."""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

PREFIX = "autograder-"
_LOCK = "lock"
_YOUNG = 60.0  # seconds in which a new folder may not have its lock yet
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for one run, removed at its end; what killed runs left behind is removed first."""
    _sweep(Path(tempfile.gettempdir()))
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    # held by us and by the workers that we fork, until the last of us is gone
    lock = os.open(folder / _LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder
    finally:
        remove_tree(folder)
        os.close(lock)


def _sweep(parent: Path) -> None:
    for folder in parent.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            about = folder.lstat()
            ours = stat.S_ISDIR(about.st_mode) and about.st_uid == os.getuid()
            if ours and time.time() - about.st_mtime > _YOUNG and _is_abandoned(folder):
                remove_tree(folder)


def _is_abandoned(folder: Path) -> bool:
    lock = os.open(folder / _LOCK, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(lock)
    return True


def remove_tree(path: Path) -> None:
    """Removes whatever is at `path`, a tree of any depth too; what cannot be removed stays.

    shutil.rmtree recurses, and so ends with a RecursionError a thousand folders down.
    """
    try:
        root = os.open(path, _FOLDER)
    except OSError:  # nothing, or no folder: a student may have put a link in its place
        with contextlib.suppress(OSError):
            path.unlink()
        return
    try:
        _empty(root)
    finally:
        os.close(root)
    with contextlib.suppress(OSError):
        path.rmdir()


def _empty(root: int) -> None:
    """Unlinks files and lifts the folders of each folder up into `root`, until none is left."""
    lifted, stuck = 0, False
    token = os.urandom(8).hex()
    while not stuck and (folders := _unlink_files(root)):
        stuck = True
        for name in folders:
            with contextlib.suppress(OSError):
                os.chmod(name, 0o700, dir_fd=root)
                inner = os.open(name, _FOLDER, dir_fd=root)
                try:
                    for child in _unlink_files(inner):
                        os.chmod(child, 0o700, dir_fd=inner)
                        os.rename(child, f"{token}{lifted}", src_dir_fd=inner, dst_dir_fd=root)
                        lifted += 1
                finally:
                    os.close(inner)
                os.rmdir(name, dir_fd=root)
                stuck = False


def _unlink_files(folder: int) -> list[str]:
    """Unlinks all that is no folder; the names of the folders."""
    folders = []
    with os.scandir(folder) as entries:
        for entry in list(entries):
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.name)
            else:
                with contextlib.suppress(OSError):
                    os.unlink(entry.name, dir_fd=folder)
    return folders
