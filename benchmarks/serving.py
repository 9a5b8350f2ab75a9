"""How the web pages hold: readers at once, and the storm of uploads before a deadline while grading goes on.

    python -m benchmarks.serving --course DIR --answer NOTEBOOK [--students 500] [--seconds 60]

The site is a real one: `autograder serve` in a process of its own, grading as it does in a class, on a copy
of the course, which has an assignment `toy` that is released.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from autograder.course import Course
from autograder.web.accounts import Accounts
from autograder.web.people import Account, Role
from autograder.web.receipts import Receipts, State
from autograder.web.sessions import Sessions
from autograder.web.store import Store

PORT = 8711
ADDRESS = f"http://127.0.0.1:{PORT}"
READ = ("/assignments", "/assignments/toy", "/account")


class Reader:
    """One student with a browser: a connection that stays open, and little work for this side of it."""

    def __init__(self, store: Store, account: Account) -> None:
        sessions = Sessions(store)
        token = sessions.begin(account)
        session = sessions.find(token)
        assert session is not None
        self._csrf = session.csrf
        self._head = f"Host: 127.0.0.1:{PORT}\r\nCookie: session={token}\r\n"
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def read(self, path: str) -> float:
        """Seconds until the page is there."""
        return await self._timed(f"GET {path} HTTP/1.1\r\n{self._head}\r\n".encode(), b"200")

    async def hand_in(self, notebook: bytes) -> float:
        """Seconds until the receipt is promised, on a connection of its own."""
        self.close()
        part = b'--b\r\nContent-Disposition: form-data; name="'
        body = part + b'csrf"\r\n\r\n' + self._csrf.encode() + b"\r\n"
        body += part + b'files"; filename="nb.ipynb"\r\n\r\n' + notebook + b"\r\n--b--\r\n"
        head = (
            f"POST /assignments/toy/uploads HTTP/1.1\r\n{self._head}Content-Length: {len(body)}\r\n"
            "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
        )
        return await self._timed(head.encode() + body, b"303")

    async def _timed(self, request: bytes, status: bytes) -> float:
        began = time.perf_counter()
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", PORT)
        incoming, outgoing = self._streams
        outgoing.write(request)
        head = await incoming.readuntil(b"\r\n\r\n")
        assert head.split(b" ", 2)[1] == status, head
        length = re.search(rb"content-length: (\d+)", head.lower())
        assert length is not None
        await incoming.readexactly(int(length[1]))
        return time.perf_counter() - began

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def reading(readers: Sequence[Reader], each: int) -> dict[str, list[float]]:
    """All readers at once, one page after the other without a pause."""
    times: dict[str, list[float]] = {path: [] for path in READ}

    async def one(reader: Reader) -> None:
        for _ in range(each):
            for path in READ:
                times[path].append(await reader.read(path))

    await asyncio.gather(*map(one, readers))
    return times


async def storming(readers: Sequence[Reader], notebooks: Sequence[bytes], seconds: float) -> list[float]:
    """Everybody hands in once, at even distances over so many seconds."""

    async def one(number: int) -> float:
        await asyncio.sleep(number * seconds / len(readers))
        return await readers[number].hand_in(notebooks[number])

    return list(await asyncio.gather(*map(one, range(len(readers)))))


def told(what: str, times: Sequence[float]) -> None:
    cuts = statistics.quantiles(times, n=20)
    print(
        f"{what:40} {1000 * statistics.median(times):6.0f} ms median {1000 * cuts[-1]:6.0f} ms p95 "
        f"{1000 * max(times):6.0f} ms at most ({len(times)})"
    )


async def measured(
    store: Store, people: Sequence[Account], arguments: argparse.Namespace, answer: bytes
) -> None:
    readers = [Reader(store, person) for person in people]
    for path, times in (await reading(readers[: arguments.readers], 10)).items():
        told(f"{path}, {arguments.readers} readers", times)
    notebooks = [answer.replace(b"Since two.", b"Since %d." % number) for number in range(len(readers))]
    told(
        f"{len(readers)} uploads in {arguments.seconds:g} s",
        await storming(readers, notebooks, arguments.seconds),
    )
    for reader in readers:
        reader.close()


def main() -> None:
    """Prints how long pages and receipts took, and what became of the uploads."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=500)
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument(
        "--course", type=Path, required=True, help="A course with the assignment toy, released."
    )
    parser.add_argument("--answer", type=Path, required=True, help="A notebook that answers it.")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "course"
        shutil.copytree(arguments.course, root, ignore=shutil.ignore_patterns(".autograder", "submitted"))
        course = Course.open(root)
        store = Store.of(course)
        people = [
            Account(f"s{number:05}", Role.STUDENT, f"Student {number}")
            for number in range(arguments.students)
        ]
        Accounts(store).add_students((one.id, one.name) for one in people)
        command = "from autograder.cli import main; main()"
        with subprocess.Popen(
            [sys.executable, "-c", command, "serve", "--port", str(PORT)], cwd=root, env=os.environ
        ) as server:
            try:
                _wait_for(f"{ADDRESS}/health")
                asyncio.run(measured(store, people, arguments, arguments.answer.read_bytes()))
            finally:
                server.terminate()
        receipts = Receipts(store)
        states = Counter({state: len(receipts.in_state(state)) for state in State})
        print(f"{states.total()} receipts: " + ", ".join(f"{n} {state}" for state, n in states.items() if n))
        store.close()


def _wait_for(address: str) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"nothing answers at {address}")


if __name__ == "__main__":
    main()
