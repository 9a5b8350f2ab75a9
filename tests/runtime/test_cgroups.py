"""Limits that the kernel keeps for a whole tree, where a control group was delegated."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.runtime import cgroups
from autograder.runtime.watch import Allowance

ALLOWED = Allowance(memory=64 << 20, processes=4, disk=1 << 20, room=None)


def roots() -> list[Path]:
    lines = [line.split() for line in Path("/proc/self/mounts").read_text().splitlines()]
    return [Path(fields[1]) for fields in lines if fields[2] == "cgroup2"]


def offered() -> set[str]:
    return {name for root in roots()[:1] for name in cgroups.controllers(str(root))}


@pytest.fixture
def group() -> Iterator[Path]:
    """A group that was delegated to whoever is in it."""
    if not offered():
        pytest.skip("no controller of cgroup v2 here")
    root = roots()[0]
    made = root / "autograder-test"
    try:
        (root / "cgroup.subtree_control").write_text(" ".join(f"+{name}" for name in offered()))
        made.mkdir()
        os.setxattr(made, "user.delegate", b"1")
    except OSError as error:
        pytest.skip(f"groups are not ours to make: {error}")
    yield made
    for folder in sorted(made.rglob("*/"), reverse=True):
        folder.rmdir()
    made.rmdir()


def run(group: Path, program: str) -> dict[str, Any]:
    """`program` in a process of the group, with `groups` and `ALLOWED`; what it prints."""
    start = (
        f"import os; open({str(group / 'cgroup.procs')!r}, 'w').write(str(os.getpid()))\n"
        "import json\n"
        "from autograder.runtime import cgroups\n"
        "from tests.runtime.test_cgroups import ALLOWED\n"
        "groups = cgroups.delegated()\n"
    )
    done = subprocess.run([sys.executable, "-c", start + program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def test_processes_are_limited_and_all_die_with_the_group(group):
    if "pids" not in offered():
        pytest.skip("no controller of processes here")
    said = run(
        group,
        """
import os, signal, time
child = groups.open(ALLOWED)
if os.fork() == 0:
    child.enter()
    for count in range(1000):
        try:
            if os.fork() == 0:
                signal.pause()
        except OSError:
            os._exit(count)
_, status = os.wait()
child.close()
for _ in range(100):
    left = groups.sweep()
    if not left:
        break
    time.sleep(0.05)
print(json.dumps({"forked": os.waitstatus_to_exitcode(status), "left": left}))
""",
    )
    assert said == {"forked": ALLOWED.processes - 1, "left": []}


def test_too_much_memory_is_the_end_of_all_in_the_group(group):
    if "memory" not in offered():
        pytest.skip("no controller of memory here")
    said = run(
        group,
        """
child = groups.open(ALLOWED)
if os.fork() == 0:
    child.enter()
    kept = [bytes(1 << 20) + b"x" for _ in range(200)]
    os._exit(0)
pid, status = os.wait()
print(json.dumps({"status": os.waitstatus_to_exitcode(status), "over": child.over}))
child.close()
""",
    )
    assert said == {"status": -9, "over": "memory"}


def test_what_no_controller_limits_is_watched(group):
    said = run(
        group,
        "from dataclasses import asdict, replace\n"
        "left = groups.left_to_watch(replace(ALLOWED, room='here'))\n"
        "print(json.dumps({'controllers': groups.controllers, **asdict(left)}))",
    )
    assert set(said["controllers"]) == offered()
    assert said["disk"] == ALLOWED.disk and said["room"] == "here"
    assert (said["processes"] == ALLOWED.processes) == ("pids" not in offered())
    assert (said["memory"] == ALLOWED.memory) == ("memory" not in offered())


def test_a_group_that_nobody_delegated_is_left_alone(group):
    os.removexattr(group, "user.delegate")
    if os.geteuid() == 0:
        assert run(group, "print(json.dumps({'groups': repr(groups)}))") == {"groups": "None"}
    assert not any(group.glob("*/"))
