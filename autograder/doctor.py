"""`autograder doctor`: what this machine offers, the jail that follows, and how to get a better one."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from pathlib import Path

from autograder.database import database_at
from autograder.errors import AutograderError, UsageError
from autograder.gpus import gpus_of, require_gpu
from autograder.keys import versions
from autograder.runtime import cgroups, kernel, landlock, seccomp
from autograder.runtime.tiers import PARTS, STRONGEST, strongest
from autograder.scheduling.local import fitting_jobs, memory_bytes
from autograder.settings import Settings

GIB = 2**30


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about this machine; `advice` says what to do where it could be better."""

    what: str
    state: str
    advice: str = ""


def examine(settings: Settings) -> list[Finding]:
    """What decides about grading on this machine, most of it asked of the kernel itself."""
    return [
        _system(),
        _versions(),
        _gpu(),
        _user(),
        _user_namespaces(),
        _landlock(),
        _seccomp(),
        _cgroups(),
        _tier(settings),
        _workers(settings),
        _gradebook(settings),
    ]


def _gradebook(settings: Settings) -> Finding:
    if not settings.db_url:
        return Finding("gradebook", "gradebook.db in the course, a file of SQLite's")
    database = database_at(settings.db_url)
    try:
        with database.explaining():
            return Finding("gradebook", database.described())
    except AutograderError as error:
        return Finding("gradebook", str(database), str(error))


def _system() -> Finding:
    cores, total, free = len(os.sched_getaffinity(0)), memory_bytes("MemTotal"), memory_bytes("MemAvailable")
    sizes = f"{total / GIB:.1f} GiB of memory, {free / GIB:.1f} free"
    return Finding(
        "machine", f"{platform.system()} {platform.release()}, {platform.machine()}, {cores} cores, {sizes}"
    )


def _versions() -> Finding:
    return Finding("versions", ", ".join(f"{name} {version}" for name, version in versions().items()))


def _gpu() -> Finding:
    names, why = gpus_of()
    if not names:
        return Finding("gpu", f"none to use ({why}); everything runs on the processor")
    try:
        require_gpu()
    except UsageError as error:
        return Finding("gpu", ", ".join(names), f"for students: {error}")
    return Finding("gpu", f"{', '.join(names)}; used with --device cuda")


def _user() -> Finding:
    if os.geteuid() == 0:
        return Finding("user", "root: every student's process gets a user id of its own")
    return Finding("user", "not root: students' processes have your user id, in a user namespace of theirs")


def _user_namespaces() -> Finding:
    name = "user namespaces"
    if os.geteuid() == 0:
        return Finding(name, "not needed by root")
    for path, closed, mend in (
        ("kernel/unprivileged_userns_clone", "0", "sysctl kernel.unprivileged_userns_clone=1"),
        ("kernel/apparmor_restrict_unprivileged_userns", "1", "allow it in a profile for this Python"),
        ("user/max_user_namespaces", "0", "sysctl user.max_user_namespaces=10000"),
    ):
        if _sysctl(path) == closed:
            return Finding(name, f"closed by {path.replace('/', '.')}", f"as root: {mend}")
    return Finding(name, "allowed")


def _sysctl(path: str) -> str:
    try:
        return (Path("/proc/sys") / path).read_text().strip()
    except OSError:
        return ""


def _landlock() -> Finding:
    version = landlock.abi()
    if version:
        missing = (
            "" if version >= 6 else "; from ABI 6 (Linux 6.12) it holds signals and abstract sockets too"
        )
        return Finding("Landlock", f"ABI {version}{missing}")
    mend = "boot with landlock in lsm= (see /sys/kernel/security/lsm), or take Linux 5.13 or newer"
    return Finding("Landlock", "missing", mend)


def _seccomp() -> Finding:
    if seccomp.supported():
        return Finding("seccomp", f"filter for {platform.machine()}")
    return Finding("seccomp", "no filter for this machine", f"use one of {', '.join(kernel.MACHINES)}")


def _cgroups() -> Finding:
    own, watched = cgroups.own_folder(), "memory, processes and files are watched from /proc instead"
    offered = cgroups.controllers(own) if own is not None else ()
    if not offered:
        return Finding("cgroups", f"no controller of {' or '.join(cgroups.CONTROLLERS)} here; {watched}")
    names = " and ".join(offered)
    if cgroups.delegated_folder() is None:
        return Finding("cgroups", f"{names}, not delegated to us; {watched}", _DELEGATE)
    return Finding("cgroups", f"{names}, delegated: limited by the kernel")


_DELEGATE = "for limits without a gap, start it by systemd-run --scope --property=Delegate=yes"


def _tier(settings: Settings) -> Finding:
    jail = strongest()
    state = f"tier {jail.tier} of {STRONGEST}: {', '.join(sorted(jail.parts)) or 'nothing'}"
    if jail.tier == STRONGEST:
        return Finding("jail", state)
    missing = ", ".join(sorted(PARTS[jail.tier + 1] - jail.parts))
    advice = f"{jail.why_not_higher}; tier {jail.tier + 1} would add {missing}"
    if jail.tier < settings.min_tier:
        advice += f"; `grade` refuses, because min_tier is {settings.min_tier}"
    return Finding("jail", state, advice)


def _workers(settings: Settings) -> Finding:
    wanted = settings.jobs or len(os.sched_getaffinity(0))
    jobs = fitting_jobs(wanted, settings.limits.worker_bytes)
    each = f"{settings.limits.worker_bytes / GIB:.2f} GiB each"
    if jobs == wanted:
        return Finding("workers", f"{jobs} at once, {each}")
    return Finding("workers", f"{jobs} at once instead of {wanted}, {each}", "lower memory_mb, or add memory")
