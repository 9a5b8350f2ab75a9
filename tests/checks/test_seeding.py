import pytest
import torch

from autograder import checks


@pytest.fixture(autouse=True)
def default_seed():
    before = checks.hidden_seed()
    yield
    checks.use_hidden_seed(before)


def test_the_same_seed_and_purpose_give_the_same_numbers():
    assert checks.rng("a").normal() == checks.rng("a").normal()
    assert torch.rand(1, generator=checks.torch_rng("a")) == torch.rand(1, generator=checks.torch_rng("a"))


def test_another_purpose_gives_other_numbers():
    assert checks.rng("a").normal() != checks.rng("b").normal()


def test_another_hidden_seed_gives_other_numbers():
    before = checks.rng("a").normal()
    checks.use_hidden_seed(1)
    assert checks.rng("a").normal() != before


def test_global_random_state_is_left_alone():
    state = torch.get_rng_state()
    checks.torch_rng("a")
    assert torch.equal(state, torch.get_rng_state())


def test_devices_are_the_cpu_unless_said_otherwise():
    assert checks.devices() == (torch.device("cpu"),)
    checks.use_devices("cpu", "cuda")
    assert [device.type for device in checks.devices()] == ["cpu", "cuda"]
    checks.use_devices()
    assert checks.devices() == (torch.device("cpu"),)
