"""Whose failure is it, and what a death costs: wall.md, "Death and replay"."""

import contextlib
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.runtime.session import Limits
from tests.runtime.toys import hidden, locked, student

SHORT = Limits(cell_seconds=1, test_seconds=1)
DIE = "import os, signal, ctypes\n"
DEATHS = {
    "exit": "os._exit(0)",
    "exit with a status": "os._exit(7)",
    "abort": "os.abort()",
    "segfault": "ctypes.string_at(0)",
    "kill": "os.kill(os.getpid(), signal.SIGKILL)",
    "term": "os.kill(os.getpid(), signal.SIGTERM)",
    "own group": "os.killpg(0, signal.SIGKILL)",
    "execve": "os.execv('/bin/true', ['true'])",
}


@pytest.mark.parametrize("death", DEATHS)
def test_a_death_during_a_test_costs_that_test_alone(toys, death):
    ran = toys.run(
        student(f"{DIE}def f(): {DEATHS[death]}\ndef g(): return 1"),
        hidden("assert g() == 1"),
        hidden("f()"),
        hidden("assert g() == 1"),
        names="f g",
    )
    assert ran.outcomes[0] == ran.outcomes[2] == "passed"
    assert ran.outcomes[1] in ("crashed", "memory")
    assert ran.test("t2").value == 0.0
    assert len(ran.run.notes) == 1


@pytest.mark.parametrize("death", DEATHS)
def test_a_death_in_a_cell_costs_that_cell_alone(toys, death):
    ran = toys.run(
        student("def g(): return 1"),
        student(f"{DIE}print('before')\n{DEATHS[death]}"),
        student("print('after')"),
        hidden("assert g() == 1"),
        names="g",
    )
    assert ran.outcomes == ["passed"]
    assert ran.text(2).strip() == "after"
    assert "ProcessDied" in ran.text(1)


def test_no_exception_in_a_test_hides_a_death(toys):
    """`except Exception`, pytest.raises and suppress in a test do not turn a death into a pass."""
    answer = "import os\ndef f(): os._exit(0)"
    for test in (
        "try:\n    f()\nexcept Exception:\n    pass",
        "import pytest\nwith pytest.raises(Exception):\n    f()",
        "import contextlib\nwith contextlib.suppress(BaseException):\n    f()",
        "try:\n    f()\nexcept:\n    pass",
    ):
        assert toys.outcome(answer, test, names="f") == "crashed"


def test_a_death_after_the_test_is_done_is_not_the_next_tests(toys):
    """A thread that ends the process between the cells."""
    answer = (
        "import os, threading\ndef f():\n"
        "    threading.Timer(0.3, os._exit, [0]).start()\n    return 1\n"
        "def g(): return 2"
    )
    ran = toys.run(
        student(answer),
        hidden("assert f() == 1"),
        student("import time\ntime.sleep(2)"),
        hidden("assert g() == 2"),
        names="f g",
    )
    assert ran.outcomes == ["passed", "passed"]


def test_an_endless_loop_is_interrupted_and_the_state_lives_on(toys):
    ran = toys.run(
        student("n = 0\ndef f():\n    global n\n    n += 1\n    while True: pass\ndef g(): return n"),
        hidden("f()"),
        hidden("assert g() == 1"),
        limits=SHORT,
    )
    assert ran.outcomes == ["timeout", "passed"]
    assert not ran.run.notes


@pytest.mark.parametrize(
    "loop",
    [
        "while True:\n        try:\n            while True: sum(range(99))\n"
        "        except BaseException: pass",
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n    while True: pass",
        "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n    while True: pass",
        "ctypes.CDLL(None).pause()\n    while True: ctypes.CDLL(None).pause()",
        "os.kill(os.getpid(), signal.SIGSTOP)",
    ],
)
def test_a_loop_that_cannot_be_interrupted_is_killed(toys, loop):
    started = time.monotonic()
    ran = toys.run(
        student(f"{DIE}def f():\n    {loop}\ndef g(): return 1"),
        hidden("f()"),
        hidden("assert g() == 1"),
        limits=SHORT,
        names="f g",
    )
    assert ran.outcomes == ["timeout", "passed"]
    assert time.monotonic() - started < 90


