import copy

import pytest
import torch
from torch import nn

import reference as ref

MODELS = {
    "linear": lambda: nn.Linear(4, 1),
    "without bias": lambda: nn.Linear(4, 1, bias=False),
    "sequential": lambda: nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 1)),
}


def seeded(make):
    with torch.random.fork_rng():
        torch.manual_seed(5)
        return make()


def source(seed=1, device="cpu"):
    return ref.batch_source(ref.course_target(), torch.Generator().manual_seed(seed), device)


def easy_target():
    return ref.Target(torch.tensor([[0.5], [-0.3]]), torch.tensor([0.2]))


@pytest.mark.parametrize("name", MODELS)
def test_steps_equal_those_of_torch_s_own_optimizer(name, device):
    model = seeded(MODELS[name]).to(device)
    twin = copy.deepcopy(model)
    optimizer = torch.optim.SGD(twin.parameters(), lr=0.1)
    get_batch = source(device=device)
    for _ in range(3):
        x, y = get_batch()
        loss = nn.functional.smooth_l1_loss(twin(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        assert ref.training_step(model, x, y) == pytest.approx(loss.item(), rel=1e-6)
    for mine, theirs in zip(model.parameters(), twin.parameters(), strict=True):
        assert torch.allclose(mine, theirs, rtol=1e-5, atol=1e-6)


def test_a_step_changes_the_parameters_in_place_and_no_gradient():
    model = seeded(MODELS["linear"])
    before = list(model.parameters())
    ref.training_step(model, *source()())
    assert all(a is b for a, b in zip(before, model.parameters(), strict=True))
    assert model.weight.grad is None


def test_a_frozen_parameter_stays():
    model = seeded(MODELS["linear"])
    model.bias.requires_grad_(False)
    weight, bias = model.weight.clone(), model.bias.clone()
    ref.training_step(model, *source()())
    assert torch.equal(model.bias, bias)
    assert not torch.equal(model.weight, weight)


def test_an_unused_parameter_stays():
    model = seeded(MODELS["linear"])
    model.register_parameter("spare", nn.Parameter(torch.ones(2)))
    ref.training_step(model, *source()())
    assert model.spare.tolist() == [1.0, 1.0]


def test_a_step_works_where_gradients_are_switched_off():
    model = seeded(MODELS["linear"])
    weight = model.weight.clone()
    with torch.no_grad():
        ref.training_step(model, *source()())
    assert not torch.equal(model.weight, weight)


def test_one_row_is_enough():
    assert ref.training_step(seeded(MODELS["linear"]), torch.ones(1, 4), torch.zeros(1, 1)) > 0


def test_loss_is_quadratic_up_to_one_and_linear_beyond():
    prediction = torch.tensor([[0.5], [1.0], [-3.0]])
    losses = [ref.smooth_l1(row, torch.zeros(1)).item() for row in prediction]
    assert losses == [0.125, 0.5, 2.5]


def test_the_loss_belongs_to_the_model_before_the_step():
    model, (x, y) = seeded(MODELS["linear"]), source()()
    before = ref.evaluate(model, x, y)
    assert ref.training_step(model, x, y) == before
    assert ref.evaluate(model, x, y) < before


def test_first_losses_of_the_lab():
    """The stream of the lab it descends from: target, model and a batch of five from one seed."""
    with torch.random.fork_rng():
        torch.manual_seed(2020)
        target = ref.Target(torch.randn(4, 1) * 5, torch.randn(1) * 5)
        model = nn.Linear(4, 1)
        features = ref.make_features(torch.randn(5))
    y = target.values(features)
    assert ref.training_step(model, features, y) == pytest.approx(4.554878, rel=1e-4)
    assert ref.evaluate(model, features, y) == pytest.approx(4.451764, rel=1e-4)


def test_training_stops_with_the_first_loss_below_the_tolerance():
    get_batch = ref.batch_source(easy_target(), torch.Generator().manual_seed(0))
    history = ref.train(seeded(lambda: nn.Linear(2, 1)), get_batch)
    assert history.losses[-1] < 1e-3
    assert min(history.losses[:-1]) >= 1e-3
    assert history.parameters == ()


def test_training_stops_after_the_most_steps():
    assert len(ref.train(seeded(MODELS["linear"]), source(), max_steps=3).losses) == 3


def test_training_draws_one_batch_a_step():
    drawn = []
    get_batch = source()

    def counting():
        drawn.append(None)
        return get_batch()

    history = ref.train(seeded(MODELS["linear"]), counting, max_steps=5)
    assert len(drawn) == len(history.losses) == 5


def test_training_goes_on_after_a_loss_that_is_no_number():
    def get_batch():
        return torch.ones(1, 4), torch.full((1, 1), float("nan"))

    assert len(ref.train(seeded(MODELS["linear"]), get_batch, max_steps=3).losses) == 3


def test_training_wants_a_step():
    with pytest.raises(ValueError, match="max_steps"):
        ref.train(seeded(MODELS["linear"]), source(), max_steps=0)


def test_kept_parameters_are_those_after_each_step():
    model, twin = (seeded(MODELS["linear"]) for _ in range(2))
    history = ref.train(model, source(), max_steps=4, keep_parameters=True)
    get_batch = source()
    for kept in history.parameters:
        ref.training_step(twin, *get_batch())
        assert all(torch.equal(a, b) for a, b in zip(kept, twin.parameters(), strict=True))
    assert len(history.parameters) == 4


def test_training_recovers_the_course_target(device):
    model = seeded(MODELS["linear"]).to(device)
    ref.train(model, source(device=device))
    x, y = ref.draw_batch(ref.course_target(), 1000, torch.Generator().manual_seed(9), device)
    assert ref.evaluate(model, x, y) < 0.08


def test_both_devices_train_alike(device):
    first = ref.train(seeded(MODELS["linear"]), source(), max_steps=20)
    here = ref.train(seeded(MODELS["linear"]).to(device), source(device=device), max_steps=20)
    assert here.losses == pytest.approx(first.losses, rel=1e-3)
