"""The workers of a Dask cluster: who is there, what they are asked, and what becomes of it.

Dask carries bytes and knows who is there; who gets what is decided by us. Each question is bound to one
worker. So a lost worker costs what it had one try, and nothing else (Dask's `allowed-failures` counts a
death against all that was waiting there, dask/distributed#5234), and a worker that is not like us gets
nothing. What is bound to a lost worker would wait for ever (#4152): the scheduler's events tell who is gone.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import queue
import uuid
import warnings
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import dask
import distributed

from autograder.errors import AutograderError, GraderFault, UsageError

CONNECT_SECONDS = 20.0
SCHEMES = ("tcp://", "tls://")
_SAME = ("python", "dask", "distributed")  # where these differ, messages may be misread


@dataclass(eq=False, slots=True)
class Member:
    """A worker: `threads` things at once, in `memory` bytes (0 for no limit). `is_ready` for work."""

    address: str
    host: str
    threads: int
    memory: int
    is_ready: bool = False
    asked: list[distributed.Future] = field(default_factory=list)


class Members:
    """The workers of the scheduler at `address`.

    `greet` is called for each that comes, `on_lost` for each that is used no more, with whether it went by
    itself; both, like everything here, in the thread that calls `pump`. `note` is told of workers that are
    not used. Raises UsageError where no scheduler answers, or one of another version.
    """

    def __init__(
        self,
        address: str,
        greet: Callable[[Member], None],
        on_lost: Callable[[Member, bool], None],
        note: Callable[[str], None],
    ) -> None:
        self.address = address
        self.refused: dict[str, str] = {}  # address -> why
        self._here: dict[str, Member] = {}
        self._greet, self._on_lost, self._note = greet, on_lost, note
        self._events: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._has_changed = True
        self._names = (f"autograder-{uuid.uuid4().hex}-{number}" for number in itertools.count())
        self._client = _connected(address)
        try:
            _require_same_dask(self._client, address)
            self._client.subscribe_topic("all", self._hear)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Members:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        with contextlib.suppress(Exception):  # a scheduler that is gone has nothing to be told
            self._client.close(timeout=5)

    @property
    def here(self) -> list[Member]:
        return list(self._here.values())

    @property
    def ready(self) -> list[Member]:
        return [member for member in self._here.values() if member.is_ready]

    def keep(self, data: bytes) -> distributed.Future:
        """Bytes that workers get from each other; by a builtin, so that any can make lost ones again."""
        return self._client.submit(bytes, data, key=next(self._names), pure=False)

    def ask(
        self, member: Member, then: Callable[[Any], None], function: Callable[..., Any], *arguments: Any
    ) -> None:
        """Calls `function` there, and `then` here with what it returned.

        A worker on which it raises, or for whose answer `then` raises an AutograderError, is refused.
        """
        future = self._client.submit(
            function, *arguments, key=next(self._names), workers=[member.address], pure=False
        )
        member.asked.append(future)
        coming = asyncio.run_coroutine_threadsafe(
            self._client.gather(future, asynchronous=True), self._client.loop.asyncio_loop
        )
        coming.add_done_callback(
            lambda come: self._events.put(partial(self._come, member, future, come, then))
        )

    def _come(
        self, member: Member, future: distributed.Future, come: Future[Any], then: Callable[[Any], None]
    ) -> None:
        if future not in member.asked:
            return  # dropped, or the worker lost or refused meanwhile
        member.asked.remove(future)
        try:
            answer = come.result()
        except (CancelledError, asyncio.CancelledError, OSError, distributed.KilledWorker):
            self._lose(member.address)
            self._has_changed = True  # if it is there all the same, it is new to us
            return
        except ImportError as error:
            self.refuse(member, f"this package is not installed there as it is here ({error})")
            return
        except Exception as error:
            self.refuse(member, f"{type(error).__name__}: {str(error)[:300]}")
            return
        try:
            then(answer)
        except AutograderError as error:
            self.refuse(member, str(error))

    def refuse(self, member: Member, why: str) -> None:
        """Uses this worker no more; the first with a reason is told of."""
        if self._here.pop(member.address, None) is member:
            if why not in self.refused.values():
                self._note(f"{member.address} is not used, nor any like it: {why}")
            self.refused[member.address] = why
            self._leave(member, by_itself=False)

    def _lose(self, address: str) -> None:
        self.refused.pop(address, None)  # another one may come there
        if (member := self._here.pop(address, None)) is not None:
            self._leave(member, by_itself=True)

    def _leave(self, member: Member, by_itself: bool) -> None:
        member.is_ready = False
        self.drop(member)
        self._on_lost(member, by_itself)

    def drop(self, member: Member) -> None:
        """Asks no longer for what was asked of it: what waits there is not begun, what runs is for nobody."""
        asked, member.asked = member.asked, []
        if asked and self._client.status == "running":
            with contextlib.suppress(OSError, TimeoutError):
                self._client.cancel(asked)

    def pump(self, seconds: float) -> None:
        """Takes note of what happened; waits so long for something to happen.

        Raises GraderFault if the scheduler is gone.
        """
        self._look()
        with contextlib.suppress(queue.Empty):
            self._events.get(timeout=seconds)()
            while True:
                self._events.get_nowait()()

    def _hear(self, event: tuple[float, Any]) -> None:
        """An event of the scheduler's; in Dask's thread."""
        said = event[1] if isinstance(event[1], dict) else {}
        if said.get("action") == "add-worker":
            self._events.put(self._note_change)
        elif said.get("action") == "remove-worker":
            self._events.put(partial(self._lose, str(said.get("worker"))))

    def _note_change(self) -> None:
        self._has_changed = True

    def _look(self) -> None:
        if self._client.status != "running":
            raise GraderFault(f"{self.address}: the scheduler is gone; run the same command again to go on")
        if not self._has_changed:
            return
        try:
            found = self._client.scheduler_info(n_workers=-1)["workers"]
        except (OSError, TimeoutError):  # if it is gone, that will show
            return
        self._has_changed = False
        for address in self._here.keys() - found.keys():
            self._lose(address)
        for address in found.keys() - self._here.keys() - self.refused.keys():
            about = found[address]
            member = Member(address, about["host"], about["nthreads"], about["memory_limit"] or 0)
            self._here[address] = member
            self._greet(member)


class _Client(distributed.Client):  # type: ignore[misc]
    def __del__(self) -> None:
        if self.status == "running":  # what never came to be connected would be waited for, and complain
            super().__del__()


def _connected(address: str) -> distributed.Client:
    if not address.startswith(SCHEMES):
        raise UsageError(f"{address!r} is no address of a scheduler; give one such as tcp://HOST:8786")
    # our own messages tell what matters, in one line
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 GiB"})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of versions, which are looked at next
            return _Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError, TypeError) as error:
        why = (str(error).strip().splitlines() or [type(error).__name__])[-1][:200]
        raise UsageError(
            f"{address}: no scheduler answers there within {CONNECT_SECONDS:.0f} s ({why}); start one with "
            "`dask scheduler`, and for tls:// set its certificates in Dask's configuration"
        ) from None


def _require_same_dask(client: distributed.Client, address: str) -> None:
    found = client.get_versions()
    ours, theirs = found["client"], found["scheduler"]
    for name in _SAME:
        mine, other = (str(side["packages"].get(name)) for side in (ours, theirs))
        if mine != other:
            raise UsageError(
                f"{address}: the scheduler has {name} {other}, and there is {mine} here; use the same in both"
            )
