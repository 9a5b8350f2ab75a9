"""What a student's code can reach from inside the jail, and what it must still be able to do."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.runtime import kernel, landlock, seccomp
from autograder.runtime.session import Limits
from autograder.runtime.tiers import PARTS, STRONGEST, strongest

from .jails import NOBODY, as_somebody_else, servers_of
from .toys import Toys, hidden, student

ROOT = Path(__file__).parents[2]

TIERS = [tier for tier in (2, 3) if tier <= strongest().tier]
pytestmark = pytest.mark.skipif(not TIERS, reason="this kernel offers no tier 2")


@pytest.fixture(scope="module", params=TIERS, ids=lambda tier: f"tier {tier}")
def jailed(request):
    with servers_of(PARTS[request.param]) as warm:
        yield warm


@pytest.fixture
def toys(jailed, tmp_path):
    return Toys(jailed, tmp_path)


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
            "print(libc.syscall(56, 0x8000 | 17, 0, 0, 0, 0), ctypes.get_errno())\n"  # CLONE_PARENT
            "print(libc.syscall(0x40000000 | 39), ctypes.get_errno())\n"  # the x32 ABI
        )
    )
    assert ran.text().split() == ["-1", "38", "-1", "1", "-1", "1", "-1", "1"]


def test_a_student_has_no_capability_and_can_get_none(toys):
    ran = toys.run(
        student("print(*[l for l in open('/proc/self/status') if l.startswith(('CapEff', 'NoNew'))])")
    )
    (capabilities,) = re.findall(r"CapEff:\t(\w+)", ran.text())
    # at tier 2 a Python that lies below /root is read by the right to read, within Landlock
    assert int(capabilities, 16) in (0, 1 << kernel.CAP_DAC_READ_SEARCH)
    assert "NoNewPrivs:\t1" in ran.text()


def test_temporary_files_and_shared_memory_are_private(toys, jailed):
    folders = (
        "('/dev/shm', __import__('tempfile').gettempdir())"  # the latter is /tmp, if Python is elsewhere
    )
    if "mount" not in jailed.jail.parts:
        folders = "(__import__('tempfile').gettempdir(),)"
    ran = toys.run(student(f"for f in {folders}: open(f + '/left', 'w').write('x')"))
    assert ran.text() == ""
    assert not Path("/dev/shm/left").exists() and not Path("/tmp/left").exists()
    again = toys.run(student(f"import os\nprint([os.path.exists(f + '/left') for f in {folders}])"))
    assert "True" not in again.text()


SMALL = Limits(
    cell_seconds=20,
    memory_bytes=150 << 20,
    disk_bytes=40 << 20,
    processes=30,
    open_files=64,
    file_bytes=30 << 20,
)
GREEDY = {
    "memory of its own": "kept = bytearray(300 << 20)",
    "all memory, and goes on": "kept = []\ntry:\n    while True: kept.append(bytearray(1 << 20))\n"
    "except MemoryError: pass\nassert len(kept) < 200",
    "shared memory": "import mmap\nkept = mmap.mmap(-1, 400 << 20)\n"
    "for at in range(0, 400 << 20, 4096): kept[at] = 1\nimport time\ntime.sleep(5)",
    "memory of many processes": "import os, time\nfor _ in range(8):\n"
    "    if os.fork() == 0:\n        kept = bytearray(b'x' * (60 << 20))\n        time.sleep(30)\n"
    "time.sleep(20)",
    "processes": "import os, time\nfor _ in range(400):\n    if os.fork() == 0: time.sleep(30); os._exit(0)",
    "threads": "import threading, time\n"
    "for _ in range(400): threading.Thread(target=time.sleep, args=(30,), daemon=True).start()",
    "descriptors": "import os\nkept = [os.pipe() for _ in range(1000)]",
    "one large file": "open('large', 'wb').write(bytes(35 << 20))",
    "disk": "import time\nfor n in range(20):\n    open(f'{n}', 'wb').write(bytes(10 << 20))\n"
    "    time.sleep(0.1)",
    "disk without a name": "import os, time\nkept = []\nfor n in range(20):\n"
    "    kept.append(open('gone', 'wb'))\n    os.unlink('gone')\n    kept[-1].write(bytes(10 << 20))\n"
    "    kept[-1].flush()\n    time.sleep(0.1)",
    "files": "import time\nfor n in range(30000):\n    open(f'{n}', 'w').close()\ntime.sleep(1)",
}


@pytest.mark.parametrize("what", GREEDY)
def test_who_takes_too_much_loses_nothing_else(toys, what):
    ran = toys.run(
        student("def before(): return 1"),
        student(GREEDY[what] + "\nprint('REA' + 'CHED')"),  # a traceback quotes the line
        student("def after(): return 2"),
        hidden("assert before() == 1 and after() == 2"),
        names="before after",
        limits=SMALL,
    )
    assert ran.outcomes == ["passed"], ran.test()
    assert "REACHED" not in ran.text(1)


def test_a_death_for_memory_is_called_by_its_name(toys):
    hog = "import mmap, time\ndef f():\n    kept = mmap.mmap(-1, 400 << 20)\n"
    hog += "    for at in range(0, 400 << 20, 4096): kept[at] = 1\n    time.sleep(5)"
    ran = toys.run(student(hog), hidden("f()"), limits=SMALL)
    assert ran.outcomes == ["memory"]


def test_pages_that_processes_share_are_counted_once(toys):
    shares = "import os, time\nkept = bytearray(90 << 20)\n"
    shares += "for at in range(0, len(kept), 4096): kept[at] = 1\n"
    shares += "for _ in range(4):\n    if os.fork() == 0: time.sleep(1); os._exit(0)\n"
    shares += "print([os.wait()[1] for _ in range(4)])"
    assert toys.run(student(shares), limits=SMALL).text().strip() == "[0, 0, 0, 0]"


def test_nobody_outlives_a_notebook(toys):
    """A process that forks on and on, away from its parent and its group, is gone at the end."""
    mark = f"fled-{os.getpid()}-{os.urandom(4).hex()}"
    flee = (
        "import os, subprocess, sys\n"
        f"code = 'import os  # {mark}\\nwhile True: os.setsid() if os.fork() == 0 else os._exit(0)'\n"
        "subprocess.Popen([sys.executable, '-c', code], start_new_session=True)\nprint('left')"
    )
    assert toys.run(student(flee)).text().strip() == "left"
    assert not [path for path in Path("/proc").glob("[0-9]*/cmdline") if mark in _text(path)]


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""


def test_a_student_has_a_user_id_of_its_own(toys):
    if os.getuid() != 0:
        pytest.skip("only root hands out user ids")
    first, second = (toys.run(student("import os\nprint(os.getuid(), os.getgid())")).text() for _ in "ab")
    assert first != second and "0" not in (*first.split(), *second.split())


def test_files_can_be_written_again_and_are_kept(toys):
    source = (
        "open('given.txt', 'a').write('more')\nimport os\nos.mkdir('sub')\nopen('sub/x', 'w').write('y');"
    )
    ran = toys.run(student(source), files={"given.txt": "some"})
    assert ran.text() == ""
    assert toys.kept == {"given.txt": b"somemore", "sub/x": b"y"}


def test_the_grader_that_dies_takes_all_with_it(tmp_path):
    """A worker that is killed cannot clean up; the pipes and lifelines that it held do."""
    mark = f"600.{os.getpid()}{int.from_bytes(os.urandom(3), 'big')}"
    code = f"""
