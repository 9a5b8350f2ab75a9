"""The GPUs of this machine, as torch sees them. Asked in a process of its own: a look starts CUDA."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache

from autograder.errors import UsageError

_TELL = """
import json, torch
count = torch.cuda.device_count() if torch.cuda.is_available() else 0
print(json.dumps([torch.__version__, [torch.cuda.get_device_name(index) for index in range(count)]]))
"""


@cache
def torch_and_gpus(python: str = sys.executable) -> tuple[str, tuple[str, ...]]:
    """The version of torch that `python` has, "" for none, and the names of the GPUs that it can use."""
    command = [python, "-s", "-P", "-c", _TELL]
    try:
        told = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
        version, names = json.loads(told.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return "", ()
    return str(version), tuple(names)


def require_gpu(python: str = "") -> None:
    """Raises UsageError where our Python, or the students' `python`, has no GPU to use."""
    for whose in filter(None, (sys.executable, python)):
        version, names = torch_and_gpus(whose)
        if not names:
            found = f"torch {version} finds none" if version else "there is no torch"
            raise UsageError(
                f'device is "cuda", but {whose} has no GPU to use ({found}); '
                "use --device cpu, or a machine with a GPU and a build of torch for it"
            )
