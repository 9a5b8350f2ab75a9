"""What a freshly forked child takes from itself before it meets hostile code or data.

`enter_student` and `enter_examiner` are called in the child, once. Runs as a plain file.

tier 1: a session of its own, its own working directory, a clean environment, no descriptor but
        those it was given, resource limits
tier 2: and Landlock (Python and its libraries readable, the working directory writable, nothing
        else) and seccomp (no network, no namespaces, no way to look into another process). Where
        the kernel lets us, mounts (private /tmp, /dev/shm and /run), network, System V IPC and host
        name are its own, and no capability is left
"""

from __future__ import annotations

import contextlib
import functools
import os
import platform
import resource
import signal
import socket
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import kernel, landlock, seccomp

_NAMESPACES = kernel.CLONE_NEWNS | kernel.CLONE_NEWNET | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS
_PRIVATE_BYTES = 256 * 2**20
_SYSTEM = (
    *("/usr", "/lib", "/lib64", "/bin", "/sbin", "/etc/ld.so.cache", "/etc/localtime", "/etc/fonts"),
    *("/etc/alternatives", "/etc/mime.types", "/etc/passwd", "/etc/group", "/etc/nsswitch.conf"),
    *("/dev/zero", "/dev/random", "/dev/urandom", "/dev/full", "/sys/devices/system/cpu"),
)
# packages that are the grader's and not the student's, and what would tell where the grader lies
_OURS = ("autograder", "__editable__", "nbgrader", "otter")


@functools.cache
def describe() -> dict[str, Any]:
    """The tier in force and what decides about it, for the result of every submission.

    Probed once a process, in forked children that lock themselves in and try to get out.
    """
    strong = bool(landlock.abi()) and seccomp.supported() and _survives(_try_tier_2)
    return {
        "tier": 2 if strong else 1,
        "namespaces": strong and _survives(_try_namespaces),
        "kernel": platform.release(),
        "landlock_abi": landlock.abi(),
    }


