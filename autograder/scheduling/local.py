"""A pool of worker processes on this machine, and a crew that is made of one."""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import multiprocessing
import os
import pickle
import random
import resource
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from multiprocessing.connection import wait
from multiprocessing.reduction import ForkingPickler
from types import FrameType
from typing import Any, Generic, TypeVar

from autograder.scheduling.steps import carried_out

Item = TypeVar("Item")
Need = TypeVar("Need")
Made = TypeVar("Made")
Answer = TypeVar("Answer")

_PR_SET_PDEATHSIG = 1
INTERRUPT_SECONDS = 0.2  # until Ctrl-C is heard
LEAVING_SECONDS = 5.0  # in which a worker without work ends of itself
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

    The function, what it refers to and the items are inherited by the fork, so they need not be pickled;
    answers must be. A worker that dies costs the item that it had one try. Every worker keeps to one core,
    as long as there is one for each.
    """

    def __init__(self, function: Callable[[Item], Answer], jobs: int) -> None:
        self._function = function
        self._jobs = jobs

    def run(self, items: Iterable[Item]) -> Iterator[tuple[Item, Answer | BaseException]]:
        """Pairs of an item and its answer, or the exception that it ended with, as they come."""
        with noted_interrupts() as raise_if_interrupted:
            # those whose worker died are tried again alone, which shows whether it was their fault
            for item in (yield from self._round(list(items), self._jobs, raise_if_interrupted)):
                if (yield from self._round([item], 1, raise_if_interrupted)):
                    yield item, WorkerDied("the worker process died twice")

    def _round(
        self, items: Sequence[Item], jobs: int, raise_if_interrupted: Callable[[], None]
    ) -> Generator[tuple[Item, Answer | BaseException], None, list[Item]]:
        """One try of each item; returns those whose worker died."""
        waiting = deque(range(len(items)))
        lost: list[Item] = []
        workers: list[_Worker] = []
        cores = _cores(jobs)
        came: list[tuple[Item, Answer | BaseException]] = []
        try:
            while True:
                while waiting and cores:
                    workers.append(_Worker(self._function, items, cores.pop()))
                    workers[-1].give(waiting.popleft())
                for worker in workers:
                    # each has the next one in hand while its answer is on the way, as long as there are
                    # so many that nobody would miss it
                    while waiting and len(worker.has) < (2 if len(waiting) > 2 * jobs else 1):
                        worker.give(waiting.popleft())
                yield from came
                raise_if_interrupted()
                busy: dict[Any, _Worker] = {worker.connection: worker for worker in workers if worker.has}
                if not busy:
                    return lost
                came = []
                ready = wait(list(busy), INTERRUPT_SECONDS)
                for worker in [each for each in busy.values() if each.connection in ready or each.is_dead]:
                    item = items[worker.has[0]]
                    try:
                        came.append((item, worker.answer()))
                    except WorkerDied:
                        lost.append(item)
                        waiting.extendleft(worker.has)
                        cores.append(worker.cores)
                        workers.remove(worker)
                        worker.kill()
        finally:
            for worker in workers:
                worker.dismiss()
            for worker in workers:
                worker.kill(LEAVING_SECONDS)


class _Worker:
    """A forked process that answers one item after the other, over a pipe of its own.

    What workers share, such as a queue and its lock, is left as it is by one that is killed with it in hand,
    and then all wait for ever.
    """

    def __init__(self, function: Callable[[Any], Any], items: Sequence[Any], cores: set[int]) -> None:
        context = multiprocessing.get_context("fork")
        self.cores = cores
        self.has: deque[int] = deque()  # places of the items that it was given; the first is under way
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(function, items, theirs, cores, os.getpid()))
        with theirs:  # nobody else is to hold it, so that the pipe ends when the process does
            self._process.start()
        _living.add(self)

    @property
    def is_dead(self) -> bool:
        """Also where a process that it left behind holds its end of the pipe."""
        return not self._process.is_alive()

    def give(self, place: int) -> None:
        self.has.append(place)
        with contextlib.suppress(OSError):  # that it died is seen where its answer is waited for
            self.connection.send(place)

    def answer(self) -> Any:
        """To the item that is under way, or the exception that it ended with. Raises WorkerDied."""
        self.has.popleft()
        try:
            if self.is_dead and not self.connection.poll():
                raise WorkerDied
            data = self.connection.recv_bytes()
        except (EOFError, OSError):
            raise WorkerDied from None
        try:
            return pickle.loads(data)
        except Exception as error:
            return error

    def dismiss(self) -> None:
        """What is under way is not waited for."""
        if self.has:
            self._process.kill()
        else:
            with contextlib.suppress(OSError):
                self.connection.send(None)

    def kill(self, patience: float = 0.0) -> None:
        """Ends it if it has not ended of itself after some seconds."""
        self._process.join(patience)
        self._process.kill()
        self._process.join()
        self._process.close()
        self.connection.close()
        _living.discard(self)


_living: set[_Worker] = set()


@atexit.register
def _kill_all() -> None:
    """Of a run that somebody holds and did not go through: multiprocessing would wait for them."""
    for worker in list(_living):
        worker.kill()


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


def _cores(jobs: int) -> list[set[int]]:
    """The cores of each of so many workers: one of its own, by chance, or all where these are too few."""
    every = os.sched_getaffinity(0)
    if jobs > len(every):
        return [every] * jobs
    return [{core} for core in random.sample(sorted(every), jobs)]


def settle(cores: set[int], parent: int) -> None:
    """What a worker process takes from itself before it works: all cores but these, Ctrl-C, much memory.

    To be called by a process that `parent` forked, and whose end is to be that one's.
    """
    with contextlib.suppress(OSError):  # it only saves time
        os.sched_setaffinity(0, cores)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the grader, which then ends us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # the grader may have a handler, which is for the grader
    # our siblings hold the other end of every pipe, so we would outlive a grader that was killed
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it was killed before the line above
        os._exit(1)
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (WORKER_BYTES, hard))


def _work(
    function: Callable[[Any], Any], items: Sequence[Any], connection: Any, cores: set[int], parent: int
) -> None:
    """The life of a worker: it is told places of items, and answers in their order."""
    settle(cores, parent)
    while (place := connection.recv()) is not None:
        try:
            answer = function(items[place])
        except BaseException as error:
            answer = error
        connection.send_bytes(_packed(answer))


def _packed(answer: object) -> memoryview:
    try:
        if isinstance(answer, BaseException):
            answer.add_note("".join(traceback.format_exception(answer)))
            pickle.loads(ForkingPickler.dumps(answer))  # one with arguments of its own may not come out again
        return ForkingPickler.dumps(answer)
    except Exception as error:
        return ForkingPickler.dumps(RuntimeError(f"{answer!r:.1000} cannot be sent: {error!r:.1000}"))
