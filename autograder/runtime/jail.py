"""What a freshly forked child takes from itself before it meets hostile code or data.

`enter_student_server` and `enter_examiner_server` are called once, in the warm servers;
`enter_student` and `enter_examiner` in every child. Runs as a plain file.

What a jail is made of (`parts`):
limits    resource limits, a session, a working directory and an environment of its own, no descriptor
          but those it was given; always but at tier 0
uid       a user id that nobody else has, where the grader is root; no capability
landlock  Python, its libraries (entry by entry, ours left out) and the system are readable, the working
          directory is writable, nothing else; signals and abstract sockets stay inside
seccomp   no network, no namespaces, no way to look into another process, no memory that nobody sees
mount     a root in which nothing else exists; working directory, /tmp and /dev/shm of limited size
pid, net, ipc   processes, an empty network and System V queues of its own
"""

from __future__ import annotations

import contextlib
import functools
import os
import resource
import signal
import sys
import sysconfig
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from . import gpu, hugepages, kernel, landlock, privileges, seccomp, view
from .pidspace import PidSpaces

NAMESPACES = frozenset({"mount", "pid", "net", "ipc"})
RESERVE = 32 * 2**20  # bytes of memory for our own code in a process that used up what it was granted

_SYSTEM = (
    *("/usr", "/lib", "/lib64", "/bin", "/sbin", "/etc/ld.so.cache", "/etc/localtime", "/etc/fonts"),
    *("/etc/alternatives", "/etc/mime.types", "/etc/passwd", "/etc/group", "/etc/nsswitch.conf"),
    *("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom", "/dev/full", "/sys/devices/system/cpu"),
)
# libraries ask how many cores there are and how much memory, and fail where they see and may not read
_ABOUT_THE_MACHINE = ("/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/sys/fs/cgroup")
# packages that are the grader's and not the student's, and what would tell where the grader lies
_OURS = ("autograder", "__editable__", "nbgrader", "otter")


def enter_student_server(config: dict[str, Any]) -> PidSpaces | None:
    """Moves the server into the view that its children share; what opens their process namespaces.

    `config` has parts; cache, the one folder that the server itself may write to; gpu, the device files
    of a GPU that students may use.
    """
    parts = frozenset(config["parts"])
    root = os.geteuid() == 0
    if parts & NAMESPACES and not root:
        privileges.own_user_namespace()
        _become_first_process()
    if "mount" in parts:
        python = (sys.prefix, sys.base_prefix, sys.executable)
        view.enter((*_SYSTEM, *python, *_files_of_gpu(config)), config["cache"], not root)
    if "landlock" in parts:
        _readable()
    return PidSpaces() if "pid" in parts else None


def _files_of_gpu(config: dict[str, Any]) -> tuple[str, ...]:
    """What has to exist besides /proc for a GPU to be used; nothing where none is."""
    return (*config["gpu"], *gpu.IN_SYS) if config["gpu"] else ()


def _become_first_process() -> None:
    """Goes on as the first process of a process namespace, which only its owner may return to.

    What we were waits for it, and ends with it.
    """
    kernel.unshare(kernel.CLONE_NEWPID)
    pid = os.fork()
    if pid:
        hugepages.end_stretch()  # only the other one fills it
        os.closerange(0, 1 << 16)
        os._exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) & 0xFF)
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)


def enter_examiner_server(config: dict[str, Any]) -> None:
    """Takes the network from the server and so from every examiner, where that is allowed."""
    if config["parts"]:
        with contextlib.suppress(OSError):
            kernel.unshare(kernel.CLONE_NEWNET)


