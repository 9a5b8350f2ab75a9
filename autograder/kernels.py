"""The Jupyter kernels of this machine, for notebooks that our own shell does not run."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from autograder.errors import UsageError

NATIVE = "python3"


def kernel_for(kernelspec: Mapping[str, Any]) -> dict[str, Any]:
    """argv, env and language of the kernel that a notebook names in its metadata, or Python's.

    Raises UsageError where this machine has no such kernel.
    """
    name = kernelspec.get("name")
    return _spec(NATIVE if name in (None, "", "python") else str(name))


@cache
def _spec(name: str) -> dict[str, Any]:
    # takes a while to import
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        spec = KernelSpecManager().get_kernel_spec(name)
    except NoSuchKernel:
        raise UsageError(
            f"no kernel {name!r} on this machine; install it, or look at `jupyter kernelspec list`"
        ) from None
    argv = [part.replace("{resource_dir}", spec.resource_dir) for part in spec.argv]
    return {"argv": argv, "env": dict(spec.env), "language": spec.language}
