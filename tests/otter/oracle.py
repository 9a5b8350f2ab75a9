"""otter itself: what it gives submissions by an archive of ours, and its reading of our test files."""

import json
import os
import subprocess
import sys
import warnings
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.commands import environment
from tests.parity.warm_kernel import warm_kernels

CORES = len(os.sched_getaffinity(0))

Points = dict[str, float]  # by question


def otter_environment() -> dict[str, str]:
    """Ours, but without the way to our own modules: otter has to find them in the archive."""
    return {name: value for name, value in environment().items() if name != "PYTHONPATH"}


def run_otter(given: Mapping[str, tuple[Path, Path]], warm: bool = True) -> dict[str, Points]:
    """What `otter run` gives each submission, by name; `given` are pairs of archive and notebook.

    A notebook for which otter ends without results has no points at all.
    """
    names = list(given)
    shares = [names[core::CORES] for core in range(min(CORES, len(names)))]

    def one_share(share: list[str]) -> dict[str, Points]:
        jobs = {name: [str(path.resolve()) for path in given[name]] for name in share}
        # a folder of a short name: that of a socket has at most 107 bytes
        with TemporaryDirectory() as folder:
            told = subprocess.run(
                [sys.executable, "-P", str(Path(__file__).with_name("run_many.py"))],
                cwd=folder,
                env=base | {"JUPYTER_RUNTIME_DIR": folder},
                input=json.dumps(jobs),
                capture_output=True,
                text=True,
            )
        assert told.returncode == 0, told.stderr[-4_000:]
        answer: dict[str, Points] = json.loads(told.stdout.splitlines()[-1])
        return answer

    with ThreadPoolExecutor(max(1, len(shares))) as pool, ExitStack() as stack:
        base = otter_environment()
        if warm:
            base |= stack.enter_context(warm_kernels(base, "otter"))
        return {name: points for found in pool.map(one_share, shares) for name, points in found.items()}


def filled(path: Path, answers: Mapping[str, str]) -> bytes:
    """The student's notebook at `path` with answers by grade_id."""
    content = json.loads(path.read_bytes())
    for cell in content["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = answers.get(grade_id, cell["source"])
    return json.dumps(content).encode()


def checked(test_file: str, names: dict[str, Any]) -> Any:
    """otter's own ExceptionTestFile of this text, run among these names."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from otter.test_files import ExceptionTestFile

    found = ExceptionTestFile.from_string(test_file, "tests/q.py")
    found.run(names)
    return found
