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


def test_objects_of_the_stretch_lie_side_by_side():
    program = """
import mmap
from autograder.runtime import hugepages

hugepages.begin_stretch()
things, libraries = [], []
for number in range(200_000):
    things.append(str(number) * 20)
    if number % 1000 == 0:  # what is loaded in between
        libraries.append(mmap.mmap(-1, 1 << 16, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, mmap.PROT_READ))
hugepages.end_stretch()
with open("/proc/self/maps") as file:
    writable = [line.split()[0].split("-") for line in file if line.split()[1] == "rw-p"]
ranges = [(int(start, 16), int(end, 16)) for start, end in writable]
start, end = max(ranges, key=lambda ends: ends[1] - ends[0])
used = sum(thing.__sizeof__() for thing in things)
assert used < end - start < 3 * used, (used, end - start)  # what was not needed went back
outside = [thing for thing in things if not start <= id(thing) < end]
assert len(outside) < 0.1 * len(things), len(outside)
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


def test_a_server_begins_with_a_stretch(servers):
    for server in (servers.student, servers.examiner):
        lines = [line.split() for line in Path(f"/proc/{server.pid}/maps").read_text().splitlines()]
        sizes = [
            int(end, 16) - int(start, 16)
            for start, end in (line[0].split("-") for line in lines if len(line) == 5 and line[1] == "rw-p")
        ]
        assert max(sizes) > 50 << 20, max(sizes)