@functools.cache
def _readable() -> tuple[landlock.Rule, ...]:
    """Rules for what a student's code may read besides its working directory: Python, libraries, the system.

    Made once, in the server: there are some hundreds, one for each entry of site-packages, because
    Landlock grants subtrees and cannot blank out a name.
    """
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    enough = min(most, 1 << 14)
    resource.setrlimit(resource.RLIMIT_NOFILE, (enough, most))
    found = [
        *_SYSTEM,
        *_ABOUT_THE_MACHINE,
        os.path.realpath(sys.executable),
        sys.executable,
        f"{sys.prefix}/pyvenv.cfg",
    ]
    found += [f"{sys.base_prefix}/bin", f"{sys.base_prefix}/lib", f"{sys.prefix}/bin"]
    standard = sysconfig.get_path("stdlib")
    if standard.startswith("/usr/"):
        found.remove(f"{sys.base_prefix}/bin")
    found += libraries()
    return landlock.reading(found, above=min(1024, enough // 2))  # select(2) needs the low numbers


@functools.cache
def libraries() -> tuple[str, ...]:
    """The entries of site-packages that are for students; found before the jail, where nothing is listed."""
    found: list[str] = []
    for folder in sorted(_site_packages()):
        with contextlib.suppress(OSError):
            names = sorted(entry.name for entry in Path(folder).iterdir())
            found += [f"{folder}/{n}" for n in names if not n.startswith(_OURS) and not n.endswith(".pth")]
    return tuple(found)


def _site_packages() -> set[str]:
    return {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}


@functools.cache
def _python_is_open_to_all() -> bool:
    """Whether every user may read Python; one installed below /root may be root's alone."""
    for path in (sys.prefix, sys.base_prefix, sysconfig.get_path("stdlib"), *_site_packages()):
        if Path(path).stat().st_mode & 0o005 != 0o005:
            return False
        if any(not parent.stat().st_mode & 0o001 for parent in Path(path).resolve().parents):
            return False
    return True


def enter_student(config: dict[str, Any], keep: list[int]) -> tuple[int, int | None]:
    """Confines a student process; its working directory as a descriptor, and its user id if it has one.

    `config` has parts; room, the folder to work in where there is no view; memory, disk, file_bytes
    (bytes), cpu (seconds), processes, open_files; gpu, as above.
    """
    parts = frozenset(config["parts"])
    _own_descriptors(keep, _readable() if "landlock" in parts else ())
    own_id = "uid" in parts and ("landlock" in parts or _python_is_open_to_all())
    uid = privileges.uid_for(int(os.readlink("/proc/self"))) if own_id else None
    _first_to_die()
    if uid is not None:
        os.fchown(1, uid, uid)  # /proc/self/fd/1 is opened anew by its name
    workdir = _own_room(parts, config, uid)
    os.environ.clear()
    os.environ.update(student_environment(workdir, "/tmp" if _tmp_is_its_own(parts) else workdir))
    tempfile.tempdir = None  # found anew from TMPDIR
    os.chdir(workdir)
    os.umask(0o077)
    room = os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    processes = config["processes"] if uid is not None else None
    if "pid" in parts and os.geteuid() != 0:  # a user namespace counts its own processes
        privileges.own_user_namespace()
        processes = config["processes"]
    if "uid" in parts:
        privileges.give_up(uid, reads_all=uid is not None and not _python_is_open_to_all())
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)  # after the change of user, which clears it
    if "pid" not in parts:
        kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    if "landlock" in parts:
        _restrict(parts, workdir, config["gpu"])
    if "limits" in parts:  # now that the descriptors of Landlock's rules are closed
        _limit(config, processes)
    if "seccomp" in parts:
        # a data loader's workers hand tensors over through unix sockets; the network is empty
        sockets = seccomp.UNIX_SOCKETS if "net" in parts else frozenset()
        if config["gpu"]:
            sockets |= seccomp.LISTENING
        queues = seccomp.QUEUES if parts & NAMESPACES else frozenset()
        # a Jupyter kernel ends where it can make no socket of the internet, also if that leads nowhere
        seccomp.install(sockets | queues, internet="net" in parts and bool(config.get("kernel")))
    return room, uid


def _own_room(parts: frozenset[str], config: dict[str, Any], uid: int | None) -> str:
    """Namespaces of its own but for the one of processes, which is the server's to make."""
    flags = {"mount": kernel.CLONE_NEWNS, "net": kernel.CLONE_NEWNET, "ipc": kernel.CLONE_NEWIPC}
    wanted = sum(flag for part, flag in flags.items() if part in parts)
    if wanted:
        kernel.unshare(wanted)
    if "mount" not in parts:
        if uid is not None:
            os.chown(config["room"], uid, uid)
        return str(config["room"])
    view.private_room(os.getuid() if uid is None else uid, config["disk"], _sheltered(), "pid" in parts)
    return view.HOME


def _sheltered() -> set[str]:
    """Folders of Python's in /tmp."""
    return {path for path in (sys.prefix, sys.base_prefix) if path.startswith("/tmp/")}


def _tmp_is_its_own(parts: frozenset[str]) -> bool:
    """Landlock would grant all of Python with a /tmp that Python lies in, the grader's packages too."""
    return "mount" in parts and not _sheltered()


def _restrict(parts: frozenset[str], workdir: str, devices: list[str]) -> None:
    """Landlock, for ever."""
    private = [*(["/tmp"] if _tmp_is_its_own(parts) else []), *(["/dev/shm"] if "mount" in parts else [])]
    # a /proc of our own shows our own processes alone
    processes = "/proc" if {"mount", "pid"} <= parts else f"/proc/{os.readlink('/proc/self')}"
    # its own list of users, where it has one
    readable = [processes, "/etc/passwd", *((*gpu.IN_PROC, *gpu.IN_SYS) if devices else ())]
    writable = [workdir, "/dev/null", *private, *_writable_for_gpu(devices)]
    own = (*landlock.reading(readable), *landlock.writing(writable))
    landlock.restrict((*own, *_readable()))


def _writable_for_gpu(devices: list[str]) -> list[str]:
    """The devices, and where CUDA names its threads: it takes no other way, and does not start without."""
    return [*devices, f"/proc/{os.readlink('/proc/self')}/task"] if devices else []


def enter_examiner(config: dict[str, Any], keep: list[int]) -> None:
    """Limits an examiner, whose code is trusted and whose data are not.

    `config` as for a student, with workdir.
    """
    parts = frozenset(config["parts"])
    _own_descriptors(keep)
    os.chdir(config["workdir"])
    os.environ["TMPDIR"], tempfile.tempdir = config["workdir"], None
    if "uid" in parts:  # tests read what the course's owner may read, and no more than read
        privileges.give_up(None, reads_all=os.geteuid() == 0)
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    if "limits" in parts:
        _limit(config, None)
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    if "landlock" in parts:  # it reads what the tests read, and writes nowhere else
        writable = [config["workdir"], "/dev/null", *_writable_for_gpu(config["gpu"])]
        landlock.restrict((*landlock.reading(["/"]), *landlock.writing(writable)))
    if "seccomp" in parts:
        seccomp.install(seccomp.UNIX_SOCKETS)


def student_environment(workdir: str, temporary: str) -> dict[str, str]:
    """All that a student's code finds in os.environ."""
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": workdir,
        "USER": view.USER,
        "LOGNAME": view.USER,
        "TMPDIR": temporary,
        "LANG": "C.UTF-8",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "NBGRADER_EXECUTION": "autograde",
        "OMP_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
    }


