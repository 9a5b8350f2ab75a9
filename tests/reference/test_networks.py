import copy

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from reference import networks as ref


def seeded(make, seed=5):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return make()


def network():
    return nn.Sequential(nn.Linear(3, 5), nn.ReLU(), nn.Linear(5, 4))


def batches(sizes, seed=1):
    generator = torch.Generator().manual_seed(seed)
    return [
        (torch.randn(n, 3, generator=generator), torch.randint(0, 4, (n,), generator=generator))
        for n in sizes
    ]


def test_one_hidden_layer_is_torch_s():
    model = seeded(network)
    ((x, _),) = batches([6])
    found = ref.one_hidden_layer(x, *(p.detach() for p in model.parameters()))
    assert torch.allclose(found, model(x).detach(), atol=1e-6)


def test_the_cross_entropy_is_torch_s():
    ((x, y),) = batches([6])
    scores = 50 * torch.cat([x, x[:, :1]], dim=1)
    assert ref.mean_cross_entropy(scores, y) == pytest.approx(F.cross_entropy(scores, y).item(), rel=1e-6)


def test_weights_decay_and_biases_do_not():
    model = seeded(network)
    twin = copy.deepcopy(model)
    ((x, y),) = batches([6])
    for each in (model, twin):
        F.cross_entropy(each(x), y).backward()
    groups = [
        {"params": [p for p in twin.parameters() if p.ndim == 2], "weight_decay": 0.3},
        {"params": [p for p in twin.parameters() if p.ndim == 1]},
    ]
    torch.optim.SGD(groups, lr=0.2).step()
    ref.decayed_step(model, 0.2, 0.3)
    for mine, theirs in zip(model.parameters(), twin.parameters(), strict=True):
        assert torch.allclose(mine, theirs, atol=1e-6)


def test_an_epoch_is_a_step_a_batch_in_train_mode():
    model = seeded(lambda: nn.Sequential(nn.Linear(3, 5), nn.BatchNorm1d(5), nn.Linear(5, 4))).eval()
    twin = copy.deepcopy(model).train()
    optimizer = torch.optim.SGD(twin.parameters(), lr=0.1)
    total = 0.0
    for x, y in batches([6, 3]):
        loss = F.cross_entropy(twin(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += len(y) * loss.item()
    found = ref.train_epoch(model, torch.optim.SGD(model.parameters(), lr=0.1), batches([6, 3]))
    assert found == pytest.approx(total / 9, rel=1e-5)
    for key, value in model.state_dict().items():
        assert torch.allclose(value, twin.state_dict()[key], atol=1e-6)


@pytest.mark.parametrize(
    ("losses", "max_epochs", "patience", "stop"),
    [
        ([3, 2, 4, 5, 1], 100, 2, (4, 2)),
        ([3, 2, 4, 1, 5, 6], 100, 2, (6, 4)),
        ([2, 2, 2, 1], 100, 2, (3, 1)),
        ([3, 2, 1], 3, 5, (3, 3)),
        ([1, 2, 3], 2, 5, (2, 1)),
        ([1, 2], 1, 1, (1, 1)),
    ],
)
def test_where_early_stopping_ends(losses, max_epochs, patience, stop):
    assert ref.early_stop(losses, max_epochs, patience) == ref.Stop(*stop)


def test_early_stopping_needs_losses_to_end_on():
    with pytest.raises(ValueError, match="too few"):
        ref.early_stop([3.0, 2.0], 10, 5)
