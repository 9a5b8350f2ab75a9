"""Grades by `otter run`, one after the other in one process: its imports take longer than most notebooks.

Reads {name: [archive, notebook]} and writes {name: {question: points}}, as JSON, in the last line.
"""

import json
import signal
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import NoReturn

import otter.execute
from otter.run import main as run
from traitlets.config import Config

MOST_SECONDS = 300  # otter itself has no limit


def ipc() -> Config:
    """Kernels of two graders at once could be given the same free port, so they get sockets with a name."""
    return Config({"KernelManager": {"transport": "ipc"}})


def too_late(*_: object) -> NoReturn:
    raise TimeoutError(f"took more than {MOST_SECONDS} seconds")


def grade(archive: str, notebook: str) -> dict[str, float]:
    results = Path("results.json")
    results.unlink(missing_ok=True)
    signal.alarm(MOST_SECONDS)
    try:
        run(notebook, autograder=archive, output_dir=".", no_logo=True)
    except Exception as error:
        print(f"{notebook}: {type(error).__name__}: {error}", file=sys.stderr)
    finally:
        signal.alarm(0)
    if not results.is_file():
        return {}
    found = json.loads(results.read_text())["tests"]
    return {each["name"]: each["score"] for each in found if "max_score" in each}


if __name__ == "__main__":
    otter.execute.Config = ipc
    signal.signal(signal.SIGALRM, too_late)
    jobs = json.load(sys.stdin)
    with redirect_stdout(sys.stderr):
        points = {name: grade(*paths) for name, paths in jobs.items()}
    print(json.dumps(points))
