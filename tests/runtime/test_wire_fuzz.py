"""Frames of a hostile sender: valid ones, mutated. Only WireError may come of them, soon and cheaply."""

import contextlib
import random
import struct
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import pytest

from autograder.runtime.wire import WireError, decode, encode
from tests.runtime.values import Values

SEED = 20_240_611
TAGS = b"NTF.iIfcsbrmegaxyYltdSz/Lh"
COUNTS = (0, 1, 2, 63, 64, 65, 255, 2**16, 10**6, 2**31, 2**32 - 1)
REPOSITORY = Path(__file__).parents[2]


class Mutator:
    """Frames that were valid once; the same seed gives the same frames."""

    def __init__(self, seed: int, frames: int = 500) -> None:
        self.random = random.Random(seed)
        values = Values(seed)
        self._valid = [encode(values.value()) for _ in range(frames)]
        self._mutations = (
            self._flip,
            self._cut,
            self._insert,
            self._count,
            self._tag,
            self._repeat,
            self._splice,
        )

    def frame(self) -> bytes:
        data = bytearray(self.random.choice(self._valid))
        for _ in range(self.random.choice((1, 1, 1, 2, 3, 8))):
            self.random.choice(self._mutations)(data)
        return bytes(data)

    def _place(self, data: bytearray) -> int:
        return self.random.randrange(len(data) + 1)

    def _flip(self, data: bytearray) -> None:
        if data:
            data[self.random.randrange(len(data))] ^= 1 << self.random.randrange(8)

    def _cut(self, data: bytearray) -> None:
        start = self._place(data)
        del data[start : start + self.random.choice((1, 1, 2, 4, 8, 1000))]

    def _insert(self, data: bytearray) -> None:
        at = self._place(data)
        data[at:at] = self.random.randbytes(self.random.randrange(1, 9))

    def _count(self, data: bytearray) -> None:
        at = self._place(data)
        data[at : at + 4] = struct.pack("<I", self.random.choice(COUNTS))

    def _tag(self, data: bytearray) -> None:
        at = self._place(data)
        data[at : at + 1] = bytes([self.random.choice(TAGS)])

    def _repeat(self, data: bytearray) -> None:
        at, end = sorted((self._place(data), self._place(data)))
        data[at:at] = data[at:end] * self.random.randrange(1, 5)
        del data[10_000:]

    def _splice(self, data: bytearray) -> None:
        at = self._place(data)
        data[at:] = self.random.choice(self._valid)[at:]


def endure(count: int, seed: int) -> None:
    """Decodes so many mutated frames, each within a second; anything but WireError passes through."""
    mutator = Mutator(seed)
    decoded = 0
    for number in range(count):
        data = mutator.frame()
        began = time.thread_time()
        try:
            decode(data)
            decoded += 1
        except WireError:
            pass
        except BaseException as error:
            raise AssertionError(f"frame {number} of seed {seed}: {data!r}") from error
        assert time.thread_time() - began < 1, f"frame {number} of seed {seed} took too long: {data!r}"
    assert 0.02 < decoded / count < 0.7  # else the mutations are too mild, or never get past the first tag


def test_a_hundred_thousand_mutated_frames_end_in_a_value_or_a_wire_error():
    for part in range(2):
        endure(50_000, SEED + 50 + part)


@pytest.mark.slow
def test_a_million_mutated_frames_end_in_a_value_or_a_wire_error():
    for part in range(20):
        endure(50_000, SEED + 1 + part)


def test_noise_ends_in_a_value_or_a_wire_error():
    noise = random.Random(SEED)
    for _ in range(20_000):
        data = bytes([noise.choice(TAGS)]) + noise.randbytes(noise.randrange(40))
        with contextlib.suppress(WireError):
            decode(data)


def test_a_mutated_frame_takes_a_small_multiple_of_itself():
    mutator = Mutator(SEED + 30)
    tracemalloc.start()
    try:
        for _ in range(5_000):
            data = mutator.frame()
            tracemalloc.reset_peak()
            before, _ = tracemalloc.get_traced_memory()
            with contextlib.suppress(WireError):
                decode(data)
            _, peak = tracemalloc.get_traced_memory()
            assert peak - before < 64 * len(data) + 2**14, data
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "one",
    [b"l\0\0\0\0", b"d\0\0\0\0", b"S\0\0\0\0", b"e\0\0\0\0\0", b"g\x0b" + bytes(8), b"a\0\0\0\1", b"LNNNN"],
)
@pytest.mark.ci
def test_the_smallest_of_things_take_a_bounded_multiple_of_the_frame(one):
    count = 50_000
    data = b"l" + struct.pack("<I", count) + one * count
    tracemalloc.start()
    try:
        with contextlib.suppress(WireError):
            decode(data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 64 * len(data)


def test_no_mutated_frame_needs_more_memory_than_a_child_may_have():
    """torch's memory is not Python's to count: here the kernel counts it."""
    program = (
        "import resource, sys; sys.path[:0] = [sys.argv[1]]\n"
        "from tests.runtime.test_wire_fuzz import SEED, endure\n"
        "from autograder.runtime.wire import decode, encode\n"
        "import torch; decode(encode([torch.ones(3), torch.ones(3, dtype=torch.bool)]))\n"
        "used = int(next(x for x in open('/proc/self/status') if x.startswith('VmData')).split()[1]) * 1024\n"
        "resource.setrlimit(resource.RLIMIT_DATA, (used + 64 * 2**20,) * 2)\n"
        "endure(10_000, SEED + 40)\n"
    )
    subprocess.run([sys.executable, "-c", program, str(REPOSITORY)], check=True, timeout=120)