def _survives(attempt: Callable[[], None]) -> bool:
    """Whether `attempt` ends without an exception in a child of ours."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            attempt()
            status = 0
        finally:
            os._exit(status)
    return os.waitpid(pid, 0)[1] == 0


def _try_tier_2() -> None:
    """Raises unless files, sockets and other processes are out of reach once the doors are shut."""
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    landlock.restrict(["/usr"], [])
    seccomp.install()
    attempts: tuple[Callable[[], object], ...] = (
        lambda: os.open("/etc/passwd", os.O_RDONLY),
        lambda: socket.socket(),
        lambda: kernel.unshare(kernel.CLONE_NEWUSER),
    )
    for forbidden in attempts:
        try:
            forbidden()
        except OSError:
            continue
        raise RuntimeError("the canary got out")


def _try_namespaces() -> None:
    _own_namespaces("/usr")
    _drop_capabilities()
    _try_tier_2()


@functools.cache
def readable_paths() -> tuple[str, ...]:
    """What a student's code may read besides its working directory: Python, libraries, the system.

    Entry by entry in site-packages, because Landlock grants subtrees and cannot blank out a name.
    Called in the server, before the fork.
    """
    found = [*_SYSTEM, os.path.realpath(sys.executable), sys.executable, f"{sys.prefix}/pyvenv.cfg"]
    found += [f"{sys.base_prefix}/bin", f"{sys.base_prefix}/lib", f"{sys.prefix}/bin"]
    standard = sysconfig.get_path("stdlib")
    if standard.startswith("/usr/"):
        found.remove(f"{sys.base_prefix}/bin")
    folders = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    for folder in sorted(folders):
        with contextlib.suppress(OSError):
            names = sorted(entry.name for entry in Path(folder).iterdir())
            found += [f"{folder}/{n}" for n in names if not n.startswith(_OURS) and not n.endswith(".pth")]
    return tuple(found)


def enter_student(config: dict[str, Any], keep: list[int]) -> None:
    """Confines a student process. `config` has workdir, memory, cpu, file_bytes (bytes, seconds)."""
    _own_descriptors(keep)
    os.environ.clear()
    os.environ.update(student_environment(config["workdir"]))
    os.chdir(config["workdir"])
    tempfile.tempdir = None  # found anew from TMPDIR
    os.umask(0o077)
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
    _first_to_die()
    if config["namespaces"]:
        _own_namespaces(config["workdir"])
        _drop_capabilities()
        os.chdir(config["workdir"])
    _limit(config)
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    if config["tier"] >= 2:
        private: tuple[str, ...] = ("/dev/shm",) if config["namespaces"] else ()
        if private and not _python_lies_in_tmp():
            private = (*private, "/tmp")
        own = (f"/proc/{os.getpid()}", *readable_paths())
        landlock.restrict(own, (config["workdir"], "/dev/null", *private))
        # a data loader's workers hand tensors over through unix sockets; the network is empty
        seccomp.install(seccomp.UNIX_SOCKETS if config["namespaces"] else frozenset())


def enter_examiner(config: dict[str, Any], keep: list[int]) -> None:
    """Limits an examiner, whose code is trusted and whose data are not."""
    _own_descriptors(keep)
    os.chdir(config["workdir"])
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    with contextlib.suppress(OSError):
        kernel.unshare(kernel.CLONE_NEWNET)  # no network where we may
    _limit(config)
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    if config["tier"] >= 2:  # it reads what the tests read, and writes nowhere else
        landlock.restrict(("/",), (config["workdir"], "/dev/null"))


def _own_namespaces(workdir: str) -> None:
    """Mounts, network, IPC and host name of its own.

    /tmp and /dev/shm are private and limited in size, /run with its sockets is empty; of the old
    /tmp only `workdir` is left.
    """
    kernel.unshare(_NAMESPACES)
    kernel.mount("none", "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
    quiet = kernel.MS_NOSUID | kernel.MS_NODEV
    if Path("/run").is_dir():
        kernel.mount("tmpfs", "/run", "tmpfs", quiet, "size=4096,mode=755")
    limits = f"size={_PRIVATE_BYTES},mode=1777"
    kernel.mount("tmpfs", "/dev/shm", "tmpfs", quiet, limits)
    inside = os.open(workdir, os.O_PATH | os.O_CLOEXEC)
    if not _python_lies_in_tmp():
        kernel.mount("tmpfs", "/tmp", "tmpfs", quiet, limits)
        if workdir.startswith("/tmp/"):
            Path(workdir).mkdir(parents=True)
            kernel.mount(f"/proc/self/fd/{inside}", workdir, None, kernel.MS_BIND)
    os.close(inside)


def _python_lies_in_tmp() -> bool:
    """Whether a private /tmp would hide Python or its libraries; /tmp is then out of reach instead."""
    return any(path.startswith("/tmp/") for path in readable_paths())


def _drop_capabilities() -> None:
    """No capability is left to this process, nor to a program that it starts."""
    for number in range(64):
        with contextlib.suppress(OSError):
            kernel.prctl(kernel.PR_CAPBSET_DROP, number)
    kernel.drop_capabilities()


def student_environment(workdir: str) -> dict[str, str]:
    """All that a student's code finds in os.environ."""
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": workdir,
        "TMPDIR": workdir,
        "LANG": "C.UTF-8",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "NBGRADER_EXECUTION": "autograde",
        "OMP_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
    }


def _own_descriptors(keep: list[int]) -> None:
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    kept = {0, 1, 2, *keep}
    low = 3
    for descriptor in (*sorted(kept), 1 << 20):
        if descriptor > low:
            os.closerange(low, min(descriptor, 65536))
        low = max(low, descriptor + 1)
    for descriptor in keep:  # received ones are inheritable: a started program would have our sockets
        os.set_inheritable(descriptor, False)


def _first_to_die() -> None:
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:  # noqa: PTH123
        file.write("1000")


def _limit(config: dict[str, Any]) -> None:
    for kind, value in (
        (resource.RLIMIT_CORE, 0),
        # RLIMIT_AS breaks torch, which reserves far more than it uses
        (resource.RLIMIT_DATA, _data_now() + config["memory"]),
        (resource.RLIMIT_CPU, int(config["cpu"]) + 1),
        (resource.RLIMIT_FSIZE, config["file_bytes"]),
        (resource.RLIMIT_NOFILE, 256),
    ):
        _, hard = resource.getrlimit(kind)
        limit = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (limit, limit if kind != resource.RLIMIT_CPU else limit + 1))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a too large file is an OSError, not a death


def _data_now() -> int:
    """Bytes of writable memory that the warm server had mapped, which are not the child's doing."""
    with open("/proc/self/status") as file:  # noqa: PTH123
        for line in file:
            if line.startswith("VmData:"):
                return int(line.split()[1]) * 1024
    return 0
