"""Grading on a real Dask cluster: a scheduler and plain `dask worker`, in processes of their own here."""

import json
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.errors import UsageError
from autograder.grading import ClassRun, exit_code
from autograder.result import Status
from autograder.scheduling import cluster as clusters
from autograder.scheduling import members
from autograder.scheduling.cluster import Cluster
from autograder.scheduling.members import _require_same_dask
from benchmarks.dask_cluster import Dask
from tests.classroom import DOUBLE, REPOSITORY, SETTINGS, Classroom
from tests.personal.example import RidgeRoom

pytestmark = [pytest.mark.cluster, pytest.mark.filterwarnings("ignore::ResourceWarning")]

CRASHES = "import os, signal\ndef half(x):\n    os.kill(os.getpid(), signal.SIGKILL)"
WRONG_HALF = "def half(x):\n    return x // 2"
SECRET = "a-secret-of-the-cluster"


@pytest.fixture(scope="module")
def dask(tmp_path_factory) -> Iterator[Dask]:
    running = Dask(tmp_path_factory.mktemp("dask"), {"DASK_AUTOGRADER_SECRET": SECRET})
    running.start_workers(3)
    yield running
    running.stop()


@pytest.fixture
def empty(tmp_path) -> Iterator[Dask]:
    """A scheduler without workers."""
    (tmp_path / "empty").mkdir()
    running = Dask(tmp_path / "empty")
    yield running
    running.stop()


def class_of_twelve(root: Path, servers=None) -> Classroom:
    room = Classroom(root, servers)
    for number in range(9):
        room.hand_in(f"s{number}", **({"half": WRONG_HALF} if number % 3 else {}))
    room.write("submitted/unreadable/toy/nb.ipynb", b"[" * 10_000)
    folder = room.hand_in("writer", double=f"open('made.txt', 'w').write('made')\n{DOUBLE}")
    (folder / "own.py").write_text("x = 1")
    (folder / "link").symlink_to("/etc/passwd")
    room.hand_in("crashing", half=CRASHES)
    return room


def test_a_class_of_a_cluster_that_loses_a_worker_is_as_one_graded_here(tmp_path, servers, dask):
    here = class_of_twelve(tmp_path / "here", servers)
    here.grade()
    there = class_of_twelve(tmp_path / "there")
    victim = next(iter(dask.workers().values()))
    done: list[str] = []

    def lose_a_worker(graded) -> None:
        done.append(graded.result.student)
        if len(done) == 2:
            os.kill(victim, signal.SIGKILL)

    graded = there.grade(scheduler=dask.address, on_graded=lose_a_worker)
    assert there.facts() == here.facts()
    assert sorted(done) == sorted(graded) == sorted(there.course.students_submitted("toy"))
    assert not any(one.skipped for one in graded.values())
    assert [name for name, one in graded.items() if one.result.retries] == ["crashing"]
    # and the keys are the same: neither has anything to do that the other has done
    assert all(one.skipped for one in there.grade().values())
    assert all(one.skipped for one in here.grade(scheduler=dask.address).values())


def test_each_is_judged_by_data_of_their_own_there_too(tmp_path, dask):
    room = RidgeRoom(tmp_path / "course")
    room.hand_out()
    for student, other in (("ada", "ada"), ("bob", "ada"), ("cyd", "cyd")):
        room.hand_in(student, w=f"w = np.array({room.answers(other)})")
    (room.submitted("ada") / "personal.npz").write_bytes(room.own("bob"))
    graded = room.grade(scheduler=dask.address)
    assert {name: one.result.points for name, one in graded.items()} == {"ada": 4, "bob": 0, "cyd": 4}
    assert graded["ada"].result.tampering
    assert all(one.skipped for one in room.grade().values())


def test_what_ends_its_process_there_is_a_fault_of_that_submission_alone(tmp_path, monkeypatch, dask):
    room = Classroom(tmp_path / "course")
    for student in ("ada", "bob", "killer"):
        room.hand_in(student)
    packed = clusters.pack_task
    monkeypatch.setattr(
        clusters,
        "pack_task",
        lambda task: b"?" if task.submission.student == "killer" else packed(task),
    )
    graded = room.grade(scheduler=dask.address)
    assert {name: one.result.status for name, one in graded.items()} == {
        "ada": Status.GRADED,
        "bob": Status.GRADED,
        "killer": Status.FAULT,
    }
    assert "the process that had it died" in graded["killer"].result.withheld["fault"]
    assert room.marks_of("killer")["test_half"] == (None, 1)
    assert exit_code(list(graded.values())) == 4


