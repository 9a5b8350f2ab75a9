"""Memory in huge pages: the same memory, in fewer pieces."""

import ctypes
import mmap
import re
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.runtime import hugepages, kernel

SIZE = 16 << 20


def kernel_collapses() -> bool:
    with mmap.mmap(-1, 2 * SIZE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as memory:
        memory.write(b"x" * len(memory))
        view = ctypes.c_char.from_buffer(memory)
        start = ctypes.addressof(view)
        del view
        try:
            kernel.madvise(start + -start % SIZE, 2 << 20, 25)
        except OSError:
            return False
        return True


def in_huge_pages() -> int:
    (kilobytes,) = re.findall(r"AnonHugePages:\s+(\d+)", Path("/proc/self/smaps_rollup").read_text())
    return int(kilobytes) << 10


@pytest.mark.skipif(not kernel_collapses(), reason="no MADV_COLLAPSE here")
def test_memory_is_put_into_huge_pages_and_stays_what_it_was():
    program = f"""
from autograder.runtime import hugepages
from tests.runtime.test_hugepages import in_huge_pages
numbers = list(range(1_000_000))
data = bytearray(range(256)) * {SIZE // 256}
before = in_huge_pages()
hugepages.collapse()
assert in_huge_pages() - before > {SIZE} // 2, (before, in_huge_pages())
assert sum(numbers) == 499_999_500_000
assert data == bytearray(range(256)) * {SIZE // 256}
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_kernel_that_cannot_is_left_alone(monkeypatch):
    asked = []

    def refuse(address: int, length: int, advice: int) -> None:
        asked.append(address)
        raise OSError

    monkeypatch.setattr(kernel, "madvise", refuse)
    hugepages.collapse()
    assert asked and not any(address % (2 << 20) for address in asked)