import os, signal, tempfile
from pathlib import Path
from tests.runtime.jails import servers_of
from tests.runtime.toys import Toys, student
from autograder.runtime.tiers import PARTS
with servers_of(PARTS[{strongest().tier}]) as warm:
    os.fork() or os._exit(Toys(warm, Path({str(tmp_path)!r})).run(
        student("import subprocess\\nsubprocess.run(['sleep', '{mark}'])")) and 0)
    while not any('{mark}' in p.read_text() for p in Path('/proc').glob('[0-9]*/cmdline')): pass
    os.killpg(0, signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, start_new_session=True, capture_output=True)
    deadline = time.monotonic() + 20
    while any(mark in _text(path) for path in Path("/proc").glob("[0-9]*/cmdline")):
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.skipif(os.getuid() != 0 or strongest().tier < STRONGEST, reason="root makes the other user")
def test_a_grader_that_is_not_root_has_the_strongest_jail_too(tmp_path):
    said = as_somebody_else(
        r"""
import os, tempfile
from pathlib import Path
from autograder.runtime.tiers import PARTS, strongest
from tests.runtime.jails import servers_of
from tests.runtime.toys import Toys, hidden, student
print(os.getuid(), strongest().tier, strongest().why_not_higher)
with servers_of(PARTS[3]) as warm:
    ran = Toys(warm, Path(tempfile.mkdtemp())).run(
        student("import os\nprint(os.getuid(), os.getpid())\nopen('x', 'w').write('y')\ndef f(): return 1"),
        hidden("assert f() == 1"),
    )
    print(ran.text(), ran.outcomes)
""",
        tmp_path,
    )
    assert said.split() == [f"{NOBODY}", "3", f"{NOBODY}", "2", "['passed']"]