TAKES_OVER = """
import sys, time
wire, side = sys.modules["runtime.wire"], sys.modules["runtime.student"]
def half_a_frame(self, *parts):
    self.sock.send(bytes([16, 0]))
    time.sleep(3600)
def deaf(self):
    time.sleep(3600)
"""


def test_an_answer_that_is_begun_and_never_ended_is_not_waited_for(toys):
    started = time.monotonic()
    ran = toys.run(
        student(f"{TAKES_OVER}wire.Channel.send = half_a_frame"),
        student("f = 1"),
        hidden("assert f == 1"),
        limits=SHORT,
    )
    assert ran.outcomes == ["passed"]
    assert time.monotonic() - started < 90


def test_nor_is_a_cell_that_the_process_does_not_read(toys):
    started = time.monotonic()
    ran = toys.run(
        student(f"{TAKES_OVER}wire.Channel.receive = deaf"),
        student("#" * 4_000_000),
        student("f = 1"),
        hidden("assert f == 1"),
        limits=SHORT,
    )
    assert ran.outcomes == ["crashed"]  # the same again in every life
    assert time.monotonic() - started < 90


def test_a_loop_in_a_cell_is_a_timeout_of_that_cell(toys):
    ran = toys.run(
        student("x = 1"),
        student("while True:\n    try:\n        while True: sum(range(99))\n    except BaseException: pass"),
        student("x"),
        limits=SHORT,
    )
    assert "ProcessDied" in ran.text(1)
    assert ran.text(2).strip() == "1"


def test_an_interrupt_that_the_test_swallows_is_a_timeout_all_the_same(toys):
    test = "try:\n    f()\nexcept Exception:\n    pass"
    assert toys.outcome("def f():\n    while True: pass", test, limits=SHORT) == "timeout"


@pytest.mark.parametrize(
    "hog",
    [
        "x = bytearray(10**12)",
        "x = []\n    while True: x.append(bytearray(10**7))",
        "import numpy as np\n    x = np.ones(10**12)",
    ],
)
def test_a_memory_hog_is_stopped_and_the_next_test_runs(toys, hog):
    limits = Limits(test_seconds=10, memory_bytes=300 * 2**20)
    ran = toys.run(
        student(f"def f():\n    {hog}\ndef g(): return 1"),
        hidden("f()"),
        hidden("assert g() == 1"),
        limits=limits,
        names="f g",
    )
    assert ran.outcomes[0] in ("memory", "crashed", "error")
    assert ran.outcomes[1] == "passed"


def test_too_large_a_file_is_an_error(toys):
    limits = Limits(file_bytes=1_000_000)
    ran = toys.run(student("open('big', 'wb').write(b'x' * 10**7)"), student("print('on')"), limits=limits)
    assert "OSError" in ran.text()
    assert ran.text(1).strip() == "on"


# replay -------------------------------------------------------------------------------------------


def test_a_replay_leaves_out_the_guilty_cell_and_repeats_the_others(toys):
    ran = toys.run(
        student("log = ['a']"),
        student("log.append('b')\nif not hasattr(__builtins__, 'x'):\n    import os; os._exit(1)"),
        student("log.append('c')"),
        hidden("assert log == ['a', 'c'], log"),
        names="log",
    )
    assert ran.outcomes == ["passed"]


def test_a_replay_leaves_out_cells_that_timed_out(toys):
    ran = toys.run(
        student("log = ['a']"),
        student("log.append('slow')\nwhile True: pass"),
        student("import os\ndef f(): os._exit(1)"),
        hidden("assert log == ['a', 'slow']"),
        hidden("f()"),
        hidden("assert log == ['a'], log"),
        names="log f",
        limits=SHORT,
    )
    assert ran.outcomes == ["passed", "crashed", "passed"]


def test_a_replay_begins_with_the_files_as_they_were_before_the_first_cell(toys):
    ran = toys.run(
        student("open('log', 'a').write('x')\nopen('given', 'a').write('!')"),
        student("import os\ndef f():\n    open('log', 'a').write('test')\n    os._exit(1)"),
        hidden("f()"),
        student("print(open('log').read(), open('given').read())"),
        hidden("assert open('log').read() == 'x'"),
        files={"given": "data"},
        names="f",
    )
    assert ran.outcomes == ["crashed", "passed"]
    assert ran.text(3).strip() == "x data!"


