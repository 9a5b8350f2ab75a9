"""The grading process beside the web server: started, started again when it dies, ended with the server."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds between a death and the next start
SOUND_SECONDS = 60.0  # a process that lived so long did not die of its start
PATIENCE = 5.0  # seconds to end by itself


@contextlib.asynccontextmanager
async def grading_beside(root: Path, say: Callable[[str], None]) -> AsyncIterator[None]:
    """While it lasts, a process grades the course in the folder `root`."""
    task = asyncio.create_task(_keep_running(root, say))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _keep_running(root: Path, say: Callable[[str], None]) -> None:
    pause = FIRST_PAUSE
    while True:
        began = time.monotonic()
        # in a session of its own: Ctrl-C is for the server, which then ends it
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "autograder.web.grader", str(root), str(os.getpid())),
            stdin=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            await _end(process)
            raise
        pause = FIRST_PAUSE if time.monotonic() - began > SOUND_SECONDS else min(2 * pause, LONGEST_PAUSE)
        say(f"the grading process ended ({code}); it starts again in {pause:g} s, and nothing is lost")
        await asyncio.sleep(pause)


async def _end(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), PATIENCE)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
