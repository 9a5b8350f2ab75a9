"""A GPU's device files inside the jail; a second /dev/zero of another name stands in for them."""

import os
import stat
from contextlib import ExitStack
from pathlib import Path

import pytest

from autograder.runtime import gpu, landlock
from autograder.runtime.servers import Servers
from autograder.runtime.tiers import PARTS, Jail, strongest

from .toys import Toys, hidden, student

TIERS = [tier for tier in (2, 3) if tier <= strongest().tier]
STANDIN, OTHER = (f"/dev/{name}-for-a-gpu-{os.getpid()}" for name in ("standin", "other"))
OPENS = f"""
import os
for path in ({STANDIN!r}, {OTHER!r}):
    try: os.close(os.open(path, os.O_RDWR)); print("opens")
    except OSError as error: print("refused")
"""


def make_device(path: str) -> None:
    """A second /dev/zero, open to everybody."""
    try:
        os.mknod(path, stat.S_IFCHR, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("only root can make a device file")
    Path(path).chmod(0o666)


def test_device_files_are_what_cuda_needs_and_no_more(tmp_path):
    for name in (
        "nvidia0",
        "nvidia12",
        "nvidiactl",
        "nvidia-uvm",
        "nvidia-uvm-tools",
        "nvidia-modeset",
        "kfd",
    ):
        make_device(str(tmp_path / name))
    (tmp_path / "nvidia1").write_text("a plain file")
    found = [Path(path).name for path in gpu.device_files(tmp_path)]
    assert found == ["nvidia-uvm", "nvidia0", "nvidia12", "nvidiactl"]


@pytest.fixture(scope="module")
def standin():
    for path in (STANDIN, OTHER):
        make_device(path)
    yield
    for path in (STANDIN, OTHER):
        Path(path).unlink()


@pytest.fixture(scope="module", params=TIERS, ids=lambda tier: f"tier {tier}")
def warm(request, standin):
    """Servers that let the device in, and such that do not."""
    made = Jail(request.param, PARTS[request.param], landlock_abi=landlock.abi())
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.setattr(gpu, "device_files", lambda: [STANDIN])
        yield {
            device: stack.enter_context(Servers((), ("pytest",), jail=made, device=device))
            for device in ("cuda", "cpu")
        }


@pytest.fixture
def toys_on(warm, tmp_path):
    return lambda device: Toys(warm[device], tmp_path)


def test_the_device_opens_for_the_student_who_may_use_it_and_no_other_does(toys_on):
    assert toys_on("cuda").run(student(OPENS)).text().split() == ["opens", "refused"]


def test_without_a_device_there_is_none(toys_on):
    assert toys_on("cpu").run(student(OPENS)).text().split() == ["refused", "refused"]


# what the driver does at its start, as seen on an H200: names its threads, listens on a socket
STARTS = """
import os, socket, threading
def attempt(what):
    try: what(); print("done")
    except OSError: print("refused")
def name():
    with open(f"/proc/self/task/{threading.get_native_id()}/comm", "w") as file: file.write("cuda")
def listen():
    global server
    server = socket.socket(socket.AF_UNIX); server.bind("\\0" + str(os.getpid())); server.listen()
def connect():
    socket.socket(socket.AF_UNIX).connect(server.getsockname())
attempt(name)
attempt(listen)
"""


def test_cuda_can_start(toys_on):
    assert toys_on("cuda").run(student(STARTS)).text().split() == ["done", "done"]


def test_without_a_device_nobody_listens_at_tier_2_nor_writes_to_proc(toys_on, warm):
    said = toys_on("cpu").run(student(STARTS)).text().split()
    assert said == ["refused", "refused" if warm["cpu"].jail.tier == 2 else "done"]


def test_a_device_lets_nobody_connect_at_tier_2(toys_on, warm):
    said = toys_on("cuda").run(student(f"{STARTS}\nattempt(connect)")).text().split()
    assert said[-1] == ("refused" if warm["cuda"].jail.tier == 2 else "done")


def test_a_device_opens_nothing_else_of_proc(toys_on):
    attack = (
        f"{STARTS}\nfor f in ('/proc/self/mem', '/proc/self/oom_score_adj'): attempt(lambda: open(f, 'r+b'))"
    )
    assert toys_on("cuda").run(student(attack)).text().split()[2:] == ["refused", "refused"]


def test_memory_that_the_gpu_does_not_have_is_memory(toys_on):
    raising = "class OutOfMemoryError(RuntimeError): pass\n"
    raising += "def fill():\n    raise OutOfMemoryError('CUDA out of memory')"
    assert toys_on("cpu").run(student(raising), hidden("fill()")).outcome == "memory"


def test_tests_run_on_both_devices_where_there_are_two(standin, tmp_path, monkeypatch):
    monkeypatch.setattr(gpu, "device_files", lambda: [STANDIN])
    test = "from autograder import checks\nassert [d.type for d in checks.devices()] == ['cpu', 'cuda']"
    with Servers((), ("pytest", "autograder.checks", "torch"), device="cuda") as warm:
        assert Toys(warm, tmp_path).run(student("x = 1"), hidden(test)).outcome == "passed"


def test_tests_run_on_the_cpu_otherwise(servers, tmp_path):
    test = "from autograder import checks\nassert [d.type for d in checks.devices()] == ['cpu']"
    assert Toys(servers, tmp_path).run(student("x = 1"), hidden(test)).outcome == "passed"


def test_the_examiner_has_the_device_too(toys_on):
    test = hidden(f"import os\nos.close(os.open({STANDIN!r}, os.O_RDWR))")
    assert toys_on("cuda").run(student("x = 1"), test).outcome == "passed"
    assert toys_on("cpu").run(student("x = 1"), test).outcome != "passed"
