import numpy as np
import pytest
import torch

import reference as ref


def stacked(count=6, n=40, d=3, distance=0.0):
    rng = np.random.default_rng(11)
    sets = [ref.draw_dataset(rng, n=n, d=d, distance=distance) for _ in range(count)]
    X = torch.tensor(np.stack([data.X for data in sets]))
    y = torch.tensor(np.stack([data.y for data in sets]))
    return X, y


def single_fits(fit, X, y, *args):
    return [fit(rows.numpy(), labels.numpy(), *args) for rows, labels in zip(X, y, strict=True)]


@pytest.mark.parametrize("C", [1e-3, 1.0, 1e3])
@pytest.mark.parametrize("distance", [0.0, 30.0])
def test_batched_equals_single(C, distance, device):
    X, y = stacked(distance=distance)
    many = ref.fit_l2_batched(X, y, C, device=device)
    for k, one in enumerate(single_fits(ref.fit_l2, X, y, C)):
        assert many.w[k].cpu().numpy() == pytest.approx(one.w, rel=1e-6, abs=1e-9)
        assert many.b[k].item() == pytest.approx(one.b, rel=1e-6, abs=1e-7)
        assert many.minimum[k].item() == pytest.approx(one.minimum, rel=1e-10)


def test_batched_equals_single_without_penalty(device):
    X, y = stacked()
    many = ref.fit_unpenalised_batched(X, y, device=device)
    for k, one in enumerate(single_fits(ref.fit_unpenalised, X, y)):
        assert many.w[k].cpu().numpy() == pytest.approx(one.w, rel=1e-6)
        assert many.b[k].item() == pytest.approx(one.b, rel=1e-6)


def test_every_gradient_norm_is_tiny(device):
    X, y = stacked(n=1000, distance=30.0)
    assert ref.fit_l2_batched(X, y, 1e3, device=device).gradient_norm.max().item() < 1e-8


def test_result_lies_on_the_device_asked_for(device):
    X, y = stacked(count=2)
    assert ref.fit_l2_batched(X, y, device=device).w.device.type == device


def test_each_data_set_may_have_its_own_strength():
    X, y = stacked(count=2)
    strengths = torch.tensor([0.1, 10.0], dtype=torch.float64)
    many = ref.fit_l2_batched(X, y, strengths)
    for k, C in enumerate([0.1, 10.0]):
        assert many.w[k].numpy() == pytest.approx(ref.fit_l2(X[k].numpy(), y[k].numpy(), C).w, rel=1e-6)


def test_float32_rows_are_fitted_in_float64():
    X, y = stacked(count=2)
    assert ref.fit_l2_batched(X.float(), y.float()).w.dtype == torch.float64


def test_objective_equals_single():
    X, y = stacked(count=3)
    w, b = torch.full((3, 3), 0.4, dtype=torch.float64), torch.tensor([0.0, 1.0, -2.0], dtype=torch.float64)
    values = ref.objective_batched(w, b, X, y, 2.0)
    for k in range(3):
        assert values[k].item() == pytest.approx(
            ref.objective(w[k].numpy(), b[k].item(), X[k].numpy(), y[k].numpy(), 2.0)
        )


def test_gradient_equals_autograd():
    X, y = stacked(count=3)
    w = torch.randn(3, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0)).requires_grad_()
    b = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    by_w, by_b = torch.autograd.grad(ref.objective_batched(w, b, X, y, 2.0).sum(), [w, b])
    expected = torch.cat([by_w, by_b[:, None]], dim=-1)
    assert torch.allclose(ref.gradient_batched(w.detach(), b.detach(), X, y, 2.0), expected)


def test_the_separable_sets_are_named():
    X, y = stacked(count=3, d=1)
    X[1] = 2 * y[1, :, None] - 1
    with pytest.raises(ref.NoOptimum, match=r"\[1\]"):
        ref.fit_unpenalised_batched(X, y)


@pytest.mark.parametrize(
    ("X", "y", "C"),
    [
        (torch.zeros(2, 3), torch.tensor([[0, 1, 1], [0, 1, 1]]), 1.0),
        (torch.zeros(1, 2, 1), torch.tensor([[1, 1]]), 1.0),
        (torch.zeros(1, 2, 1), torch.tensor([[-1, 1]]), 1.0),
        (torch.full((1, 2, 1), torch.inf), torch.tensor([[0, 1]]), 1.0),
        (torch.zeros(1, 2, 1), torch.tensor([[0, 1]]), -1.0),
    ],
)
def test_nonsense_is_refused(X, y, C):
    with pytest.raises(ValueError, match="must"):
        ref.fit_l2_batched(X, y, C)


def test_dependent_columns_have_no_unique_unpenalised_optimum():
    X, y = stacked(count=2)
    X[0, :, 2] = 0
    with pytest.raises(ref.NoOptimum, match=r"\[0\]"):
        ref.fit_unpenalised_batched(X, y)


def test_an_outlier_that_makes_full_newton_steps_overshoot_does_no_harm(device):
    X = torch.tensor([[[0.0, -2], [-3, -1], [1, 5], [52, 2], [0, -5], [13, 5]]], dtype=torch.float64)
    y = torch.tensor([[0.0, 1, 1, 0, 0, 1]])
    fit = ref.fit_l2_batched(X, y, 1e3, device=device)
    single = ref.fit_l2(X[0].numpy(), y[0].numpy(), 1e3)
    assert fit.gradient_norm.item() < 1e-8
    assert fit.w[0].cpu().numpy() == pytest.approx(single.w, rel=1e-8)


@pytest.mark.parametrize("fit", [ref.fit_l2_batched, ref.fit_unpenalised_batched])
def test_no_data_sets_have_no_fits(fit):
    found = fit(torch.zeros(0, 5, 2), torch.zeros(0, 5))
    assert (found.w.shape, found.minimum.shape) == ((0, 2), (0,))


def test_data_sets_of_every_piece_are_fitted_and_named(monkeypatch):
    rng = np.random.default_rng(0)
    X, y = torch.tensor(rng.normal(size=(5, 30, 2))), torch.tensor(np.arange(30) % 2.0).repeat(5, 1)
    whole = ref.fit_unpenalised_batched(X, y)
    monkeypatch.setattr("reference.logistic_batched.PIECE", 2 * 30 * 2)
    # every piece stops by itself, once its gradients are below 1e-8
    assert torch.allclose(ref.fit_unpenalised_batched(X, y).w, whole.w, rtol=0, atol=1e-8)
    X[3, :, 1] = X[3, :, 0]
    with pytest.raises(ref.NoOptimum, match=r"\[3\]"):
        ref.fit_unpenalised_batched(X, y)
