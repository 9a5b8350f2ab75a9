import os
import signal

import pytest

from autograder.scheduling.batches import in_batches
from autograder.scheduling.local import WorkerDied


def test_answers_come_in_order_whatever_the_size_of_a_batch():
    for size in (1, 3, 7, 100):
        assert list(in_batches(lambda n: n * n, range(7), size)) == [(n, n * n) for n in range(7)]


def test_items_need_not_be_hashable_nor_be_pickled():
    locks = [[lambda: 1], [lambda: 2]]
    assert [answer for _, answer in in_batches(lambda item: item[0](), locks, 5)] == [1, 2]


def test_one_that_ends_its_process_costs_the_others_nothing():
    def deadly(n):
        if n == 4:
            os.kill(os.getpid(), signal.SIGKILL)
        return n

    found = dict(in_batches(deadly, range(10), 5))
    assert isinstance(found.pop(4), WorkerDied)
    assert found == {n: n for n in range(10) if n != 4}


def test_what_the_function_raises_is_raised():
    with pytest.raises(ZeroDivisionError):
        list(in_batches(lambda n: 1 / n, [1, 0], 1))
