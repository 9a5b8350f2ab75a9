"""The installed otter as an oracle, in a process of its own: it leaves sockets open and changes folders.

As a program it takes a JSON list of [zip, submission] on its standard input and answers with a list of what
otter gave: {question: [score, possible]}, or null where it gave nothing.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn

Marks = dict[str, tuple[float, float]]
AT_ONCE = 2
MOST_SECONDS = 300  # for one submission; otter itself has no limit


def otters_marks(
    pairs: Sequence[tuple[Path, Path]], environment: Mapping[str, str] = os.environ
) -> list[Marks | None]:
    """What otter gives for each (autograder zip, submission), in a process of this environment."""
    parts = [pairs[start::AT_ONCE] for start in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(_asked, parts, [dict(environment)] * AT_ONCE))
    return [answers[number % AT_ONCE][number // AT_ONCE] for number in range(len(pairs))]


def _asked(pairs: Sequence[tuple[Path, Path]], environment: dict[str, str]) -> list[Marks | None]:
    question = json.dumps([[str(path.resolve()) for path in pair] for pair in pairs])
    command = [sys.executable, "-W", "ignore", __file__]
    done = subprocess.run(command, env=environment, input=question, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    return [marks and {name: (score, most) for name, (score, most) in marks.items()} for marks in found]


def too_late(*_: object) -> NoReturn:
    raise TimeoutError(f"otter took more than {MOST_SECONDS} seconds")


def main() -> None:
    from otter.api import grade_submission

    signal.signal(signal.SIGALRM, too_late)
    answers: list[object] = []
    for zipped, submitted in json.load(sys.stdin):
        signal.alarm(MOST_SECONDS)
        try:
            with contextlib.redirect_stdout(sys.stderr):
                results = grade_submission(submitted, zipped, quiet=True)
        except TimeoutError:
            answers.append(None)
            continue
        finally:
            signal.alarm(0)
        fell = results.has_catastrophic_failure()
        marks = {name: (test.score, test.possible) for name, test in results.results.items()}
        answers.append(None if fell else marks)
    print(json.dumps(answers))


if __name__ == "__main__":
    main()
