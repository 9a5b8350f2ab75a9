import random

import numpy as np
import pytest
import torch

from autograder import checks


def seeded():
    return torch.rand(3, generator=torch.Generator().manual_seed(7)), {"w": [1, 2.5, np.float32(0.5)]}


def test_a_seeded_result_is_returned():
    found = checks.same_again(seeded, "differs")
    assert torch.equal(found[0], seeded()[0])


@pytest.mark.parametrize(
    "draw", [random.random, np.random.rand, lambda: torch.rand(2), lambda: {"a": [0, np.random.rand(2)]}]
)
def test_what_depends_on_a_global_state_is_refused(draw):
    with pytest.raises(checks.CheckFailed, match="differs"):
        checks.same_again(draw, "differs")


def test_another_form_is_another_result():
    forms = iter([np.zeros(2), np.zeros(3), {"a": 1}, {"b": 1}, [1, 2], [1]])
    for _ in range(3):
        with pytest.raises(checks.CheckFailed, match="differs"):
            checks.same_again(lambda: next(forms), "differs")


def test_differences_within_the_tolerance_are_the_same():
    steps = iter([1.0, 1.0 + 5e-7, 100.0, 100.0 + 5e-5, 1.0, 1.1, float("nan"), float("nan")])
    for _ in range(2):
        checks.same_again(lambda: next(steps), "differs", atol=1e-6, rtol=1e-6)
    for _ in range(2):
        with pytest.raises(checks.CheckFailed):
            checks.same_again(lambda: next(steps), "differs", atol=1e-6, rtol=1e-6)


def test_the_global_states_come_back_even_after_an_error():
    random.seed(1), np.random.seed(1), torch.manual_seed(1)
    expected = random.random(), np.random.rand(), torch.rand(1).item()
    random.seed(1), np.random.seed(1), torch.manual_seed(1)
    with pytest.raises(ZeroDivisionError):
        checks.same_again(lambda: 1 / 0, "differs")
    assert (random.random(), np.random.rand(), torch.rand(1).item()) == expected


def test_what_is_no_number_is_the_test_s_own_mistake():
    with pytest.raises(TypeError, match="str"):
        checks.same_again(lambda: {"a": "text"}, "differs")
