"""The GPUs of this machine, as torch sees them. Asked in a process of its own: a look starts CUDA."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

from autograder.errors import UsageError
from autograder.runtime.gpu import device_files
from autograder.runtime.servers import ENVIRONMENT, last_line

_TELL = """
import json, torch
count = torch.cuda.device_count() if torch.cuda.is_available() else 0
print(json.dumps([torch.__version__, [torch.cuda.get_device_name(index) for index in range(count)]]))
"""


@cache
def gpus_of(python: str = sys.executable) -> tuple[tuple[str, ...], str]:
    """The names of the GPUs that torch can use in `python`, as our servers start it; and if none, why."""
    command = [python, "-s", "-P", "-c", _TELL]
    try:
        told = subprocess.run(command, capture_output=True, text=True, timeout=120, env=ENVIRONMENT)
        if told.returncode:
            return (), last_line(told.stderr)
        version, names = json.loads(told.stdout.splitlines()[-1])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError) as error:
        return (), str(error)
    return tuple(names), "" if names else f"torch {version} finds none"


def require_gpu(python: str = "") -> None:
    """Raises UsageError where our Python, or the students' `python`, has no GPU that it can use."""
    for whose in filter(None, (sys.executable, python)):
        names, why = gpus_of(whose)
        if not names:
            raise _no_gpu(f"{whose} has no GPU to use ({why})")
    files = device_files()
    closed = [path for path in files if Path(path).stat().st_mode & 0o006 != 0o006]
    if not files or closed:
        raise _no_gpu(
            f"{closed[0]} is not open to all users" if closed else "there is no /dev/nvidia* to let in"
        )


def _no_gpu(why: str) -> UsageError:
    advice = "use --device cpu, or a machine with an NVIDIA GPU and a build of torch for it"
    return UsageError(f'device is "cuda", but {why}; {advice}')
