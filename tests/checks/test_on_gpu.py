"""The checks on CUDA tensors: the same verdicts as on the CPU. Needs numpy, torch and pytest alone."""

import pytest
import torch

import reference as ref
from autograder import checks

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device"),
]


def batch(size, seed=1):
    return ref.draw_batch(ref.course_target(), size, torch.Generator().manual_seed(seed), "cuda")


def test_tensors_are_compared_where_they_lie():
    x, _ = batch(100)
    checks.close_tensor(x * (1 + 1e-7), x, "the features", atol=1e-6, rtol=1e-4)
    with pytest.raises(checks.CheckFailed):
        checks.close_tensor(x * 1.01, x, "the features", atol=1e-6, rtol=1e-4)


def test_an_answer_left_on_the_cpu_is_told_so():
    x, _ = batch(5)
    with pytest.raises(checks.CheckFailed, match="device"):
        checks.close_tensor(x.cpu(), x, "the features", atol=1e-6, rtol=1e-4)


def test_a_fair_sampler_is_fair_there_too():
    X = torch.arange(80, dtype=torch.float32, device="cuda").reshape(40, 2)
    y = (torch.arange(40, device="cuda") % 2).float()
    generator = torch.Generator().manual_seed(3)
    batches = []
    for size in [10] * 40 + [20] * 34:
        chosen = torch.randint(40, (size,), generator=generator).to("cuda")
        batches.append(checks.sampled_rows((X[chosen], y[chosen]), X, y, size, "sample"))
    checks.fair_sampling(batches, 40, "sample")