def test_what_ends_workers_of_dask_s_is_a_fault_of_that_submission_alone(tmp_path, monkeypatch, dask):
    room = Classroom(tmp_path / "course")
    for student in ("ada", "bob", "killer"):
        room.hand_in(student)
    mark = Cluster._mark

    def end_worker(self, member, submission, then, is_trial=False) -> None:
        if b'"killer"' in submission:
            self._members.ask(member, then, os._exit, 9)
        else:
            mark(self, member, submission, then, is_trial)

    monkeypatch.setattr(Cluster, "_mark", end_worker)
    graded = room.grade(scheduler=dask.address)
    assert {name for name, one in graded.items() if one.result.status is Status.GRADED} == {"ada", "bob"}
    assert "was lost" in graded["killer"].result.withheld["fault"]


ESCAPE = """
import os, socket
for port in {ports}:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2)
        print("REACHED", port)
    except OSError as error:
        print("refused")
def names(folder):
    try:
        return os.listdir(folder)
    except OSError:
        return []
seen = repr(dict(os.environ))
for process in names("/proc") or [str(os.getppid()), str(os.getpid())]:
    for name in ("environ", "cmdline"):
        try:
            seen += open(f"/proc/{{process}}/{{name}}", "rb").read().decode("latin-1")
        except OSError:
            pass
for folder in ({folder!r}, "/etc/dask", os.path.expanduser("~/.config/dask")):
    if names(folder):
        print("LISTED", folder)
print("LEAKED" if {secret!r} in seen or "dask" in seen else "nothing seen")
def double(x):
    return 2 * x
"""


@pytest.mark.parametrize("tier", [3, 2])
def test_a_student_reaches_neither_scheduler_nor_worker_nor_dask_s_settings(tmp_path, dask, tier):
    room = Classroom(tmp_path / "course")
    room.settings(f"{SETTINGS}max_tier = {tier}\n")
    addresses = [dask.address, *dask.workers()]
    ports = [int(address.rpartition(":")[2]) for address in addresses]
    for port in ports:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()  # it can be done from outside
    room.hand_in("mallory", double=ESCAPE.format(ports=ports, folder=str(dask.folder), secret=SECRET))
    graded = room.grade(scheduler=dask.address)
    assert graded["mallory"].result.tier == tier
    assert said(room, "mallory") == "refused\n" * len(ports) + "nothing seen\n"


def said(room: Classroom, student: str) -> str:
    """What the student's cells printed."""
    cells = json.loads(room.shown(student))["cells"]
    streams = [out for cell in cells for out in cell.get("outputs", ()) if out["output_type"] == "stream"]
    return "".join("".join(stream["text"]) for stream in streams)


def other_build(folder: Path) -> Path:
    """Our package as another version of it would be."""
    shutil.copytree(REPOSITORY / "autograder", folder / "autograder")
    with (folder / "autograder" / "marking.py").open("a") as file:
        file.write("# of another version\n")
    return folder


def test_workers_of_another_build_get_nothing_and_the_others_all(tmp_path, dask):
    room = Classroom(tmp_path / "course")
    room.hand_in("ada")
    notes: list[str] = []
    others = dask.start_workers(1, path=other_build(tmp_path / "other"))
    try:
        graded = room.grade(scheduler=dask.address, on_note=notes.append)
    finally:
        others.terminate()
        others.wait(timeout=60)
    assert graded["ada"].result.points == 5
    (note,) = [note for note in notes if "not used" in note]
    assert "autograder 0" in note and "here" in note


def test_with_no_worker_like_us_nothing_is_graded(tmp_path, empty):
    room = Classroom(tmp_path / "course")
    room.hand_in("ada")
    empty.start_workers(1, path=other_build(tmp_path / "other"))
    with pytest.raises(UsageError, match=r"none of its 1 workers can be used: autograder 0.*, here 0"):
        room.grade(scheduler=empty.address)
    assert not room.course.result_path("toy", "ada").exists()