def test_both_lives_draw_the_same_random_numbers(toys):
    draw = "import random, numpy as np, torch\nx = (random.random(), np.random.rand(), float(torch.rand(1)))"
    ran = toys.run(
        student(draw),
        student("import os\ndef f(): os._exit(1)\nprint(x)"),
        hidden("before = x"),
        hidden("f()"),
        hidden("assert x == before"),
        student("print(x)"),
        names="x f",
    )
    assert ran.outcomes == ["passed", "crashed", "passed"]
    assert ran.text(1) == ran.text(5)


def test_the_outputs_of_the_first_life_stay(toys):
    ran = toys.run(
        student("import time\nprint('at', time.monotonic_ns())"),
        student("import os, time\ndef f(): os._exit(1)\nprint(os.getpid())\nborn = time.monotonic_ns()"),
        hidden("first = born"),
        hidden("f()"),
        hidden("assert born != first"),
        names="f born",
    )
    assert ran.outcomes == ["passed", "crashed", "passed"]
    assert ran.text(0).count("at") == 1
    assert list(ran.run.counts.values()) == [1, 2]


def test_a_student_is_replayed_at_most_twice(toys):
    ran = toys.run(
        student("import os\ndef f(): os._exit(1)\ndef g(): return 1"),
        hidden("assert g() == 1"),
        hidden("f()"),
        hidden("f()"),
        hidden("assert g() == 1"),
        hidden("f()"),
        hidden("assert g() == 1"),
        student("print('never')"),
        names="f g",
    )
    assert ran.outcomes == ["passed", "crashed", "crashed", "passed", "crashed", "crashed"]
    assert "NotRun" in ran.text(7)


def test_a_handle_of_a_dead_student_makes_the_test_crash(toys):
    ran = toys.run(
        student("import os\nclass A: x = 1\ndef make(): return A()\ndef f(): os._exit(1)"),
        hidden("kept = make()\nassert kept.x == 1"),
        hidden("f()"),
        hidden("kept.x"),
        hidden("assert make().x == 1"),
        names="f make",
    )
    assert ran.outcomes == ["passed", "crashed", "crashed", "passed"]


def test_a_replay_takes_at_most_the_time_that_was_used_so_far(toys):
    """A cell that is fast at first and slow in a second life does not hold the run up."""
    answer = (
        "import time, os\nif time.monotonic() > LATER: time.sleep(600)\n"
        "def f():\n    time.sleep(max(0, LATER - time.monotonic()))\n    os._exit(1)"
    )
    started = time.monotonic()
    ran = toys.run(
        student(answer.replace("LATER", str(started + 3))),
        hidden("f()"),
        hidden("f"),
        limits=Limits(cell_seconds=2, test_seconds=10),
        names="f",
    )
    assert ran.outcomes == ["crashed", "error"] or ran.outcomes == ["crashed", "crashed"]
    assert time.monotonic() - started < 25


def test_the_time_of_a_notebook_is_bounded(toys):
    cells = [student("import time\ntime.sleep(0.6)")] * 5
    ran = toys.run(*cells, hidden("assert True"), limits=Limits(total_seconds=1))
    assert ran.outcomes == ["timeout"]
    assert "NotRun" in ran.text(4)


# the examiner -------------------------------------------------------------------------------------


def test_an_examiner_that_runs_out_of_memory_costs_that_test_alone(toys):
    """[ran] An answer of shape (60000, 1) against (60000,) makes np.allclose ask for 27 GB."""
    ran = toys.run(
        student("import numpy as np\ndef f(): return np.zeros((60000, 1))\ndef g(): return 1"),
        hidden("import numpy as np\nassert np.allclose(f(), np.zeros(60000))"),
        hidden("assert g() == 1"),
        names="f g",
    )
    assert ran.outcomes == ["memory", "passed"]
    assert ran.test().message == "this question took more memory than is allowed"


EXAMINER_DEATHS = [
    "import os\nos._exit(1)",
    "import ctypes\nctypes.string_at(0)",
    "import os\nos.kill(os.getpid(), 9)",
]


