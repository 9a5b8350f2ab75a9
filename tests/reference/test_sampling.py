import pytest
import torch

import reference as ref


def numbered(n=10):
    return torch.arange(2.0 * n).reshape(n, 2), torch.arange(float(n))


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("size", [1, 7, 10, 25])
def test_has_exactly_the_size_asked_for(size, device):
    X, y = (tensor.to(device) for tensor in numbered())
    rows, labels = ref.sample_batch(X, y, size, generator())
    assert rows.shape == (size, 2)
    assert labels.shape == (size,)
    assert rows.device.type == labels.device.type == device


def test_each_row_comes_with_its_label():
    rows, labels = ref.sample_batch(*numbered(), 100, generator())
    assert torch.equal(rows[:, 0], 2 * labels)


def test_every_row_is_equally_likely():
    draws = 20_000
    _, labels = ref.sample_batch(*numbered(), draws, generator())
    counts = torch.bincount(labels.long(), minlength=10).double()
    chi_square = ((counts - draws / 10) ** 2 / (draws / 10)).sum().item()
    assert chi_square < 45  # 9 degrees of freedom: exceeded once in a million


def test_the_generator_alone_decides():
    first, _ = ref.sample_batch(*numbered(), 8, generator(3))
    torch.manual_seed(99)
    second, _ = ref.sample_batch(*numbered(), 8, generator(3))
    other, _ = ref.sample_batch(*numbered(), 8, generator(4))
    assert torch.equal(first, second)
    assert not torch.equal(first, other)


def test_without_a_generator_each_call_draws_afresh():
    first, second = (ref.sample_batch(*numbered(), 32)[1] for _ in range(2))
    assert not torch.equal(first, second)
