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
STANDIN = f"/dev/standin-for-a-gpu-{os.getpid()}"
OPENS = f"""
import os
for path in ({STANDIN!r}, "/dev/tty", "/dev/kmsg"):
    try: os.close(os.open(path, os.O_RDWR)); print(path, "opens")
    except OSError as error: print(path, "refused")
"""


def test_device_files_are_found_by_their_names(tmp_path):
    assert gpu.device_files(Path("/dev"), ("nul[l]", "full", "shm", "no-such")) == ["/dev/full", "/dev/null"]
    (tmp_path / "nvidia0").write_text("a plain file")
    assert gpu.device_files(tmp_path) == []


@pytest.fixture(scope="module")
def standin():
    try:
        os.mknod(STANDIN, stat.S_IFCHR, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("only root can make a device file")
    Path(STANDIN).chmod(0o666)
    yield
    Path(STANDIN).unlink()


@pytest.fixture(scope="module", params=TIERS, ids=lambda tier: f"tier {tier}")
def warm(request, standin):
    """Servers that let the device in, and such that do not."""
    made = Jail(request.param, PARTS[request.param], landlock_abi=landlock.abi())
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.setattr(gpu, "device_files", lambda: [STANDIN])
        preload = ("pytest", "autograder.checks")
        yield {
            device: stack.enter_context(Servers((), preload, jail=made, device=device))
            for device in ("cuda", "cpu")
        }


@pytest.fixture
def toys_on(warm, tmp_path):
    return lambda device: Toys(warm[device], tmp_path)


def test_the_device_opens_for_the_student_who_may_use_it_and_no_other_does(toys_on):
    ran = toys_on("cuda").run(student(OPENS))
    assert ran.text().split("\n")[:3] == [f"{STANDIN} opens", "/dev/tty refused", "/dev/kmsg refused"]


def test_without_a_device_there_is_none(toys_on):
    assert f"{STANDIN} refused" in toys_on("cpu").run(student(OPENS)).text()


@pytest.mark.parametrize(("device", "names"), [("cuda", ["cpu", "cuda"]), ("cpu", ["cpu"])])
def test_tests_run_on_every_device_in_use(toys_on, device, names):
    ran = toys_on(device).run(
        student("x = 1"),
        hidden(f"from autograder import checks\nassert [d.type for d in checks.devices()] == {names}"),
    )
    assert ran.outcome == "passed"


def test_the_examiner_has_the_device_too(toys_on):
    test = hidden(f"import os\nos.close(os.open({STANDIN!r}, os.O_RDWR))")
    assert toys_on("cuda").run(student("x = 1"), test).outcome == "passed"
    assert toys_on("cpu").run(student("x = 1"), test).outcome != "passed"
