"""Cores of a machine on which several stations mark."""

import threading

from autograder.scheduling import station
from autograder.scheduling.station import _claimed_core

CORES = {900_001, 900_002}  # that no machine has


def test_each_has_a_core_of_its_own_as_long_as_there_is_one():
    with _claimed_core(CORES) as one, _claimed_core(CORES) as other:
        assert one | other == CORES
        assert len(one) == len(other) == 1


def test_who_finds_all_taken_waits_for_a_turn():
    got, core = threading.Event(), {900_003}

    def take() -> None:
        with _claimed_core(core):
            got.set()

    with _claimed_core(core):
        waiting = threading.Thread(target=take)
        waiting.start()
        assert not got.wait(0.3)
    assert got.wait(30)
    waiting.join()


def test_nobody_waits_for_ever_for_a_name_that_somebody_else_has(monkeypatch):
    monkeypatch.setattr(station, "TURN_SECONDS", 0.1)
    with _claimed_core({900_004}), _claimed_core({900_004}) as cores:
        assert cores == {900_004}
