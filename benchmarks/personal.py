"""`python -m benchmarks.personal`: what is right for a class with personal data, in one batch and one by one.

Data are drawn from seeds as they are for students, and solved by the reference's batched fit. Runs come in
pairs, so that a busy machine slows both. `--device cuda` for a GPU.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch

from autograder.personal.seeds import CourseKey
from benchmarks.batched import seconds
from reference.logistic_batched import fit_l2_batched

ROWS, FEATURES = 200, 2


def draw(rng: np.random.Generator) -> dict[str, Any]:
    """One student's two overlapping clouds: X (ROWS, FEATURES), y (ROWS,)."""
    y = (np.arange(ROWS) % 2).astype(float)
    return {"X": rng.normal(size=(ROWS, FEATURES)) + y[:, None] * rng.uniform(0.5, 2.5, FEATURES), "y": y}


def solve(data: Sequence[Mapping[str, Any]], device: str) -> list[dict[str, Any]]:
    """The L2 fit of each: w (FEATURES,), b ()."""
    X, y = (torch.as_tensor(np.stack([one[name] for one in data])) for name in ("X", "y"))
    fit = fit_l2_batched(X, y, device=device)
    return [{"w": w, "b": b} for w, b in zip(fit.w.cpu().numpy(), fit.b.cpu().numpy(), strict=True)]


def one_by_one(data: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """As each student's test does it without a batch: in a process of one thread, on the CPU."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return [solve([one], "cpu")[0] for one in data]
    finally:
        torch.set_num_threads(threads)


def farthest(one: Sequence[Mapping[str, Any]], other: Sequence[Mapping[str, Any]]) -> float:
    """The largest difference of any number in two such lists."""
    return max(float(np.abs(a[name] - b[name]).max()) for a, b in zip(one, other, strict=True) for name in a)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.personal", description=__doc__)
    parser.add_argument("--device", default="cpu", help="where the batch is computed (default cpu)")
    parser.add_argument("--students", type=int, default=300, help="in the class (default 300)")
    parser.add_argument("--pairs", type=int, default=5, help="runs of either side (default 5)")
    given = parser.parse_args()
    cuda = given.device != "cpu"
    if cuda and not torch.cuda.is_available():
        parser.exit(2, "no CUDA device here; leave --device out\n")
    key = CourseKey(bytes(32))
    seeds = [key.seed("benchmark", f"student{number}") for number in range(given.students)]
    data = [draw(np.random.default_rng(int(seed.hex(), 16))) for seed in seeds]
    apart = farthest(solve(data, given.device), one_by_one(data))  # the first call loads libraries
    ratios = []
    for _ in range(given.pairs):
        batch = seconds(lambda: solve(data, given.device), cuda)
        alone = seconds(lambda: one_by_one(data), False)
        ratios.append(alone / batch)
        print(f"batch {batch:.3f} s, one by one {alone:.3f} s: {alone / batch:.1f} times as fast")
    threads = f"{torch.get_num_threads()} threads" if not cuda else torch.cuda.get_device_name()
    print(
        f"{len(data)} students, {threads}: median {statistics.median(ratios):.1f}; at most {apart:.0e} apart"
    )


if __name__ == "__main__":
    main()
