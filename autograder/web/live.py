"""Pages that change while one looks at them: server-sent events, sent when the store changed.

One task for the whole process looks at SQLite's change counter, and only while somebody listens.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from autograder.web.store import Store

LOOK_SECONDS = 0.25
AT_LEAST_SECONDS = 5.0  # between two looks of a listener, where nothing of its own changed: its place in line
LISTENERS_EACH = 6  # of one account, tabs and devices together


@dataclass(frozen=True, slots=True)
class Shown:
    """A part of a page as it is now. `is_last` says that nothing will change any more."""

    html: str
    is_last: bool = False


class Pulse:
    """Wakes those who listen when the store changed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: set[asyncio.Event] = set()
        self._task: asyncio.Task[None] | None = None
        self._accounts: dict[str, int] = {}

    @contextlib.contextmanager
    def listening(self) -> Iterator[asyncio.Event]:
        """An event that is set at each change; to be cleared by who waits for it. In the event loop only."""
        event = asyncio.Event()
        self._waiting.add(event)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._look())
        try:
            yield event
        finally:
            self._waiting.discard(event)

    async def _look(self) -> None:
        with contextlib.closing(sqlite3.connect(self._store.path)) as connection:
            before = None
            while self._waiting:
                (version,) = connection.execute("PRAGMA data_version").fetchone()
                if version != before:
                    before = version
                    for event in self._waiting:
                        event.set()
                await asyncio.sleep(LOOK_SECONDS)

    @contextlib.contextmanager
    def _counted(self, account: str) -> Iterator[bool]:
        """Whether the account has not too many streams open already."""
        count = self._accounts.get(account, 0)
        self._accounts[account] = count + 1
        try:
            yield count < LISTENERS_EACH
        finally:
            self._accounts[account] -= 1
            if not self._accounts[account]:
                del self._accounts[account]

    def stream(
        self, account: str, state: Callable[[], object], show: Callable[[], Shown], event: str = "progress"
    ) -> Response:
        """A stream of what `show` makes, each time that it is something else, ended by an event `done`.

        Both are called in a thread; `show` only where what the cheap `state` says has changed.
        """
        return EventSourceResponse(self._events(account, state, show, event), ping=20)

    async def _events(
        self, account: str, state: Callable[[], object], show: Callable[[], Shown], name: str
    ) -> AsyncIterator[ServerSentEvent]:
        with self._counted(account) as allowed, self.listening() as changed:
            said, before = "", object()
            while allowed:
                changed.clear()
                now = await run_in_threadpool(state)
                if now != before:
                    before = now
                    shown = await run_in_threadpool(show)
                    if shown.html != said:
                        said = shown.html
                        yield ServerSentEvent(shown.html, event=name)
                    if shown.is_last:
                        break
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(changed.wait(), AT_LEAST_SECONDS)
            yield ServerSentEvent("", event="done")
