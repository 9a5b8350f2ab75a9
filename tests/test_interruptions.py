"""A grader that is killed, interrupted, run twice at once, or finds no room: nothing is lost."""

import contextlib
import fcntl
import functools
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from autograder.runtime.watch import descendants
from tests.classroom import HALF, SETTINGS, Classroom, Ran

PATIENCE = 90.0  # seconds after which something that has to happen will not
SLOW = "import time\ntime.sleep(0.2)\n"


def wait_until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.002)


def of_a_class(room: Classroom) -> Classroom:
    """Five students: right, wrong, crashing, without a notebook and with an unreadable one."""
    room.settings(SETTINGS + "jobs = 1\n")
    room.hand_in("ada", half=SLOW + HALF)
    room.hand_in("bob", half=SLOW + "def half(x):\n    return 1")
    room.hand_in("cyd", half="def half(x):\n    import os\n    os._exit(0)")
    (room.hand_in("dan") / "nb.ipynb").unlink()
    (room.hand_in("eve") / "nb.ipynb").write_text("{")
    return room


@pytest.fixture
def room(tmp_path, servers) -> Classroom:
    return Classroom(tmp_path / "course", servers)


@pytest.fixture
def undisturbed(tmp_path, servers) -> dict:
    room = of_a_class(Classroom(tmp_path / "undisturbed", servers))
    room.grade()
    return room.facts()


def results(room: Classroom) -> dict[str, int]:
    """The complete results, and when they were written."""
    folder = room.root / ".autograder/results/toy"
    return {path.parent.name: path.stat().st_mtime_ns for path in folder.glob("*/result.json")}


def kill_when(room: Classroom, moment: Callable[[], object]) -> bool:
    """Whether the grader was still at work when that moment came."""
    process = room.start("grade", "toy", "--unverified")
    try:
        wait_until(lambda: moment() or process.poll() is not None)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=PATIENCE)
    return process.returncode == -signal.SIGKILL


def processes_in(folder: Path) -> list[int]:
    """Processes whose working directory lies below `folder`: examiners; a student may see another root."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if str(path.readlink()).startswith(str(folder)):
                found.append(int(path.parent.name))
        except OSError:  # it ended meanwhile
            continue
    return found


def is_executing(room: Classroom) -> bool:
    try:
        return any(room.temporary.glob("autograder-*/autograder-*/examiner"))
    except FileNotFoundError:  # Path.glob (3.11) minds a folder that goes while it looks: the canary's
        return False


def database_is_being_written(room: Classroom) -> bool:
    return room.course.gradebook.with_name("gradebook.db-journal").exists()


# Killed -----------------------------------------------------------------------------------------

# given the number of results that were complete when the run began
MOMENTS: dict[str, Callable[[Classroom, int], object]] = {
    "while the first submission runs": lambda room, _: is_executing(room),
    "when the first notebook is in its place": lambda room, _: list(room.root.glob("autograded/*/toy")),
    "when another result is complete": lambda room, before: len(results(room)) > before,
    "while the database is written": lambda room, before: (
        database_is_being_written(room) or len(results(room)) > before + 1
    ),
    "when all results are complete": lambda room, _: len(results(room)) == 5,
}


BRIEF_MOMENTS = ("while the database is written", "when all results are complete")


@pytest.mark.ci
def test_a_grader_killed_again_and_again_loses_nothing_and_repeats_nothing(room, undisturbed):
    of_a_class(room)
    complete: dict[str, int] = {}
    for name, moment in MOMENTS.items():
        killed = kill_when(room, functools.partial(moment, room, len(complete)))
        assert killed or name in BRIEF_MOMENTS, name
        now = results(room)
        final = {name: at for name, at in complete.items() if name != "cyd"}  # who crashes is tried again
        assert final.items() <= now.items(), "a complete result was made again"
        complete = now
    room.grade()
    assert room.facts() == undisturbed
    assert room.points() == {"ada": 5, "bob": 2, "cyd": 2, "dan": 0, "eve": 0}
    assert all(one.skipped for one in room.grade().values())
    assert [path.name for path in room.root.glob("autograded/*/.*")] == []
    with closing(sqlite3.connect(room.course.gradebook)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    # nbgrader too writes no row for a course without a name
    assert {(table, parent) for table, _, parent, _ in broken} <= {("assignment", "course")}


@pytest.mark.slow
def test_a_grader_killed_at_random_moments(room, undisturbed):
    of_a_class(room)
    chance = random.Random(5)
    for _ in range(40):
        end = time.monotonic() + chance.uniform(0.5, 6)
        kill_when(room, lambda end=end: time.monotonic() > end)
        if chance.random() < 0.1:
            shutil.rmtree(room.root / ".autograder")
    room.grade()
    assert room.facts() == undisturbed


def content_of(path: Path) -> bytes:
    """Nothing between the two renames of a folder that is replaced."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def test_a_regrade_killed_between_notebook_and_marks_is_finished_by_the_next_run(room):
    of_a_class(room)
    room.grade()
    room.hand_in("ada", half=SLOW + "def half(x):\n    return 0")
    kill_when(room, lambda: b"return 0" in content_of(room.autograded("ada") / "nb.ipynb"))
    room.grade()
    assert room.result("ada").points == 2
    assert "AssertionError" in room.shown("ada")
    assert room.marks_of("ada")["test_half"] == (0, 0)


def is_unlocked(path: Path) -> bool:
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