@pytest.mark.parametrize("death", EXAMINER_DEATHS)
def test_an_examiner_that_dies_is_replaced_and_its_cells_run_again(toys, death):
    ran = toys.run(
        locked("X = [1, 2]"),
        student("def f(): return X"),
        hidden("helper = 5\nassert f() == X"),
        hidden(f"f()\n{death}"),
        hidden("assert f() == X and helper == 5"),
        names="f",
    )
    assert ran.outcomes[0] == ran.outcomes[2] == "passed"
    assert ran.outcomes[1] in ("memory", "crashed")


def test_an_examiner_that_hangs_is_killed_and_replaced(toys):
    hang = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nf()\nwhile True: pass"
    ran = toys.run(student("def f(): return 1"), hidden(hang), hidden("assert f() == 1"), limits=SHORT)
    assert ran.outcomes == ["timeout", "passed"]


def test_a_comparison_that_takes_too_long_is_a_timeout_of_the_submission(toys):
    """Values that are slow to compare count against who returned them."""
    ran = toys.run(
        student("def f(): return 10**6"),
        hidden("import time\nfor _ in range(f()): time.sleep(0.01)"),
        hidden("assert f()"),
        limits=SHORT,
    )
    assert ran.outcomes == ["timeout", "passed"]


DEAF_LOOP = """
import signal
calls = 0
def f():
    global calls
    calls += 1
    if calls > LAST:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        while True: pass
    return 1
def g(): return 2
"""


def test_a_locked_cell_that_the_student_will_not_finish_is_no_fault(toys):
    """The examiner runs it as well, and the student process that had to be killed is missed there."""
    ran = toys.run(
        student(DEAF_LOOP.replace("LAST", "1")),
        locked("data = f()"),
        student("x = 1"),
        hidden("assert g() == 2"),
        hidden("assert x == data"),
        limits=SHORT,
        names="f g x",
    )
    assert ran.outcomes == ["passed", "error"]
    assert len(ran.run.notes) == 1


def test_nor_is_a_test_that_the_student_will_not_finish_when_it_is_repeated(toys):
    """It hangs for good in the second life alone, which a student can tell by the clock."""
    toys.run(hidden("pass"))  # the servers are warm from here on
    later = str(time.monotonic() + 4)
    ran = toys.run(
        student(DEAF_LOOP.replace("LAST", f"(0 if time.monotonic() > {later} else 1)") + "import time"),
        hidden("assert f() == 1"),
        student(f"import time\ntime.sleep(max(0, {later} - time.monotonic()))"),
        hidden("import os\nos._exit(1)"),  # as an answer does that takes all memory
        student("x = 1"),
        hidden("assert x == 1"),
        limits=Limits(cell_seconds=10, test_seconds=1),
        names="f x",
    )
    assert ran.outcomes[:2] == ["passed", "memory"]


def test_a_callback_that_never_ends_is_a_timeout(toys):
    ran = toys.run(
        student("def f(g):\n    while True: g()"),
        hidden("def g(): pass\nf(g)"),
        hidden("assert callable(f)"),
        limits=SHORT,
    )
    assert ran.outcomes == ["timeout", "passed"]


# what is left behind --------------------------------------------------------------------------------


def test_processes_that_a_student_leaves_behind_are_killed(toys):
    seconds = f"600.{random.randrange(10**9)}"  # tells them from all other sleepers
    answer = (
        "import os, subprocess, sys\n"
        f"a = subprocess.Popen(['sleep', '{seconds}'])\n"
        f"b = subprocess.Popen(['sleep', '{seconds}'], start_new_session=True)\n"
        "if os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
        f"        os.execvp('sleep', ['sleep', '{seconds}'])\n    os._exit(0)\n"
        "os.wait()\nprint('left')"
    )
    ran = toys.run(student(answer))
    assert ran.text().strip() == "left"
    assert not [pid for pid, command in _commands() if seconds in command]


def _commands() -> Iterator[tuple[int, str]]:
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            with contextlib.suppress(OSError):
                yield int(path.name), (path / "cmdline").read_text()


def test_one_submissions_death_does_not_touch_the_servers(toys, servers):
    before = servers.student.pid, servers.examiner.pid
    toys.run(student("import os, signal\nos.kill(os.getppid(), signal.SIGINT)\nos._exit(1)"))
    assert toys.outcome("def f(): return 1", "assert f() == 1") == "passed"
    assert (servers.student.pid, servers.examiner.pid) == before
