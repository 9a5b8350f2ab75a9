import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from autograder.scheduling.local import LocalPool, WorkerDied, settle
from tests.classroom import REPOSITORY


def answers(function, items, jobs=2) -> dict:
    return dict(LocalPool(function, jobs).run(items))


def test_every_item_gets_its_answer():
    assert answers(lambda n: n * n, range(20), jobs=3) == {n: n * n for n in range(20)}


def test_no_items_start_no_worker():
    assert answers(lambda n: n, []) == {}


def test_answers_come_from_other_processes():
    assert set(answers(lambda _: os.getpid(), range(3)).values()).isdisjoint({os.getpid()})


def test_every_worker_keeps_to_a_core_of_its_own():
    every = sorted(os.sched_getaffinity(0))

    def own(_):
        time.sleep(0.1)  # so that each gets one
        return tuple(os.sched_getaffinity(0))

    assert set(answers(own, range(4 * len(every)), len(every)).values()) == {(core,) for core in every}
    assert set(answers(own, range(9), jobs=len(every) + 1).values()) == {tuple(every)}


def test_what_the_function_closes_over_is_inherited():
    lock = threading.Lock()  # cannot be pickled
    assert answers(lambda n: lock.locked(), [1]) == {1: False}


def test_an_exception_is_the_answer_of_its_item_alone():
    def invert(n):
        return 1 / n

    found = answers(invert, [0, 2])
    assert isinstance(found[0], ZeroDivisionError)
    assert found[2] == 0.5


@pytest.mark.parametrize(("which", "count"), [(3, 8), (0, 3000)], ids=["later", "at once in a large class"])
def test_a_worker_that_dies_once_costs_nothing(tmp_path, which, count):
    def die_first(n):
        if n == which and not (tmp_path / "died").exists():
            (tmp_path / "died").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return n

    assert answers(die_first, range(count)) == {n: n for n in range(count)}


def test_an_item_that_kills_its_worker_twice_is_told_from_the_others():
    def die(n):
        if n == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return n

    found = answers(die, range(8))
    assert isinstance(found.pop(3), WorkerDied)
    assert found == {n: n for n in range(8) if n != 3}


def test_a_worker_that_is_killed_while_it_sends_a_large_answer_costs_nothing(tmp_path):
    def send(n):
        if n == 3:
            me = os.getpid()
            if not (tmp_path / "killed").exists() and os.fork() == 0:
                time.sleep(0.3)  # by then the pipe is full, since nobody reads
                (tmp_path / "killed").touch()
                os.kill(me, signal.SIGKILL)
                os._exit(0)
            return bytes(2**24)
        return n

    running = LocalPool(send, 2).run(range(8))
    found = [next(running)]
    time.sleep(1)
    found += running
    assert (tmp_path / "killed").exists()
    assert dict(found) == {n: n for n in range(8)} | {3: bytes(2**24)}


def test_what_cannot_be_sent_is_told_as_the_answer_of_its_item_alone():
    class Odd(Exception):
        def __init__(self, one, two):
            super().__init__(one)

    def odd(n):
        if n == 1:
            raise Odd("what it said", 2)
        return threading.Lock() if n == 2 else n

    found = answers(odd, range(4))
    assert found.pop(0) == 0 and found.pop(3) == 3
    assert all(isinstance(error, RuntimeError) and "cannot be sent" in str(error) for error in found.values())
    assert "what it said" in str(found[1])


def test_where_an_exception_was_raised_is_kept():
    def fail(n):
        raise ValueError(n)

    (error,) = answers(fail, [1]).values()
    assert isinstance(error, ValueError) and "in fail" in "".join(error.__notes__)


def test_workers_have_work_while_answers_are_dealt_with(tmp_path):
    def note(n):
        (tmp_path / str(n)).touch()
        return n

    running = LocalPool(note, 2).run(range(20))
    next(running)
    end = time.monotonic() + 30
    while len(list(tmp_path.iterdir())) < 5:  # four, if each waited for its next
        assert time.monotonic() < end
        time.sleep(0.01)
    running.close()