def _own_descriptors(keep: list[int], rules: Iterable[landlock.Rule] = ()) -> None:
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    kept = {0, 1, 2, *keep, *(rule.parent for rule in rules)}
    low = 3
    for descriptor in (*sorted(kept), 1 << 20):
        if descriptor > low:
            os.closerange(low, min(descriptor, 65536))
        low = max(low, descriptor + 1)
    for descriptor in keep:  # received ones are inheritable: a started program would have our sockets
        os.set_inheritable(descriptor, False)


def _first_to_die() -> None:
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")


def _limit(config: dict[str, Any], processes: int | None) -> None:
    limits = {
        resource.RLIMIT_CORE: 0,
        # RLIMIT_AS breaks torch, which reserves far more than it uses
        resource.RLIMIT_DATA: _data_now() + config["memory"] + RESERVE,
        resource.RLIMIT_CPU: int(config["cpu"]) + 1,
        resource.RLIMIT_FSIZE: config["file_bytes"],
        resource.RLIMIT_NOFILE: config["open_files"],
    }
    if processes is not None:
        limits[resource.RLIMIT_NPROC] = processes
    for kind, value in limits.items():
        _, hard = resource.getrlimit(kind)
        limit = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (limit, limit if kind != resource.RLIMIT_CPU else limit + 1))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a too large file is an OSError, not a death


def _data_now() -> int:
    """Bytes of private writable memory that this process has mapped, used or not."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[5]) * resource.getpagesize()


def memory_is_used_up() -> bool:
    """Whether what is left of this process's memory is the reserve that our own code needs."""
    limit, _ = resource.getrlimit(resource.RLIMIT_DATA)
    return limit != resource.RLIM_INFINITY and _data_now() + RESERVE > limit
