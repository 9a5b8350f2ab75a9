"""The grading process: what is handed in is graded once, whatever is killed when."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest
from sqlalchemy import event

from autograder.errors import UsageError
from autograder.source import SourceNotebook
from autograder.verifying.cases import submitted_notebook
from autograder.web.grader import HANDLERS, GradingProcess
from autograder.web.queue import JobState
from autograder.web.receipts import State
from autograder.web.store import problem_of

PATIENCE = 120.0


def answers(served, **given: str) -> bytes:
    source = SourceNotebook.parse("nb", (served.room.root / "source/toy/nb.ipynb").read_bytes())
    return submitted_notebook(source, {"why": "Since two.", **given})


@pytest.fixture
def process(served):
    made = GradingProcess(served.room.course, served.site.store, HANDLERS)
    yield made
    made.close()


def work_off(process) -> None:
    while process.step():
        pass


def test_uploads_are_graded_and_the_last_of_each_student_counts(served, process):
    served.receipt("ada", ("nb.ipynb", answers(served, half="def half(x):\n    return 0")))
    served.receipt("ada", ("nb.ipynb", answers(served)))
    served.receipt("bob", ("nb.ipynb", answers(served, double="def double(x):\n    return 0")))
    work_off(process)
    states = {who: [r.state for r in served.site.receipts.of(who)] for who in ("ada", "bob")}
    assert states == {"ada": [State.GRADED, State.REPLACED], "bob": [State.GRADED]}
    assert {who: served.room.result(who).points for who in states} == {"ada": 5, "bob": 3}
    served.receipt("bob", ("nb.ipynb", answers(served)))
    work_off(process)
    assert served.room.result("bob").points == 5
    process.close()
    assert served.room.marks_of("bob")["test_double"][0] == 2
    page = served.visitor("bob").get("/assignments/toy").text
    assert "Graded." in page and "setup" in page
    assert "two times two" not in page and "5 of" not in page  # hidden, and not released


def test_marks_are_shown_when_they_are_released(served, process):
    from autograder.web.store import Release

    served.receipt("ada", ("nb.ipynb", answers(served)))
    work_off(process)
    process.close()
    served.site.store.set_release("toy", Release(marks=True), "ina")
    page = served.visitor("ada").get("/assignments/toy").text
    assert "points so far" in page and "nb/test_double" in page and "nb/why" in page
    assert "5</strong> of 9, so far" in served.visitor("ada").get("/assignments").text


def test_an_assignment_that_does_not_verify_waits_and_says_why(served, process):
    served.receipt("ada", ("nb.ipynb", answers(served)))
    source = served.room.root / "source/toy/nb.ipynb"
    good = source.read_bytes()
    source.write_bytes(good.replace(b"== 1.5", b"== 2.5"))
    assert process.step()
    assert "does not verify" in (served.site.store.get(problem_of("toy")) or "")
    assert served.site.receipts.of("ada")[0].state is State.KEPT
    page = served.visitor("ada").get("/assignments/toy").text
    assert "held up" in page and "verify" not in page
    source.write_bytes(good)
    process._not_before.clear()
    work_off(process)
    assert served.site.receipts.of("ada")[0].state is State.GRADED
    assert served.site.store.get(problem_of("toy")) == ""


def test_a_job_that_nobody_knows_fails_with_a_reason_and_stops_nothing(served, process):
    number = served.site.jobs.add("dance", "toy", "ina")
    work_off(process)
    job = served.site.jobs.get(number)
    assert job.state is JobState.FAILED and "dance" in job.note


def test_a_job_that_a_dead_process_had_comes_again(served):
    first, second = (served.site.jobs.add("regrade", "toy", "ina", students=["ada"]) for _ in range(2))
    assert served.site.jobs.take().number == first
    assert served.site.jobs.take().number == first
    served.site.jobs.end(served.site.jobs.get(first), {"graded": 1})
    assert served.site.jobs.take().number == second


# killed -------------------------------------------------------------------------------------------------


def start(served) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "autograder.web.grader", str(served.room.root), str(os.getpid())],
        env=served.room.environment(),
        stdin=subprocess.DEVNULL,
    )


def results(served) -> dict[str, int]:
    """By student, when the result that stands was written."""
    folder = served.room.root / ".autograder/results/toy"
    return {path.parent.name: path.stat().st_mtime_ns for path in folder.glob("*/result.json")}


def until(condition) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def all_over(served) -> bool:
    receipts = [receipt for who in ("ada", "bob") for receipt in served.site.receipts.of(who)]
    return all(receipt.state.is_over for receipt in receipts)


@pytest.mark.ci
def test_killed_again_and_again_everything_is_graded_once(served):
    chance = random.Random(7)
    for n in range(2):
        for who in ("ada", "bob"):
            served.receipt(who, ("nb.ipynb", answers(served, why=f"Since {n}.")))
    standing: dict[str, int] = {}
    for wait in (0.9, 3.0, None):
        process = start(served)
        if wait is None:
            until(lambda: results(served))  # a result stands, and perhaps nobody has noted it yet
        else:
            time.sleep(wait + chance.random())
        process.send_signal(signal.SIGKILL)
        process.wait()
        now = results(served)
        assert {who: now[who] for who in standing} == standing  # what was there was not made again
        standing = now
    process = start(served)
    until(lambda: all_over(served))
    process.terminate()
    assert process.wait(PATIENCE) == 0
    now = results(served)
    assert set(now) == {"ada", "bob"} and {who: now[who] for who in standing} == standing
    for who in ("ada", "bob"):
        assert [r.state for r in served.site.receipts.of(who)] == [State.GRADED, State.REPLACED]
        assert served.room.marks_of(who)["test_half"][0] == 3


def test_an_end_in_the_middle_of_a_statement_is_no_other_error_and_writes_nothing(served):
    store = served.site.store

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), store.writing() as connection:
        connection.exec_driver_sql("UPDATE about SET value = 'x'")
        event.listen(connection, "after_cursor_execute", interrupt)
        connection.exec_driver_sql("SELECT 1")
    assert store.get("secret") not in (None, "x")


def test_the_process_ends_with_whoever_started_it(served):
    """Killed with -9, so that nobody could end it."""
    code = (
        "import os, subprocess, sys, time\n"
        "p = subprocess.Popen([sys.executable, '-P', '-m', 'autograder.web.grader', sys.argv[1], "
        "str(os.getpid())], start_new_session=True)\n"
        "print(p.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(served.room.root)],
        env=served.room.environment(),
        stdout=subprocess.PIPE,
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    until(lambda: (served.room.course.state / "web-grader.lock").exists())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until(lambda: _is_gone(child))


def _is_gone(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat") as file:  # noqa: PTH123
            return file.read().split()[2] == "Z"
    except FileNotFoundError:
        return True


def test_an_unknown_assignment_is_put_off_and_others_go_on(served, process):
    served.room.write("release/gone/nb.ipynb", "{}")
    served.receipt("ada", assignment="gone")
    served.receipt("bob", ("nb.ipynb", answers(served)))
    with pytest.raises(UsageError):
        served.room.course.require_assignment("gone")
    work_off(process)
    assert served.site.receipts.of("bob")[0].state is State.GRADED
    assert served.site.receipts.of("ada")[0].state is State.RECEIVED