def test_what_notebooks_do_still_works(servers, tmp_path):
    ran = Toys(servers, tmp_path).run(
        student(
            "import tempfile, subprocess, asyncio, threading, multiprocessing, sqlite3\n"
            "tempfile.TemporaryFile().write(b'x')\nopen('mine.txt', 'w').write('x')\n"
            "print(subprocess.run(['echo', 'echoed'], capture_output=True, text=True).stdout)\n"
            "import scipy.optimize, sklearn.datasets, matplotlib.animation\n"
            "database = sqlite3.connect('my.db')\n"
            "print(sklearn.datasets.load_iris().data.shape, database.execute('select 1').fetchall())"
        ),
        student(
            "import torch\nfrom torch.utils.data import DataLoader, TensorDataset\n"
            "loader = DataLoader(TensorDataset(torch.arange(100.0)), batch_size=10, num_workers=2)\n"
            "print(sum(float(batch.sum()) for batch, in loader))\n"
            "def square(x): return x * x\n"
            "with multiprocessing.get_context('fork').Pool(2) as pool: print(pool.map(square, range(4)))\n"
            "import getpass, os, pwd\nprint(getpass.getuser() == pwd.getpwuid(os.getuid()).pw_name)"
        ),
        student("import asyncio\nawait asyncio.sleep(0)\nprint('awaited')"),
        student("def f(x): return x + 1"),
        hidden("assert f(1) == 2"),
        names="f",
    )
    assert ran.outcomes == ["passed"]
    assert "echoed" in ran.text() and "(150, 4) [(1,)]" in ran.text() and "awaited" in ran.text(2)
    if "mount" in servers.jail.parts:  # without a file system of its own there is no shared memory
        assert ran.text(1).splitlines() == ["4950.0", "[0, 1, 4, 9]", "True"]


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


@pytest.mark.skipif(os.geteuid() != 0 or STRONGEST not in TIERS, reason="needs an /etc of its own")
def test_a_user_who_is_added_while_a_server_lives_stops_nobody(tmp_path):
    """The tools for that put a new /etc/passwd in the place of the old one, as installing packages does."""
    program = f"""
import os, shutil
from pathlib import Path
from autograder.runtime import kernel
from autograder.runtime.tiers import PARTS
from tests.runtime.jails import servers_of
from tests.runtime.toys import Toys

folder = Path({str(tmp_path)!r})
kernel.unshare(kernel.CLONE_NEWNS)
kernel.mount("none", "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
shutil.copytree("/etc", folder / "etc", symlinks=True)
kernel.mount(str(folder / "etc"), "/etc", None, kernel.MS_BIND)
with servers_of(PARTS[3]) as warm:
    for name in ("passwd", "group", "ld.so.cache"):
        toys = Toys(warm, folder)
        assert toys.outcome("x = 1", "assert x == 1") == "passed"
        new = Path("/etc/new")
        shutil.copy(f"/etc/{{name}}", new)
        new.rename(f"/etc/{{name}}")
"""
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT, timeout=120)
