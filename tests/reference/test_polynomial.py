import re

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import reference as ref


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def test_course_target_has_the_known_digits():
    target = ref.course_target()
    assert target.W.ravel().tolist() == pytest.approx([6.1861, -4.8020, 7.7076, -2.0393], abs=1e-4)
    assert target.b.tolist() == pytest.approx([4.4029], abs=1e-4)


def test_course_target_is_what_the_notebook_draws():
    with torch.random.fork_rng():
        torch.manual_seed(2020)
        W, b = torch.randn(4, 1) * 5, torch.randn(1) * 5
    target = ref.course_target()
    assert torch.equal(target.W, W)
    assert torch.equal(target.b, b)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_features_are_powers_and_keep_dtype_and_device(dtype, device):
    x = torch.tensor([2.0, -1.0, 0.5], dtype=dtype, device=device)
    features = ref.make_features(x, 3)
    expected = torch.tensor([[2.0, 4.0, 8.0], [-1.0, 1.0, -1.0], [0.5, 0.25, 0.125]], dtype=dtype)
    assert features.dtype == dtype
    assert features.device == x.device
    assert torch.allclose(features.cpu(), expected)


def test_features_of_one_point():
    assert ref.make_features(torch.tensor([3.0]), 1).shape == (1, 1)


def test_a_batch_lies_on_the_polynomial(device):
    target = ref.course_target()
    features, y = ref.draw_batch(target, 7, generator(), device)
    assert features.shape == (7, 4)
    assert y.shape == (7, 1)
    assert features.device.type == y.device.type == device
    assert torch.allclose(target.to(device).values(features), y, rtol=1e-4, atol=1e-4)


def test_both_devices_see_the_same_points(device):
    target = ref.draw_target(generator(4), degree=2)
    here, _ = ref.draw_batch(target, 5, generator(), device)
    cpu, _ = ref.draw_batch(target, 5, generator())
    assert torch.equal(here.cpu(), cpu)


def test_a_target_may_lie_on_either_device(device):
    target = ref.draw_target(generator(4), degree=2)
    x, y = ref.draw_batch(target.to(device), 5, generator(), device)
    assert x.device.type == y.device.type == device
    assert torch.allclose(y.cpu(), ref.draw_batch(target, 5, generator())[1])


def test_a_source_draws_afresh_and_takes_a_size():
    get_batch = ref.batch_source(ref.course_target(), generator())
    first, second = get_batch(), get_batch()
    assert first[0].shape == second[0].shape == (32, 4)
    assert not torch.equal(first[0], second[0])
    assert get_batch(5)[1].shape == (5, 1)


@pytest.mark.parametrize("size", [0, -1, 2**40, 3.0, True, "32", None])
def test_a_source_refuses_nonsense(size):
    get_batch = ref.batch_source(ref.course_target(), generator())
    with pytest.raises(ValueError, match="batch_size"):
        get_batch(size)


def test_description_of_the_course_target():
    target = ref.course_target()
    expected = "y = +6.19 x^1 -4.80 x^2 +7.71 x^3 -2.04 x^4 +4.40"
    assert ref.poly_desc(target.W, target.b) == expected
    assert ref.poly_desc(target.W.ravel().requires_grad_(), target.b) == expected


@given(weights=st.lists(st.floats(-99, 99, width=32), min_size=1, max_size=6))
def test_description_holds_every_term_in_order(weights):
    text = ref.poly_desc(torch.tensor(weights), torch.tensor([1.0]))
    assert re.findall(r"x\^(\d+)", text) == [str(k) for k in range(1, len(weights) + 1)]
    numbers = re.findall(r"[+-]\d+\.\d\d", text)
    assert [float(number) for number in numbers] == pytest.approx([*weights, 1.0], abs=0.005001)
