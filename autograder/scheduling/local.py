"""A pool of worker processes on this machine, and a crew that is made of one."""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import random
import resource
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from types import FrameType
from typing import Any, Generic, TypeVar

from autograder.scheduling.steps import carried_out

Item = TypeVar("Item")
Need = TypeVar("Need")
Made = TypeVar("Made")
Answer = TypeVar("Answer")

_PR_SET_PDEATHSIG = 1
INTERRUPT_SECONDS = 0.2  # until Ctrl-C is heard
WORKER_BYTES = 4 * 2**30  # of memory, for parsing hostile notebooks


def memory_bytes(name: str) -> int:
    """A line of /proc/meminfo in bytes, such as MemAvailable; 0 where there is none."""
    with contextlib.suppress(OSError), open("/proc/meminfo") as file:  # noqa: PTH123
        for line in file:
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) * 1024
    return 0


def fitting_jobs(wanted: int, bytes_each: int) -> int:
    """At most `wanted` workers, so many that each may use `bytes_each` of the memory that is free now."""
    free = memory_bytes("MemAvailable")
    return max(1, min(wanted, free // bytes_each)) if free else wanted


class WorkerDied(Exception):
    """The worker process died twice while it had this item."""


class LocalPool(Generic[Item, Answer]):
    """Runs `function` on items in `jobs` forked processes, each item in one of them.

    The function and what it refers to are inherited by the fork, so they need not be pickled; items
    and answers must be. A worker that dies costs the items that were under way one try. Every worker
    keeps to one core, as long as there is one for each.
    """

    def __init__(self, function: Callable[[Item], Answer], jobs: int) -> None:
        self._function = function
        self._jobs = jobs

    def run(self, items: Iterable[Item]) -> Iterator[tuple[Item, Answer | BaseException]]:
        """Pairs of an item and its answer, or the exception that it ended with, as they come."""
        waiting = list(items)
        with noted_interrupts() as raise_if_interrupted:
            while waiting:
                lost = yield from self._round(waiting, self._jobs, raise_if_interrupted)
                # those under way when a worker died are tried alone, which shows whose fault it was
                suspects, waiting = lost[: self._jobs + 1], lost[self._jobs + 1 :]
                for item in suspects:
                    if (yield from self._round([item], 1, raise_if_interrupted)):
                        yield item, WorkerDied("the worker process died twice")

    def _round(
        self, items: list[Item], jobs: int, raise_if_interrupted: Callable[[], None]
    ) -> Generator[tuple[Item, Answer | BaseException], None, list[Item]]:
        """One pool of workers; returns the items that were lost when a worker died, in order."""
        global _function
        _function = self._function
        lost: list[Item] = []
        context = multiprocessing.get_context("fork")
        cores: multiprocessing.SimpleQueue[set[int]] = context.SimpleQueue()
        for mine in _cores(jobs):
            cores.put(mine)
        executor = ProcessPoolExecutor(min(jobs, len(items)), context, initializer=_begin, initargs=(cores,))
        try:
            pending: dict[Future[Answer], Item] = {executor.submit(_call, item): item for item in items}
            workers = list(executor._processes.values())
            while pending:
                raise_if_interrupted()
                done, _ = wait(pending, INTERRUPT_SECONDS, FIRST_COMPLETED)
                for future in [future for future in pending if future in done]:
                    item, error = pending.pop(future), future.exception()
                    if isinstance(error, BrokenProcessPool):
                        lost.append(item)
                    else:
                        yield item, error if error is not None else future.result()
            raise_if_interrupted()
        except BaseException:  # interrupted: what runs is not waited for
            for worker in workers:
                worker.kill()
            raise
        finally:
            executor.shutdown(wait=True, cancel_futures=True)
            cores.close()
        return lost


class LocalCrew(Generic[Need, Made]):
    """Carries out steps on this machine, as many at once as there are `jobs`; `make` is the part of them
    that a crew is for.
    """

    def __init__(self, make: Callable[[Need], Made], jobs: int) -> None:
        self._make = make
        self._jobs = jobs

    def run(
        self,
        items: Iterable[Item],
        steps: Callable[[Item], Generator[Need, Made, Answer]],
        alone: bool = False,
    ) -> Iterator[tuple[Item, Answer | BaseException]]:
        """Pairs of an item and what its steps returned, or the exception that they ended with, as they come.

        If `alone`, one at a time, so that none suffers from what another does.
        """

        def carry_out(item: Item) -> Answer:
            return carried_out(lambda: steps(item), self._make)

        return LocalPool(carry_out, 1 if alone else self._jobs).run(items)


@contextlib.contextmanager
def noted_interrupts() -> Iterator[Callable[[], None]]:
    """Ctrl-C is noted, and raised as KeyboardInterrupt by the function that is yielded.

    Raised wherever it strikes, it would be lost in a callback of the import system, or tear a
    write. A second Ctrl-C is raised at once.
    """
    noted = False

    def note(number: int, frame: FrameType | None) -> None:
        nonlocal noted
        if noted:
            raise KeyboardInterrupt
        noted = True

    def raise_if_noted() -> None:
        if noted:
            raise KeyboardInterrupt

    # only the main thread may set handlers, and one who ignores the signal wants it ignored
    ours = threading.current_thread() is threading.main_thread()
    if not ours or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield raise_if_noted
        return
    signal.signal(signal.SIGINT, note)
    try:
        yield raise_if_noted
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


_function: Callable[[Any], Any]


def _cores(jobs: int) -> list[set[int]]:
    """The cores of each of so many workers: one of its own, by chance, or all where these are too few."""
    every = os.sched_getaffinity(0)
    if jobs > len(every):
        return [every] * jobs
    return [{core} for core in random.sample(sorted(every), jobs)]


def _begin(cores: multiprocessing.SimpleQueue[set[int]]) -> None:
    settle(cores.get())


def settle(cores: set[int]) -> None:
    """What a worker process takes from itself before it works: all cores but these, Ctrl-C, much memory.

    To be called by a process that was forked, whose end is its parent's.
    """
    with contextlib.suppress(OSError):  # it only saves time
        os.sched_setaffinity(0, cores)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the grader, which then ends us
    # our siblings hold the other end of every pipe, so we would outlive a grader that was killed
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (WORKER_BYTES, hard))


def _call(item: Any) -> Any:
    return _function(item)
