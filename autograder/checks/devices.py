"""The devices that hidden tests run a student's torch code on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

_names: tuple[str, ...] = ("cpu",)


def use_devices(*names: str) -> None:
    """Run on these devices, in this process: "cpu", "cuda". The examiner says it once, at its start."""
    global _names
    _names = names or ("cpu",)


def devices() -> tuple[torch.device, ...]:
    """The devices in use: the CPU unless an examiner said otherwise."""
    import torch

    return tuple(torch.device(name) for name in _names)
