"""`python -m benchmarks.serving [STUDENTS [UPLOADS [SECONDS]]]`: students read; the storm before a deadline.

The site is a real one: `autograder serve` in a process of its own, which grades as it does in a class. The
class is made up (see `benchmarks.classes`); what is handed in is the instructor's solution of lab6, which
takes as long to grade as a good student's.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from autograder.web.accounts import Accounts
from autograder.web.receipts import Receipts, State
from autograder.web.sessions import Sessions
from autograder.web.store import Store
from benchmarks.classes import make_class
from benchmarks.course import ASSIGNMENT, ROOT
from benchmarks.web import answers_at, milliseconds, times_of

STUDENTS, READERS, UPLOADS, SECONDS = 5_000, 20, 500, 60.0
NOTEBOOK = "logistic_regression.ipynb"
PAGES = ("/assignments", f"/assignments/{ASSIGNMENT}", "/account")
_SERVE = "from autograder.cli import main; main()"


def solutions(count: int) -> list[bytes]:
    """The solution in so many notebooks that differ, so that none is taken for another."""
    notebook = json.loads((ROOT / "source" / ASSIGNMENT / NOTEBOOK).read_bytes())
    return [json.dumps({**notebook, "metadata": {"copy": n}}).encode() for n in range(count)]


async def hand_in(port: int, session: str, csrf: str, notebook: bytes) -> float:
    """Seconds until the receipt is promised, on a connection of its own."""
    began = time.perf_counter()
    part = b'--b\r\nContent-Disposition: form-data; name="'
    body = part + b'csrf"\r\n\r\n' + csrf.encode() + b"\r\n"
    body += part + b'files"; filename="' + NOTEBOOK.encode() + b'"\r\n\r\n' + notebook + b"\r\n--b--\r\n"
    head = (
        f"POST /assignments/{ASSIGNMENT}/uploads HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Cookie: session={session}\r\nContent-Length: {len(body)}\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
    )
    incoming, outgoing = await asyncio.open_connection("127.0.0.1", port)
    outgoing.write(head.encode() + body)
    answer = await incoming.readuntil(b"\r\n\r\n")
    if not re.match(rb"HTTP/1.1 303 ", answer):
        raise SystemExit(f"an upload was answered with {answer[:100]!r}")
    outgoing.close()
    return time.perf_counter() - began


async def storm(port: int, senders: Sequence[tuple[str, str]], seconds: float) -> list[float]:
    """Each of them, by session and token, hands in once, at even distances over so many seconds."""
    notebooks = solutions(len(senders))

    async def one(number: int) -> float:
        await asyncio.sleep(number * seconds / len(senders))
        return await hand_in(port, *senders[number], notebooks[number])

    return list(await asyncio.gather(*map(one, range(len(senders)))))


def main() -> None:
    given = [*sys.argv[1:4], "", "", ""]
    students, uploads = int(given[0] or STUDENTS), int(given[1] or UPLOADS)
    seconds = float(given[2] or SECONDS)
    with tempfile.TemporaryDirectory() as place:
        course = make_class(Path(place) / "course", [f"s{n:05}" for n in range(students)])
        shutil.copytree(ROOT / "release" / ASSIGNMENT, course.release(ASSIGNMENT))
        (course.root / "reference").symlink_to(ROOT / "reference")
        (course.root / "autograder.toml").write_text('test_path = ["."]\n')
        port = random.randrange(20_000, 30_000)
        with closing(Store.of(course)) as store:
            accounts, sessions, senders = Accounts(store), Sessions(store), []
            accounts.add_students((f"s{n:05}", f"Student {n}") for n in range(students))
            for n in range(max(uploads, READERS)):
                token = sessions.begin(accounts.require(f"s{n:05}"))
                session = sessions.find(token)
                assert session is not None
                senders.append((token, session.csrf))
            command = [sys.executable, "-c", _SERVE, "serve", "--port", str(port)]
            with subprocess.Popen(command, cwd=course.root, stdout=subprocess.DEVNULL) as server:
                try:
                    answers_at(port)
                    cookies = [session for session, _ in senders[:READERS]]
                    for page in PAGES:
                        print(times_of(page, port, cookies, [page]))
                    took = sorted(asyncio.run(storm(port, senders[:uploads], seconds)))
                    print(
                        f"{uploads} uploads in {seconds:g} s, receipted: p50 {milliseconds(took, 0.5)}, "
                        f"p95 {milliseconds(took, 0.95)}, the slowest {milliseconds(took, 1.0)}"
                    )
                    print(times_of("the second, while grading", port, cookies, [PAGES[1]]))
                finally:
                    server.terminate()
            receipts = Receipts(store)
            states = Counter({state: len(receipts.in_state(state)) for state in State})
        print(f"{states.total()} receipts: " + ", ".join(f"{n} {state}" for state, n in states.items() if n))


if __name__ == "__main__":
    main()
