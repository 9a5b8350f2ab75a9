"""What a student's code can reach from inside the jail, and what it must still be able to do."""

import os
from pathlib import Path

import pytest

from autograder.runtime import jail, landlock, seccomp
from autograder.runtime.session import Limits

from .toys import hidden, student

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(jail.describe()["tier"] < 2, reason="this kernel offers no tier 2")

FORBIDDEN = {
    "the course": f"open({str(ROOT / 'autograder.toml')!r}).read()",
    "the hidden tests": f"open({str(ROOT / 'source/lab6/logistic_regression.ipynb')!r}).read()",
    "the reference": f"open({str(ROOT / 'reference/logistic.py')!r}).read()",
    "the list of the course's files": f"__import__('os').listdir({str(ROOT)!r})",
    "the grader's package": f"open({str(ROOT / 'autograder/grading.py')!r}).read()",
    "the home directory": f"__import__('os').listdir({str(Path.home())!r})",
    "the shadow file": "open('/etc/shadow').read()",
    "another process's memory": f"open('/proc/{os.getpid()}/mem', 'rb').read(1)",
    "another process's environment": f"open('/proc/{os.getpid()}/environ', 'rb').read()",
    "another process's descriptors": f"__import__('os').listdir('/proc/{os.getpid()}/fd')",
    "a raw disk": "open('/dev/vda', 'rb').read(1)",
    "a TCP socket": "__import__('socket').socket()",
    "a UDP socket": "__import__('socket').socket(2, 2)",
    "an IPv6 socket": "__import__('socket').socket(10, 1)",
    "a netlink socket": "__import__('socket').socket(16, 3)",
    "a packet socket": "__import__('socket').socket(17, 3)",
    "a signal to the grader": f"__import__('os').kill({os.getpid()}, 0)",
    "a file in the course": f"open({str(ROOT / 'planted')!r}, 'w')",
    "a file in the libraries": "open(__import__('numpy').__path__[0] + '/planted.py', 'w')",
    "a file in the home directory": f"open({str(Path.home() / 'planted')!r}, 'w')",
}
# system calls by number, since libc has no name for some: nothing may come back but EPERM
CALLS = ("ptrace", "process_vm_readv", "io_uring_setup", "mount", "unshare", "setns", "keyctl", "bpf")


@pytest.mark.parametrize("what", FORBIDDEN)
def test_a_student_cannot_reach(toys, what):
    ran = toys.run(
        student(
            f"try:\n    {FORBIDDEN[what]}\n    print('REACHED')\nexcept OSError as e: print('refused', e)"
        )
    )
    assert "REACHED" not in ran.text()
    assert "refused" in ran.text()


@pytest.mark.parametrize("name", CALLS)
def test_a_system_call_is_refused(toys, name):
    number = seccomp.REFUSED[name][0]
    ran = toys.run(
        student(
            "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
            f"print(libc.syscall({number}, 0, 0, 0, 0, 0, 0), ctypes.get_errno())"
        )
    )
    assert ran.text().split() == ["-1", "1"]


def test_the_ways_around_clone_are_closed(toys):
    ran = toys.run(
        student(
            "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
            "print(libc.syscall(435, 0, 0), ctypes.get_errno())\n"  # clone3: ENOSYS
            "print(libc.syscall(56, 0x10000000 | 17, 0, 0, 0, 0), ctypes.get_errno())\n"  # a user namespace
            "print(libc.syscall(0x40000000 | 39), ctypes.get_errno())\n"  # the x32 ABI
        )
    )
    assert ran.text().split() == ["-1", "38", "-1", "1", "-1", "1"]


def test_a_student_has_no_capability_and_can_get_none(toys):
    ran = toys.run(
        student("print(*[l for l in open('/proc/self/status') if l.startswith(('CapEff', 'NoNew'))])")
    )
    assert "CapEff:\t0000000000000000" in ran.text() or os.getuid() != 0
    assert "NoNewPrivs:\t1" in ran.text()


def test_temporary_and_shared_memory_are_private_and_small(toys):
    if not jail.describe()["namespaces"]:
        pytest.skip("no mount namespaces here")
    write = "open('/dev/shm/left', 'w').write('x')\nopen('/tmp/left', 'w').write('x')\n"
    flood = (
        "try: open('/tmp/big', 'wb').write(bytes(50 << 20) * 6)\nexcept OSError as e: print('full', e.errno)"
    )
    ran = toys.run(student(write + flood), limits=Limits(file_bytes=1 << 40))
    assert "full 28" in ran.text()
    assert not Path("/dev/shm/left").exists()
    assert not Path("/tmp/left").exists()
    again = toys.run(student("import os\nprint(os.listdir('/dev/shm'), os.path.exists('/tmp/left'))"))
    assert again.text().split() == ["[]", "False"]


def test_what_notebooks_do_still_works(toys):
    ran = toys.run(
        student(
            "import tempfile, subprocess, asyncio, threading, multiprocessing, sqlite3\n"
            "tempfile.TemporaryFile().write(b'x')\nopen('mine.txt', 'w').write('x')\n"
            "print(subprocess.run(['echo', 'echoed'], capture_output=True, text=True).stdout)\n"
            "import scipy.optimize, sklearn.datasets, matplotlib.animation\n"
            "database = sqlite3.connect('my.db')\n"
            "print(sklearn.datasets.load_iris().data.shape, database.execute('select 1').fetchall())"
        ),
        student("import asyncio\nawait asyncio.sleep(0)\nprint('awaited')"),
        student("def f(x): return x + 1"),
        hidden("assert f(1) == 2"),
        names="f",
    )
    assert ran.outcomes == ["passed"]
    assert "echoed" in ran.text() and "(150, 4) [(1,)]" in ran.text() and "awaited" in ran.text(1)


def test_an_examiner_writes_nowhere_but_in_its_own_folder(toys, tmp_path):
    planted = tmp_path / "planted"
    ran = toys.run(
        student("def f(): return 1"),
        hidden(f"assert f() == 1\nopen('here', 'w').write('x')\nopen({str(planted)!r}, 'w')"),
        names="f",
    )
    assert ran.outcomes == ["error"]
    assert not planted.exists()


def test_landlock_knows_every_right_of_this_kernel():
    assert landlock.all_rights() == (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(landlock.abi(), 16)) - 1


def test_the_filter_can_leave_a_call_out_to_show_that_it_matters():
    assert len(seccomp.program(frozenset({"ptrace"}))) == len(seccomp.program()) - 16
