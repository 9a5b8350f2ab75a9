"""The states of the global generators, which come from the student's side."""

import random
import struct

import numpy as np
import pytest
import torch

from autograder.runtime.randomness import get_state, set_random_state, set_state

DRAWS = {
    "random": lambda: [random.random(), random.gauss(0, 1)],
    "numpy": lambda: [np.random.rand(), np.random.randn()],
    "torch": lambda: [torch.rand(()).item(), torch.randn(()).item()],
}


@pytest.fixture(autouse=True)
def kept():
    states = {name: get_state(name) for name in DRAWS}
    yield
    for name, state in states.items():
        set_state(name, state)


@pytest.mark.parametrize("name", DRAWS)
def test_a_state_that_is_set_again_draws_the_same(name):
    set_random_state(3)
    DRAWS[name]()  # half of a pair of normal numbers is kept back
    state = get_state(name)
    first = DRAWS[name]()
    set_state(name, state)
    assert DRAWS[name]() == first


@pytest.mark.parametrize("name", DRAWS)
@pytest.mark.parametrize("state", [None, 10**11, (), b"", b"x" * 2496, {}, "state", (3, (), None, 1)])
def test_what_is_no_state_is_refused(name, state):
    with pytest.raises((ValueError, TypeError, RuntimeError)):
        set_state(name, state)


@pytest.mark.parametrize("position", [-1, 625, 10**6, 2**40, True, 3.0])
def test_a_position_outside_the_key_is_refused(position):
    """numpy does not check it, and would draw from the memory behind the key."""
    key, _, *gauss = get_state("numpy")
    with pytest.raises(ValueError, match="no state"):
        set_state("numpy", (key, position, *gauss))


@pytest.mark.parametrize("left, next_word", [(624, 624), (2, 624), (0, 0), (-1, 0), (625, 0), (1, 2**40)])
def test_words_of_torch_outside_its_state_are_refused(left, next_word):
    """torch checks each alone, and would draw from the memory behind its words."""
    state = bytearray(get_state("torch"))
    struct.pack_into("<iiQ", state, 8, left, 1, next_word)
    with pytest.raises(ValueError, match="no state"):
        set_state("torch", bytes(state))


@pytest.mark.parametrize("draws", [0, 1, 2, 623, 624, 625, 2_000])
def test_every_state_that_torch_comes_to_can_be_set(draws):
    torch.manual_seed(draws)
    torch.rand(draws)
    state = get_state("torch")
    set_state("torch", state)
    assert get_state("torch") == state


@pytest.mark.parametrize("gauss", ["a string", 10**400, ()])
def test_half_a_pair_that_is_no_number_is_refused(gauss):
    version, words, _ = get_state("random")
    with pytest.raises((ValueError, TypeError, OverflowError)):
        set_state("random", (version, words, gauss))