def test_without_workers_it_says_how_long_it_waits(tmp_path, empty):
    room = Classroom(tmp_path / "course")
    notes: list[str] = []
    with pytest.raises(UsageError, match="no worker came within 1 s; start some with `dask worker tcp"):
        Cluster(empty.address, room.context(), True, notes.append, patience=1)
    assert notes == [f"{empty.address} has no worker; waiting 1 s for one"]


@pytest.mark.parametrize(
    "address", ["127.0.0.1:8786", "http://127.0.0.1:8786", "tcp://", "tcp://127.0.0.1:1"]
)
def test_no_scheduler_is_one_line(tmp_path, monkeypatch, address):
    monkeypatch.setattr(members, "CONNECT_SECONDS", 1.0)
    room = Classroom(tmp_path / "course")
    with pytest.raises(UsageError) as raised:
        Cluster(address, room.context(), True, lambda note: None)
    assert address in str(raised.value) and "\n" not in str(raised.value)


def test_a_scheduler_of_another_version_is_refused():
    class Client:
        def get_versions(self):
            ours = {"python": "3.11.7", "dask": "2026.8.0", "distributed": "2026.8.0"}
            return {
                "client": {"packages": ours},
                "scheduler": {"packages": {**ours, "distributed": "2020.1"}},
            }

    with pytest.raises(UsageError, match=r"the scheduler has distributed 2020\.1, and there is 2026\.8\.0"):
        _require_same_dask(Client(), "tcp://there:8786")


def await_first(command: subprocess.Popen[str]) -> None:
    """Returns when the command has said that somebody is graded."""
    assert command.stderr is not None
    for line in command.stderr:
        if "of 5" in line:
            return
    raise AssertionError("nobody was graded")


def test_ctrl_c_leaves_the_rest_to_a_rerun(tmp_path, dask):
    room = class_of_twelve(tmp_path / "course")
    command = room.start("grade", "toy", "--unverified", "--scheduler", dask.address)
    await_first(command)
    command.send_signal(signal.SIGINT)
    _out, err = command.communicate(timeout=60)
    assert command.returncode == 3, err
    assert "Traceback" not in err
    before = room.course.students_graded("toy")
    assert 0 < len(before) < 12
    graded = room.grade(scheduler=dask.address)
    # what crashed is not final before it was tried alone
    assert {name for name, one in graded.items() if one.skipped} == set(before) - {"crashing"}
    assert len(room.course.students_graded("toy")) == 12


def test_a_scheduler_that_goes_ends_the_run_in_one_line(tmp_path, empty):
    room = class_of_twelve(tmp_path / "course")
    empty.start_workers(1)
    command = room.start("grade", "toy", "--unverified", "--scheduler", empty.address)
    await_first(command)
    empty.scheduler.kill()
    _out, err = command.communicate(timeout=120)
    assert command.returncode == 4, err
    assert "the scheduler is gone; run the same command again" in err.splitlines()[-1]


def test_jobs_are_not_for_a_cluster(tmp_path):
    room = Classroom(tmp_path / "course")
    room.hand_in("ada")
    ran = room.run("grade", "toy", "--jobs", "2", "--scheduler", "tcp://there:8786")
    assert ran.code == 2
    assert "--jobs is for this machine" in ran.line


def test_an_interpreter_that_does_not_come_along_is_refused(tmp_path):
    room = Classroom(tmp_path / "course")
    context = room.context()
    settings = context.settings
    from dataclasses import replace

    relative = replace(settings, student=replace(settings.student, python="venv/bin/python"))
    with pytest.raises(UsageError, match="the same absolute path"):
        Cluster("tcp://there:8786", replace(context, settings=relative), True, lambda note: None)


def test_results_of_any_allowed_tier_stand_on_a_cluster(tmp_path, servers):
    room = Classroom(tmp_path / "course", servers)
    room.hand_in("ada")
    room.grade()
    tier = room.result("ada").tier
    context = room.context()
    weaker = type(context)(*(getattr(context, name) for name in ("course", "assignment", "settings")),
                           context.test_folders, context.inputs, (tier or 3) - 1)  # fmt: skip
    assert ClassRun(weaker).unchanged("ada") is None
    assert ClassRun(weaker, on_cluster=True).unchanged("ada") is not None
