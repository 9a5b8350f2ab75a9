"""`python -m benchmarks.web [STUDENTS [READERS]]`: pages of staff for a large class, many reading at once.

The class is made up: lab6's 27 tests and written answers, results and marks for everyone, no notebook run.
Readers are threads of a process of their own. Each asks for one page after the other: as people do, with a
second between two pages, and then without a pause, which is all that the server can do.
"""

from __future__ import annotations

import http.client
import random
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.source import Role
from autograder.web.accounts import Accounts
from autograder.web.people import Role as Position
from autograder.web.sessions import Sessions
from autograder.web.store import Store
from benchmarks.classes import make_class
from benchmarks.course import ASSIGNMENT

STUDENTS, READERS, EACH = 5_000, 20, 10
_SERVE = """
import sys, uvicorn
from pathlib import Path
from autograder.course import Course
from autograder.web.app import create_app
from autograder.web.site import Options
port = int(sys.argv[2])
app = create_app(Course.open(Path(sys.argv[1])), Options(port=port))
uvicorn.run(app, port=port, log_level="error", access_log=False)
"""


def pages(course: Course, students: int) -> dict[str, list[str]]:
    """Addresses by what they show; several where each reader would ask for another."""
    assignment = Assignment.load(course, ASSIGNMENT)
    tests = [f"{n.name}/{c.id}" for n in assignment.notebooks for c in n.cells if c.role is Role.TEST]
    answers = [f"{n.name}/{c.id}" for n in assignment.notebooks for c in n.cells if c.role is Role.MANUAL]
    base = f"/staff/{ASSIGNMENT}"
    last = students // 50
    found = {
        "classes": ["/staff"],
        "overview": [base],
        "class": [f"{base}/class?page={n}" for n in range(1, min(last, 20) + 1)],
        "class, by question": [f"{base}/class?columns=questions&page={n}" for n in range(1, 11)],
        "class, searched": [f"{base}/class?search=s{n}" for n in range(10, 30)],
        "class, sorted by a question": [f"{base}/class?sort={test}&order=down" for test in tests],
        "question": [f"{base}/questions/{test}" for test in tests],
        "submission": [f"{base}/students/s{n}" for n in range(min(students, 20))],
        "marking": [f"{base}/marking", *(f"{base}/marking/{answer}" for answer in answers)],
        "regrade, release, export": [f"{base}/regrade", f"{base}/release", f"{base}/export"],
        "people, trail": ["/accounts", "/audit"],
    }
    return found


def served(course: Course, port: int) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "-c", _SERVE, str(course.root), str(port)])
    answers_at(port)
    return process


def answers_at(port: int) -> None:
    """Waits for a server that is being started. Raises SystemExit after a minute."""
    for _ in range(600):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/health")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server does not answer")


def read(port: int, cookie: str, paths: list[str], took: list[float], pause: float = 0.0) -> None:
    """One reader: every page in turn, over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for path in paths:
        time.sleep(random.uniform(0.5, 1.5) * pause)
        started = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": f"session={cookie}"})
        answer = connection.getresponse()
        answer.read()
        took.append(time.perf_counter() - started)
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status}")


def measure(port: int, cookies: list[str], paths: list[str], pause: float) -> list[float]:
    """Seconds of each answer in order, with a reader for each cookie."""
    took: list[float] = []
    threads = []
    for number, cookie in enumerate(cookies):
        order = [paths[(number + step) % len(paths)] for step in range(EACH)]
        threads.append(threading.Thread(target=read, args=(port, cookie, order, took, pause)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(took)


def times_of(what: str, port: int, cookies: list[str], paths: list[str]) -> str:
    """A line on how long readers wait, as people read and as fast as they can."""
    reading = measure(port, cookies, paths, 1.0)
    pressing = measure(port, cookies, paths, 0.0)
    return (
        f"{what:30} reading: p50 {milliseconds(reading, 0.5)}, p95 {milliseconds(reading, 0.95)}; "
        f"without a pause: p50 {milliseconds(pressing, 0.5)}, p95 {milliseconds(pressing, 0.95)}"
    )


def milliseconds(took: list[float], part: float) -> str:
    """The time, of all in order, that such a part of them stayed below."""
    return f"{1000 * took[min(int(part * len(took)), len(took) - 1)]:4.0f} ms"


def main() -> None:
    students = int(sys.argv[1]) if len(sys.argv) > 1 else STUDENTS
    readers = int(sys.argv[2]) if len(sys.argv) > 2 else READERS
    with tempfile.TemporaryDirectory() as place:
        course = make_class(Path(place) / "course", [f"s{n}" for n in range(students)])
        store = Store.of(course)
        accounts, sessions = Accounts(store), Sessions(store)
        people = [accounts.add(f"reader{n}", Position.INSTRUCTOR) for n in range(readers)]
        cookies = [sessions.begin(one) for one in people]
        port = random.randrange(20_000, 30_000)
        process = served(course, port)
        try:
            started = time.perf_counter()
            read(port, cookies[0], [f"/staff/{ASSIGNMENT}"], [])
            seconds = time.perf_counter() - started
            print(f"{students:,} students; the first page, with the class read: {seconds:.1f} s")
            for what, paths in pages(course, students).items():
                print(times_of(what, port, cookies, paths))
        finally:
            process.terminate()
            process.wait()
            store.close()


if __name__ == "__main__":
    main()
