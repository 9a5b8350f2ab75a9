"""Commands of nbgrader and Jupyter, in processes of their own."""

import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]


def environment(**more: str) -> dict[str, str]:
    """Ours, in which nbgrader finds the programs that it calls (alembic), and tests find our modules."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "PYTHONPATH": str(REPOSITORY), "OMP_NUM_THREADS": "1", **more}


def python(folder: Path, *arguments: str, code: int = 0, **more: str) -> str:
    """What our Python says in `folder` with these arguments; its exit code must be `code`."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment(**more), capture_output=True, text=True
    )
    assert done.returncode == code, f"{arguments}: {done.returncode}\n{done.stderr[-4_000:]}"
    return done.stdout + done.stderr


def nbgrader(folder: Path, *arguments: str, code: int = 0, **more: str) -> str:
    """What nbgrader's command line says in `folder`."""
    return python(folder, "-m", "nbgrader", *arguments, code=code, **more)