@pytest.mark.ci
def test_nothing_outlives_a_grader_that_was_killed_alone(room):
    room.hand_in("ada", half="while True: pass")
    process = room.start("grade", "toy", "--unverified")
    wait_until(lambda: is_executing(room) and processes_in(room.temporary))
    everyone = {pid: born for pid in descendants([process.pid]) if (born := birth_of(pid))}
    process.kill()
    process.communicate(timeout=PATIENCE)
    wait_until(lambda: not any(birth_of(pid) == born for pid, born in everyone.items()))
    (left,) = room.temporary.iterdir()
    wait_until(lambda: is_unlocked(left / "lock"))  # its workers hold the lock
    os.utime(left, (0, 0))  # long ago: a folder that young may belong to a run that just begins
    room.hand_in("ada")
    assert room.run("grade", "toy", "--unverified").code == 0
    assert list(room.temporary.iterdir()) == []


def birth_of(pid: int) -> str:
    """When a process began, which tells it from a later one of its number; nothing for none."""
    try:
        state, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if state == "Z" else fields[18]


# Interrupted ------------------------------------------------------------------------------------


def test_ctrl_c_is_one_line_leaves_nothing_behind_and_a_rerun_goes_on(room):
    room.hand_in("ada")
    room.hand_in("bob", half="while True: pass")
    process = room.start("grade", "toy", "--unverified", "--jobs", "1")
    wait_until(lambda: "ada" in results(room) and processes_in(room.temporary))
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 3, err
    complaints = [line for line in err.splitlines() if not line.startswith("ada: ")]
    assert complaints == ["autograder: interrupted; what was graded is kept, run the same command to go on"]
    assert out == ""
    assert list(room.temporary.iterdir()) == []
    assert processes_in(room.temporary) == []
    room.hand_in("bob")
    graded = room.grade()
    assert {name: one.skipped for name, one in graded.items()} == {"ada": True, "bob": False}
    assert room.marks_of("ada")["test_half"] == room.marks_of("bob")["test_half"] == (3, 0)


# Two at once ------------------------------------------------------------------------------------


@pytest.mark.ci
def test_two_graders_share_a_class(room):
    of_a_class(room)
    for number in range(4):
        room.hand_in(f"s{number}", half=SLOW + HALF)
    commands = [room.start("grade", "toy") for _ in range(2)]
    ran = []
    for process in commands:
        out, err = process.communicate(timeout=PATIENCE)
        ran.append(Ran(process.returncode, out, err))
    assert [one.code for one in ran] == [1, 1], [one.err for one in ran]  # eve's is not gradable
    lines = [line for one in ran for line in one.err.splitlines()]
    executed = sorted(line.split(":")[0] for line in lines if "(unchanged)" not in line)
    certain = [name for name in executed if name != "cyd"]  # who crashes is tried again, by either
    assert certain == sorted(set(certain))
    assert len(lines) == 18
    marks = room.marks()
    room.course.gradebook.unlink()
    room.grade()
    assert room.marks() == marks


def test_a_database_that_another_program_holds_is_waited_for(room):
    room.hand_in("ada")
    room.grade()
    (room.submitted("ada") / "timestamp.txt").write_text("2026-11-20 15:00:00 UTC")
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(room.course.gradebook)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdin is not None and holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    grader = room.start("grade", "toy")
    with pytest.raises(subprocess.TimeoutExpired):
        grader.communicate(timeout=3)
    holder.communicate(b"\n")
    _, err = grader.communicate(timeout=PATIENCE)
    assert (grader.returncode, err) == (0, "ada: 5 of 5 (unchanged)\n")
    assert room.sql("SELECT timestamp FROM submitted_assignment") == [("2026-11-20 15:00:00.000000",)]


_HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.readline()
connection.execute("COMMIT")
"""


def test_a_transaction_that_a_kill_tore_is_rolled_back_by_the_next_run(room):
    room.hand_in("ada")
    room.grade()
    marks = room.marks()
    subprocess.run([sys.executable, "-c", _TEAR, str(room.course.gradebook)], check=True)
    assert database_is_being_written(room)  # says the journal that was left
    (room.submitted("ada") / "timestamp.txt").write_text("2026-11-20 15:00:00 UTC")
    assert room.points() == {"ada": 5}
    assert room.marks() == marks
    assert room.sql("SELECT timestamp FROM submitted_assignment") == [("2026-11-20 15:00:00.000000",)]


_TEAR = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size = 1")
connection.execute("BEGIN IMMEDIATE")
connection.execute("UPDATE grade SET auto_score = 0")
for number in range(1000):
    connection.execute("INSERT INTO student (id, lms_user_id) VALUES (?, ?)", (f"torn{number}", "x" * 500))
os._exit(0)
"""


# No room ----------------------------------------------------------------------------------------


def test_files_that_may_not_grow_are_a_fault_in_one_line(room):
    room.hand_in("ada")
    ran = room.run("grade", "toy", "--unverified", prepare=_let_no_file_grow)
    assert ran.code == 4
    assert "cannot be written" in ran.line and "run the same command again" in ran.line
    assert list(room.temporary.iterdir()) == []
    assert room.points() == {"ada": 5}


def _let_no_file_grow() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))


def test_a_database_that_may_not_grow_is_a_fault_in_one_line(room):
    room.hand_in("ada")
    room.grade()
    marks = room.marks()
    room.course.gradebook.unlink()
    ran = room.run("grade", "toy", prepare=_let_no_file_grow)
    assert ran.code == 4
    assert "gradebook.db" in ran.line and "make room" in ran.line
    assert room.points() == {"ada": 5}
    assert room.marks() == marks


@pytest.fixture
def small_disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("mounting needs more rights than we have")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_found_out_before_anything_runs(small_disk):
    room = Classroom(small_disk / "course")
    room.hand_in("ada")
    ran = room.run("grade", "toy")
    assert ran.code == 4
    assert "MiB are free" in ran.line and "make room" in ran.line