def test_the_end_that_a_grader_has_of_its_own_is_not_its_workers():
    def end(number, frame):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        assert answers(lambda n: signal.getsignal(signal.SIGTERM), [1]) == {1: signal.SIG_DFL}
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_worker_whose_grader_was_killed_before_it_began_ends():
    """As one that was forked a moment before, which no signal of the kernel's tells."""
    if (child := os.fork()) == 0:
        settle(os.sched_getaffinity(0), parent=os.getppid() + 1)  # as if that were not the one any more
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1


KILLED_AS_IT_FORKS = """
import os, time
from autograder.scheduling import local

settle = local.settle
def late(cores, parent):
    os.write(1, b"forked")
    time.sleep(1)
    settle(cores, parent)
local.settle = late
list(local.LocalPool(lambda n: n, 1).run([1]))
"""


def test_nothing_holds_the_output_of_a_grader_that_was_killed_as_it_forked():
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED_AS_IT_FORKS], stdout=subprocess.PIPE, cwd=REPOSITORY
    )
    assert process.stdout is not None and process.stdout.read(6) == b"forked"
    process.kill()
    process.communicate(timeout=60)


HELD_UNTIL_THE_END = """
from autograder.scheduling.local import LocalPool
held = LocalPool(lambda n: n, 2).run(range(100))
next(held)
"""


def test_a_program_ends_that_still_holds_a_run():
    subprocess.run([sys.executable, "-c", HELD_UNTIL_THE_END], check=True, timeout=60, cwd=REPOSITORY)


def test_what_a_worker_left_behind_hides_its_death_from_nobody(tmp_path):
    def leave(n):
        if n == 3 and not (tmp_path / "left").exists():
            if (left := os.fork()) == 0:
                time.sleep(600)
                os._exit(0)
            (tmp_path / "left").write_text(str(left))
            os.kill(os.getpid(), signal.SIGKILL)
        return n

    try:
        assert answers(leave, range(8)) == {n: n for n in range(8)}
    finally:
        os.kill(int((tmp_path / "left").read_text()), signal.SIGKILL)


class Locked:
    def __reduce__(self):
        return int, ("what cannot be read",)


def test_an_answer_that_cannot_be_read_is_told_as_that_of_its_item_alone():
    found = answers(lambda n: Locked() if n else n, range(2))
    assert found.pop(0) == 0 and "what cannot be read" in str(found[1])


def test_memory_of_a_worker_is_bounded():
    assert isinstance(answers(lambda _: bytearray(8 * 2**30), [1])[1], MemoryError)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_ctrl_c_ends_the_workers_and_is_raised(tmp_path):
    def hang(n):
        (tmp_path / f"{os.getpid()}").touch()
        if n == 2:  # one of them alone, since a second Ctrl-C would be another story
            while len(list(tmp_path.iterdir())) < 2:
                time.sleep(0.01)
            os.kill(os.getppid(), signal.SIGINT)
        time.sleep(600)

    with pytest.raises(KeyboardInterrupt):
        answers(hang, [1, 2])
    assert [path.name for path in tmp_path.iterdir() if alive(int(path.name))] == []
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_strikes_between_two_answers_and_not_within_the_work_on_one():
    done = []
    with pytest.raises(KeyboardInterrupt):
        for item, _ in LocalPool(lambda n: n, 1).run(range(3)):
            os.kill(os.getpid(), signal.SIGINT)
            done.append(item)
    assert done[0] == 0


def test_a_second_ctrl_c_is_raised_at_once():
    done = []
    with pytest.raises(KeyboardInterrupt):
        for item, _ in LocalPool(lambda n: n, 1).run(range(3)):
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGINT)
            done.append(item)
    assert done == []


def test_leaving_early_ends_the_workers(tmp_path):
    def hang(n):
        (tmp_path / f"{os.getpid()}").touch()
        if n:
            time.sleep(600)

    running = LocalPool(hang, 2).run([0, 1])
    next(running)
    running.close()
    assert [path.name for path in tmp_path.iterdir() if alive(int(path.name))] == []


def test_a_pool_works_in_another_thread():
    found = {}
    thread = threading.Thread(target=lambda: found.update(answers(lambda n: n, [1, 2])))
    thread.start()
    thread.join(timeout=30)
    assert found == {1: 1, 2: 2}
