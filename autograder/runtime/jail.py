"""What a freshly forked child takes from itself before it meets hostile code or data.

`enter` is called in the child, once. Tier 1: a session of its own, its own working directory,
a clean environment, no descriptor but those it was given, and resource limits. Stronger tiers
add to the same call. Runs as a plain file.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import resource
import signal
import tempfile
from typing import Any

TIER = 1

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_CHILD_SUBREAPER = 36
_SYS_LANDLOCK_CREATE_RULESET = 444
_LANDLOCK_CREATE_RULESET_VERSION = 1
_CLONE_NEWNET = 0x40000000


def describe() -> dict[str, Any]:
    """The tier in force and what decides about it, for the result of every submission."""
    abi = _libc().syscall(_SYS_LANDLOCK_CREATE_RULESET, None, 0, _LANDLOCK_CREATE_RULESET_VERSION)
    return {"tier": TIER, "kernel": platform.release(), "landlock_abi": max(int(abi), 0)}


def enter_student(config: dict[str, Any], keep: list[int]) -> None:
    """Confines a student process. `config` has workdir, memory, cpu, file_bytes (bytes, seconds)."""
    _own_descriptors(keep)
    os.environ.clear()
    os.environ.update(student_environment(config["workdir"]))
    os.chdir(config["workdir"])
    tempfile.tempdir = None  # found anew from TMPDIR
    os.umask(0o077)
    libc = _libc()
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    _first_to_die()
    _limit(config)


def enter_examiner(config: dict[str, Any], keep: list[int]) -> None:
    """Limits an examiner, whose code is trusted and whose data are not."""
    _own_descriptors(keep)
    os.chdir(config["workdir"])
    libc = _libc()
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.unshare(_CLONE_NEWNET)  # no network where we may; the tests are the instructor's own
    _limit(config)


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


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


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
