"""`python -m benchmarks.batched`: a thousand fits at once, beside a loop over scikit-learn.

Pairs of runs in turn, so that a busy machine slows both. `--device cuda` times the batch on a GPU.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression

from reference.logistic_batched import fit_l2_batched, gradient_batched

SETS, ROWS, FEATURES = 1000, 1000, 2


def draw(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Two overlapping clouds for each data set: X (SETS, ROWS, FEATURES) and y (SETS, ROWS)."""
    rng = np.random.default_rng(seed)
    y = (np.arange(ROWS) % 2)[None].repeat(SETS, 0).astype(float)
    centres = rng.uniform(0.5, 2.5, size=(SETS, 1, FEATURES))
    return rng.normal(size=(SETS, ROWS, FEATURES)) + y[..., None] * centres, y


def by_scikit_learn(X: np.ndarray, y: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
    models = [LogisticRegression().fit(rows, labels) for rows, labels in zip(X, y, strict=True)]
    w = torch.as_tensor(np.stack([model.coef_[0] for model in models]))
    return w, torch.as_tensor(np.stack([model.intercept_[0] for model in models]))


def seconds(run: Callable[[], object], cuda: bool) -> float:
    started = time.perf_counter()
    run()
    if cuda:
        torch.cuda.synchronize()
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.batched", description=__doc__)
    parser.add_argument("--device", default="cpu", help="where the batch is computed (default cpu)")
    parser.add_argument("--pairs", type=int, default=5, help="runs of either side (default 5)")
    given = parser.parse_args()
    cuda = given.device != "cpu"
    if cuda and not torch.cuda.is_available():
        parser.exit(2, "no CUDA device here; leave --device out\n")
    X, y = draw()
    rows, labels = torch.as_tensor(X, device=given.device), torch.as_tensor(y, device=given.device)
    fit = fit_l2_batched(rows, labels)  # the first call loads libraries
    w, b = by_scikit_learn(X, y)
    theirs = gradient_batched(w, b, torch.as_tensor(X), torch.as_tensor(y)).norm(dim=-1)
    ours = gradient_batched(fit.w.cpu(), fit.b.cpu(), torch.as_tensor(X), torch.as_tensor(y)).norm(dim=-1)
    ratios = []
    for _ in range(given.pairs):
        batch = seconds(lambda: fit_l2_batched(rows, labels), cuda)
        loop = seconds(lambda: by_scikit_learn(X, y), False)
        ratios.append(loop / batch)
        print(f"batch {batch:.3f} s, loop over scikit-learn {loop:.3f} s: {loop / batch:.1f} times faster")
    threads = f"{torch.get_num_threads()} threads" if not cuda else torch.cuda.get_device_name()
    print(f"{SETS} data sets of ({ROWS}, {FEATURES}) on {threads}: median {statistics.median(ratios):.1f}")
    print(f"largest gradient norm: batch {float(ours.max()):.1e}, scikit-learn {float(theirs.max()):.1e}")


if __name__ == "__main__":
    main()
