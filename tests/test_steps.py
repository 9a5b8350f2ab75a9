import contextlib
from collections.abc import Generator

import pytest

from autograder.scheduling.local import LocalCrew
from autograder.scheduling.steps import Later, carried_out


def squared(item: int) -> Generator[int, int, str]:
    made = yield item
    return f"{item} squared is {made}"


def over_at_once(item: int) -> Generator[int, int, str]:
    if item:
        yield item
    return "nothing to make"


def test_steps_are_sent_what_was_made_of_what_they_ask_for():
    assert carried_out(lambda: squared(3), lambda need: need * need) == "3 squared is 9"


def test_steps_may_be_over_without_asking():
    assert carried_out(lambda: over_at_once(0), lambda need: 1 / 0) == "nothing to make"


def test_what_somebody_else_is_at_is_begun_again():
    begun = []

    def busy_at_first() -> Generator[int, int, str]:
        begun.append(1)
        if len(begun) < 3:
            raise Later
        return (yield from squared(2))

    assert carried_out(busy_at_first, lambda need: need * need) == "2 squared is 4"
    assert len(begun) == 3


def test_steps_let_go_of_what_they_hold_when_making_fails():
    held = []

    def holding() -> Generator[int, int, None]:
        held.append("lock")
        try:
            yield 0
        finally:
            held.remove("lock")

    with pytest.raises(ZeroDivisionError):
        carried_out(holding, lambda need: 1 // need)
    assert held == []


@pytest.mark.parametrize("alone", [False, True])
def test_a_crew_of_this_machine_carries_out_the_steps_of_every_item(alone):
    crew = LocalCrew(lambda need: 12 // need, jobs=2)
    found = dict(crew.run(range(4), squared, alone))
    assert isinstance(found.pop(0), ZeroDivisionError)
    assert found == {1: "1 squared is 12", 2: "2 squared is 6", 3: "3 squared is 4"}


def test_a_crew_stops_when_nobody_wants_more_answers():
    with contextlib.closing(LocalCrew(lambda need: need, jobs=1).run(range(3), squared)) as running:
        next(running)
