"""The files through which a process reaches a GPU. Runs as a plain file.

NVIDIA's are named in the documentation of its container toolkit, AMD's in ROCm's, /dev/dxg in WSL's.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

_DEVICES = ("nvidia[0-9]*", "nvidiactl", "nvidia-uvm*", "nvidia-caps/*", "kfd", "dri/renderD*", "dxg")
# what drivers ask before they open a device
IN_SYS = ("/sys/devices/system/node", "/sys/devices/system/memory")
IN_PROC = ("/proc/driver/nvidia", "/proc/devices")


def device_files(folder: Path = Path("/dev"), patterns: Iterable[str] = _DEVICES) -> list[str]:
    """The device files of this machine's GPUs; none where there is no GPU."""
    found = {path for pattern in patterns for path in folder.glob(pattern) if path.is_char_device()}
    return sorted(map(str, found))
