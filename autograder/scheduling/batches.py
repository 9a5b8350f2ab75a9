"""Many short jobs: so many at once that handing them to another process does not take longer than they do."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from autograder.scheduling.local import LocalPool, WorkerDied

Item = TypeVar("Item")
Answer = TypeVar("Answer")


def in_batches(
    function: Callable[[Item], Answer], items: Sequence[Item], size: int
) -> Iterator[tuple[Item, Answer | WorkerDied]]:
    """Pairs of an item and its answer, in order, from one process a core that takes `size` of them at once.

    An item that ends its process costs none of the others of its batch their answer. Raises what the
    function raises.
    """

    def of_batch(places: range) -> list[Answer]:
        return [function(items[place]) for place in places]

    answers: dict[int, Answer | WorkerDied] = {}
    batches = [range(start, min(start + size, len(items))) for start in range(0, len(items), size)]
    while batches:
        alone: list[range] = []
        for places, answer in LocalPool(of_batch, len(os.sched_getaffinity(0))).run(batches):
            if isinstance(answer, list):
                answers.update(zip(places, answer, strict=True))
            elif not isinstance(answer, WorkerDied):
                raise answer
            elif len(places) > 1:
                alone += [range(place, place + 1) for place in places]
            else:
                answers[places[0]] = answer
        batches = alone
    return ((item, answers[place]) for place, item in enumerate(items))
