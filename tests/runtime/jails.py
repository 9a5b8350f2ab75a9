"""Jails for tests: warm servers of a given strength, and a grader that is not root."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.runtime import jail, landlock, privileges, view
from autograder.runtime.servers import Servers
from autograder.runtime.tiers import PARTS, STRONGEST, Jail

ROOT = Path(__file__).parents[2]
NOBODY = 65_534


@contextmanager
def servers_of(parts: frozenset[str], weaker: Path | None = None) -> Iterator[Servers]:
    """Servers without libraries, which start within a second; `weaker` has a module `weakened`
    for the examiner.
    """
    made = Jail(STRONGEST, parts, landlock_abi=landlock.abi())
    paths = () if weaker is None else (str(weaker),)
    with Servers((), ("pytest", "weakened"), paths, jail=made) as warm:
        yield warm


def without(part: str) -> frozenset[str]:
    """The strongest jail but for one defence."""
    assert part in PARTS[STRONGEST]
    return PARTS[STRONGEST] - {part}


def as_somebody_else(code: str, home: Path) -> str:
    """What a Python prints that runs `code` as a user without rights; it can write to `home`."""
    reader, writer = os.pipe()
    os.chown(home, NOBODY, NOBODY)
    pid = os.fork()
    if pid == 0:
        os.dup2(writer, 1)
        os.dup2(writer, 2)
        python = (sys.prefix, sys.base_prefix, sys.executable, str(ROOT))
        view.enter((*jail._SYSTEM, *python), str(home), own_processes=False)
        privileges.give_up(NOBODY, reads_all=False)
        environment = {
            "HOME": str(home),
            "TMPDIR": str(home),
            "PYTHONPATH": str(ROOT),
            "PATH": "/usr/bin:/bin",
        }
        subprocess.run([sys.executable, "-c", code], env=environment, cwd=home)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "r") as pipe:
        said = pipe.read()
    os.waitpid(pid, 0)
    return said
