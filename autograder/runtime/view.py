"""What of the file system exists for a student: a root with Python and the system in it, no more.

`enter` is called once, by the warm server; every child then makes itself a `private_room` in it: a
working directory, /tmp and /dev/shm that are its own and share one limit of size. Runs as a plain file.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from . import kernel

USER = "student"
HOME = f"/home/{USER}"
_USERS = "/etc/passwd"
_FOLDERS = (HOME, "/proc", "/run", "/tmp", "/dev/shm", "/sys", "/etc", "/root")
_MAX_FILES = 20_000
_MAX_LINKS = 40  # as the kernel, path_resolution(7)
_QUIET = kernel.MS_NOSUID | kernel.MS_NODEV


def enter(readable: Iterable[str], writable: str, own_processes: bool) -> None:
    """Leaves this process a root with `readable` in it, read-only, and the folder `writable`.

    Paths keep their names. `own_processes` shows this process namespace in /proc, not the machine's.
    Raises OSError where mounting is not allowed.
    """
    kernel.unshare(kernel.CLONE_NEWNS)
    kernel.mount("none", "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
    sources, links = _sources(path for path in (*readable, writable) if path != _USERS)
    proc = os.open("/proc", os.O_PATH | os.O_CLOEXEC)
    root = "/sys"  # is everywhere, and what we want of it is open already
    kernel.mount("tmpfs", root, "tmpfs", _QUIET, "size=1m,mode=755")
    for path in _FOLDERS:
        Path(root + path).mkdir(parents=True, exist_ok=True)
    for path, descriptor in sources.items():
        _show(descriptor, Path(root + path))
        if path != writable:
            kernel.make_read_only(root + path)
    # not the machine's: that one is replaced when a user is added, and nothing can be mounted over it then
    Path(root + _USERS).write_text(_users(os.getuid()))
    for path, text in links.items():
        Path(root + path).parent.mkdir(parents=True, exist_ok=True)
        Path(root + path).symlink_to(text)
    if own_processes:
        kernel.mount("proc", f"{root}/proc", "proc", _QUIET | kernel.MS_NOEXEC)
    else:
        _bind(proc, f"{root}/proc")
    for descriptor in (*sources.values(), proc):
        os.close(descriptor)
    kernel.pivot_root(root, f"{root}/run")
    os.chdir("/")
    kernel.unmount("/run")
    kernel.make_read_only("/", recursive=False)


def _sources(paths: Iterable[str]) -> tuple[dict[str, int], dict[str, str]]:
    """Real path -> descriptor of what lies there; the links on the way -> what they say.

    Outer folders come first, and what lies within one of them is left out.
    """
    found: dict[str, int] = {}
    links: dict[str, str] = {}
    real = set()
    for path in paths:
        end, passed = _way(path)
        real.add(end)
        links |= passed
    for path in sorted(real):
        if not _within(path, found):
            with contextlib.suppress(OSError):
                found[path] = os.open(path, os.O_PATH | os.O_CLOEXEC)
    return found, {path: text for path, text in links.items() if not _within(path, found)}


def _within(path: str, folders: Iterable[str]) -> bool:
    return any(path.startswith(f"{folder}/") for folder in folders)


def _way(path: str) -> tuple[str, dict[str, str]]:
    """Where `path` really leads, and the symbolic links on the way there."""
    here, ahead, links = "/", path.strip("/").split("/"), dict[str, str]()
    while ahead:
        here = os.path.join(here, ahead.pop(0))
        if os.path.islink(here) and len(links) < _MAX_LINKS:
            links[here] = text = os.readlink(here)
            target = os.path.normpath(os.path.join(os.path.dirname(here), text))
            here, ahead = "/", [*target.strip("/").split("/"), *ahead]
    return here, links


def _show(descriptor: int, target: Path) -> None:
    if stat.S_ISDIR(os.fstat(descriptor).st_mode):
        target.mkdir(parents=True, exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
    _bind(descriptor, str(target))


def _bind(descriptor: int, target: str) -> None:
    kernel.mount(f"/proc/self/fd/{descriptor}", target, None, kernel.MS_BIND | kernel.MS_REC)


def _users(uid: int) -> str:
    """A list of users, passwd(5): root, and whoever has the number `uid`."""
    student = f"{USER}:x:{uid}:{uid}:{USER}:{HOME}:/bin/sh\n" if uid else ""
    return f"root:x:0:0:root:/root:/bin/sh\n{student}"


def private_room(uid: int, size: int, sheltered: Iterable[str], own_processes: bool) -> None:
    """Makes HOME, /tmp and /dev/shm this process's own, writable by `uid`, `size` bytes in all.

    To be called in a mount namespace of its own, below the view. `sheltered` are folders in /tmp
    that stay: Python may lie there. `own_processes` as above.
    """
    kept = {path: os.open(path, os.O_PATH | os.O_CLOEXEC) for path in sheltered}
    kernel.mount("tmpfs", HOME, "tmpfs", _QUIET, f"size={size},nr_inodes={_MAX_FILES},mode=755")
    users = Path(HOME, "passwd")
    users.write_text(_users(uid))
    kernel.mount(str(users), _USERS, None, kernel.MS_BIND)  # libraries ask who they are
    for name, target, mode in (("tmp", "/tmp", 0o1777), ("shm", "/dev/shm", 0o1777), ("home", HOME, 0o700)):
        folder = Path(HOME, name)
        folder.mkdir()
        folder.chmod(mode)
        os.chown(folder, uid, -1)
        kernel.mount(str(folder), target, None, kernel.MS_BIND)
    for path, descriptor in kept.items():
        _show(descriptor, Path(path))
        os.close(descriptor)
    if own_processes:
        kernel.mount("proc", "/proc", "proc", _QUIET | kernel.MS_NOEXEC)
