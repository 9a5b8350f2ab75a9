"""Work on an item with one part that can be done elsewhere: by another process, or on another machine."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Generator
from typing import TypeVar

Need = TypeVar("Need")
Made = TypeVar("Made")
Answer = TypeVar("Answer")

LATER_SECONDS = 0.05


class Later(Exception):
    """Somebody else is at work on this item; to be begun again after a while."""


def carried_out(begin: Callable[[], Generator[Need, Made, Answer]], make: Callable[[Need], Made]) -> Answer:
    """The answer of steps that yield what one part needs, and are sent what was made of it, here by `make`.

    Steps may be over without having asked for anything. Raises what they and `make` raise; what raises
    Later is begun again.
    """
    while True:
        with contextlib.closing(begin()) as steps:
            try:
                steps.send(make(next(steps)))
            except StopIteration as end:
                answer: Answer = end.value
                return answer
            except Later:
                time.sleep(LATER_SECONDS)
