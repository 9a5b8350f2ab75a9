import copy

import numpy as np
import pytest
import torch

from autograder import checks
from autograder.checks import CheckFailed


def batch(value):
    return torch.full((2, 1), float(value)), torch.zeros(2, 1)


def test_batches_are_replayed_in_order_and_counted():
    get_batch, sizes = checks.replay([batch(1), batch(2)])
    assert [get_batch()[0][0, 0].item(), get_batch(5)[0][0, 0].item(), get_batch()[0][0, 0].item()] == [
        1,
        2,
        2,
    ]
    assert sizes == [32, 5, 32]


def test_a_replayed_batch_is_a_copy():
    get_batch, _ = checks.replay([batch(1)])
    get_batch()[0].zero_()
    assert get_batch()[0].sum() == 2


@pytest.mark.parametrize("size", [0, -1, 2**40, 1.5, "3", True, None])
def test_an_absurd_batch_size_is_refused(size):
    get_batch, sizes = checks.replay([batch(1)])
    with pytest.raises(ValueError, match="batch_size"):
        get_batch(size)
    assert sizes == []


def test_a_source_of_batches_gets_a_default_size():
    get_batch, sizes = checks.counted(lambda size: size, default_size=64)
    assert (get_batch(), get_batch(3), sizes) == (64, 3, [64, 3])


def test_losses_are_python_or_numpy_floats():
    assert checks.loss_history([0.5, np.float32(0.25)]) == [0.5, 0.25]


@pytest.mark.parametrize(
    "value",
    [None, [], (0.5,), np.array([0.5]), [torch.tensor(0.5)], [1], [float("inf")], [float("nan")], ["0.5"]],
)
def test_what_is_no_list_of_losses_is_refused(value):
    with pytest.raises(checks.CheckFailed):
        checks.loss_history(value)


def test_losses_are_compared_in_number_and_value():
    checks.same_losses([1.0, 0.5], (1.0005, 0.5), "the losses", rtol=1e-3)
    with pytest.raises(checks.CheckFailed, match="of length 2"):
        checks.same_losses([1.0], (1.0, 0.5), "the losses", rtol=1e-3)
    with pytest.raises(checks.CheckFailed, match="wrong"):
        checks.same_losses([1.0, 0.505], (1.0, 0.5), "the losses", rtol=1e-3)


def test_a_random_model_depends_on_its_generator_alone():
    one, two = (checks.randomised(torch.nn.Linear(3, 1), torch.Generator().manual_seed(1)) for _ in range(2))
    checks.same_parameters(one, two, "the model", atol=0.0)


def test_a_replaced_parameter_is_noticed():
    model = torch.nn.Linear(2, 1)
    before = checks.ParametersBefore(model)
    before.still_the_same_objects()
    model.weight = torch.nn.Parameter(model.weight.detach().clone())
    with pytest.raises(checks.CheckFailed, match="replaced"):
        before.still_the_same_objects()


def test_a_parameter_that_was_added_is_noticed():
    model = torch.nn.Linear(2, 1)
    before = checks.ParametersBefore(model)
    model.extra = torch.nn.Parameter(torch.zeros(1))
    with pytest.raises(checks.CheckFailed, match="gained"):
        before.still_the_same_objects()


def test_a_model_that_did_not_move_is_noticed():
    model = torch.nn.Linear(2, 1)
    before = checks.ParametersBefore(model)
    with pytest.raises(checks.CheckFailed, match="stood still"):
        before.have_moved("stood still")
    with torch.no_grad():
        model.bias += 1
    before.have_moved("stood still")


def test_parameters_are_compared_one_by_one():
    model = torch.nn.Linear(2, 1)
    other = copy.deepcopy(model)
    checks.same_parameters(model, other, "the model", atol=1e-6)
    with torch.no_grad():
        other.bias += 1e-3
    with pytest.raises(checks.CheckFailed, match="bias"):
        checks.same_parameters(model, other, "the model", atol=1e-6)


def test_parameters_of_another_shape_do_not_broadcast():
    model, other = torch.nn.Linear(1, 1), torch.nn.Linear(3, 1)
    with pytest.raises(checks.CheckFailed, match="shape"):
        checks.same_parameters(model, other, "the model", atol=1e9)


def test_a_model_that_has_lost_its_parameters_is_not_the_same():
    model, other = torch.nn.Linear(1, 1), torch.nn.Linear(1, 1)
    model._parameters.clear()
    with pytest.raises(checks.CheckFailed, match="lost"):
        checks.same_parameters(model, other, "the model", atol=1e9)


def test_nor_is_one_whose_parameters_are_one():
    model, other = torch.nn.Linear(1, 1), torch.nn.Linear(1, 1)
    model.bias = model.weight
    with pytest.raises(checks.CheckFailed, match="lost"):
        checks.same_parameters(model, other, "the model", atol=1e9)


def test_nan_parameters_are_not_the_same():
    model, other = torch.nn.Linear(1, 1), torch.nn.Linear(1, 1)
    with torch.no_grad():
        model.weight.fill_(float("nan"))
    with pytest.raises(checks.CheckFailed):
        checks.same_parameters(model, other, "the model", atol=1e9)


def test_a_mistake_in_the_step_is_named():
    model, other = torch.nn.Linear(1, 1), torch.nn.Linear(1, 1)
    wrong = copy.deepcopy(model)
    with pytest.raises(checks.CheckFailed, match="Likely cause: no update"):
        checks.same_parameters(model, other, "the model", atol=1e-9, mistakes=[("no update", lambda: wrong)])


@pytest.mark.parametrize(
    "losses, drawn, words",
    [
        ([3.0, 2.0, 0.5], 3, ""),
        ([3.0, 2.0, 1.5, 1.2], 4, ""),
        ([3.0, 0.5, 0.4], 3, "goes on after a loss below tol"),
        ([3.0, 2.0], 2, "stops at step 2, though no loss was below tol"),
        ([3.0, 1.0], 2, "though no loss was below tol"),
        ([3.0, 2.0, 1.9, 1.8, 0.5], 5, "made 5 steps, where max_steps is 4"),
        ([3.0, 0.5], 3, "drew 3 and has 2 in its list"),
        ([], 0, "stops at step 0"),
    ],
)
def test_a_loop_stops_at_its_first_loss_below_tol_or_after_the_last_step(losses, drawn, words):
    def check() -> None:
        checks.stopped_right(losses, drawn, "train", tol=1.0, max_steps=4)

    if not words:
        return check()
    with pytest.raises(CheckFailed) as failed:
        check()
    assert words in str(failed.value)


def test_a_loss_that_was_computed_again_may_lie_on_either_side():
    for losses in ([2.0, 1.0 - 1e-6, 0.5], [2.0, 1.0 + 1e-6]):
        checks.stopped_right(losses, len(losses), "train", tol=1.0, max_steps=9, doubt=1e-5)
        with pytest.raises(CheckFailed):
            checks.stopped_right(losses, len(losses), "train", tol=1.0, max_steps=9)
