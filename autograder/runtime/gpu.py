"""The files through which a process reaches NVIDIA's GPUs for CUDA, and no others. Runs as a plain file."""

from __future__ import annotations

from pathlib import Path

_DEVICES = ("nvidia[0-9]*", "nvidiactl", "nvidia-uvm")
# what drivers ask before they open a device
IN_SYS = ("/sys/devices/system/node", "/sys/devices/system/memory")
IN_PROC = ("/proc/driver/nvidia", "/proc/devices")


def device_files(folder: Path = Path("/dev")) -> list[str]:
    """The device files of this machine's GPUs; none where there is no GPU."""
    found = {path for pattern in _DEVICES for path in folder.glob(pattern) if path.is_char_device()}
    return sorted(map(str, found))
