"""Mirrors: wall.md, "Values, examiner to student"."""

import warnings

import numpy as np
import pytest
import torch
from torch import nn

from autograder.runtime import mirrors
from autograder.runtime.wire import MAX_FRAME, Unsendable
from tests.runtime.pairs import Pair


@pytest.fixture
def pair():
    return Pair()


def optimizer():
    return torch.optim.SGD([nn.Parameter(torch.ones(2))], lr=0.1)


KINDS = {
    "list": lambda: [1, "a", None],
    "dict": lambda: {"a": 1, 2: [3]},
    "set": lambda: {1, "a"},
    "ndarray": lambda: np.arange(6.0).reshape(2, 3),
    "fortran": lambda: np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "strided": lambda: np.arange(6)[::2],
    "big-endian": lambda: np.arange(3, dtype=">i4"),
    "read-only": lambda: np.broadcast_to(np.float32(1), (3,)),
    "bool": lambda: np.array([True, False]),
    "tensor": lambda: torch.arange(4.0),
    "bfloat16": lambda: torch.ones(2, dtype=torch.bfloat16),
    "with gradients": lambda: torch.ones(2, requires_grad=True),
    "in a graph": lambda: torch.ones(2, requires_grad=True) * 2,
    "parameter": lambda: nn.Parameter(torch.ones(2)),
    "frozen parameter": lambda: nn.Parameter(torch.ones(2), requires_grad=False),
    "Linear": lambda: nn.Linear(3, 2),
    "without bias": lambda: nn.Linear(3, 2, bias=False),
    "Sequential": lambda: nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1)),
    "ModuleList": lambda: nn.ModuleList([nn.Linear(1, 1), nn.Tanh()]),
    "BatchNorm": lambda: nn.BatchNorm1d(3),
    "LayerNorm": lambda: nn.LayerNorm(3),
    "LSTM": lambda: nn.LSTM(3, 2, num_layers=2),
    "GRU": lambda: nn.GRU(3, 2, bidirectional=True),
    "Dropout": lambda: nn.Dropout(0.25),
    "Conv": lambda: nn.Conv2d(1, 2, 3, padding=1),
    "Embedding": lambda: nn.Embedding(5, 2),
    "loss": lambda: nn.CrossEntropyLoss(weight=torch.ones(3)),
    "SGD": optimizer,
    "Adam": lambda: torch.optim.Adam([nn.Parameter(torch.ones(2))], lr=0.1, betas=(0.5, 0.6)),
    "LBFGS": lambda: torch.optim.LBFGS([nn.Parameter(torch.ones(2))], lr=0.5),
    "torch.Generator": lambda: torch.Generator().manual_seed(3),
    "Generator": lambda: np.random.default_rng(3),
    "Philox": lambda: np.random.Generator(np.random.Philox(3)),
    "MT19937": lambda: np.random.Generator(np.random.MT19937(3)),
    "SFC64": lambda: np.random.Generator(np.random.SFC64(3)),
    "RandomState": lambda: np.random.RandomState(3),
}


@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
def test_an_object_sent_twice_is_one_object_there_and_comes_back_as_itself(pair, make):
    mine = make()
    theirs = pair.send(mine)
    assert theirs is not mine and type(theirs) is type(mine)
    assert pair.send(mine) is theirs
    first, (second,) = pair.send(mine, (mine,))
    assert first is second is theirs
    assert pair.answer(theirs) is mine


@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
def test_nothing_is_said_again_that_did_not_change(pair, make):
    mine = make()
    theirs = pair.send(mine)
    assert pair.student.changes() == b"" == pair.examiner.changes()
    assert theirs is not None


# Containers ---------------------------------------------------------------------------------------


def test_containers_change_in_place(pair):
    numbers, table, group = [1], {"a": 1}, {1}
    xs, d, s = pair.send(numbers, table, group)
    xs.append(2)
    d.pop("a")
    d[(1, "k")] = None
    s |= {2}
    assert pair.answer() is None
    assert (numbers, table, group) == ([1, 2], {(1, "k"): None}, {1, 2})


def test_the_examiner_changes_what_the_student_keeps(pair):
    numbers = [1]
    kept = pair.send(numbers)
    numbers[:] = [5, 6]
    pair.send()
    assert kept == [5, 6]


def test_a_dict_keeps_its_order(pair):
    table = {"a": 1, "b": 2}
    theirs = pair.send(table)
    theirs["a"] = theirs.pop("a")
    pair.answer()
    assert list(table) == ["b", "a"]


def test_a_list_that_contains_itself(pair):
    mine = []
    mine.append(mine)
    theirs = pair.send(mine)
    assert theirs[0] is theirs
    theirs.append(theirs)
    pair.answer()
    assert len(mine) == 2 and mine[1] is mine


def test_one_object_in_two_arguments_is_one_there(pair):
    inner = np.zeros(2)
    outer, again = pair.send([inner], inner)
    assert outer[0] is again
    again += 1
    pair.answer()
    assert inner.tolist() == [1, 1]


def test_what_the_student_puts_in_is_mirrored_from_then_on(pair):
    box = []
    theirs = pair.send(box)
    theirs.append([1])
    pair.answer()
    inner = box[0]
    theirs[0].append(2)
    pair.answer()
    assert box[0] is inner and inner == [1, 2]
    inner.append(3)
    pair.send()
    assert theirs[0] == [1, 2, 3]


def test_what_the_student_replaces_leaves_the_old_as_it_was(pair):
    old = [1]
    box = [old]
    theirs = pair.send(box)
    theirs[0] = [2]
    pair.answer()
    assert box == [[2]] and old == [1]


def test_an_object_of_the_students_in_a_container_is_a_handle(pair):
    box = []
    pair.send(box).append(object())
    pair.answer()
    assert box == [pair.handle]


@pytest.mark.parametrize("spoil", [lambda d: d.update({object(): 1}), lambda d: d.update({(1, object()): 1})])
def test_a_key_that_is_no_plain_value_is_refused_once_and_then_left_out(pair, spoil):
    table, numbers = {}, []
    d, xs = pair.send(table, numbers)
    spoil(d)
    with pytest.raises(Unsendable, match="plain"):
        pair.answer()
    xs.append(1)
    pair.answer()
    assert table == {} and numbers == [1]
    d.clear()
    d["a"] = 1
    pair.answer()
    assert table == {"a": 1}


def test_an_element_that_is_no_plain_value_is_refused(pair):
    group = {1}
    pair.send(group).add(object())
    with pytest.raises(Unsendable, match="plain"):
        pair.answer()


def test_a_dict_or_set_with_other_keys_is_no_mirror(pair):
    for value in ({object(): 1}, {object()}):
        with pytest.raises(Unsendable):
            pair.send(value)
    assert pair.send([1]) == [1]


def test_too_many_keys_are_not_sent(pair):
    with pytest.raises(Unsendable, match="100,000"):
        pair.send(dict.fromkeys(range(100_001)))
    with pytest.raises(Unsendable, match="100,000"):
        pair.send(set(range(100_001)))


# Arrays and tensors -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "make", [KINDS[name] for name in ("ndarray", "fortran", "strided", "big-endian", "tensor", "bfloat16")]
)
def test_values_change_in_place(pair, make):
    mine = make()
    expected = (mine * 2).tolist()
    theirs = pair.send(mine)
    theirs *= 2
    assert pair.answer(theirs) is mine
    assert mine.tolist() == expected


def test_a_view_is_written_through_to_its_base(pair):
    base = np.zeros(4)
    theirs = pair.send(base[1:3])
    theirs[:] = 7
    view = pair.examiner.get(0)
    pair.answer()
    assert base.tolist() == [0, 7, 7, 0] and view.base is base


def test_a_read_only_array_is_read_only_there(pair):
    mine = np.ones(3)
    mine.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        pair.send(mine)[0] = 2


def test_an_array_that_the_student_locks_is_locked(pair):
    mine = np.ones(3)
    pair.send(mine).flags.writeable = False
    pair.answer()
    assert not mine.flags.writeable


def test_a_new_shape_is_taken_over(pair):
    array, tensor = np.zeros(6), torch.zeros(6)
    a, t = pair.send(array, tensor)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # numpy 2.5 would rather have a reshaped view
        a.shape = (2, 3)
    t.resize_(2, 3)
    pair.answer()
    assert array.shape == tensor.shape == (2, 3)


def test_new_data_of_another_dtype_are_taken_over(pair):
    mine = torch.zeros(2)
    pair.send(mine).data = torch.ones(3, dtype=torch.float64)
    pair.answer()
    assert mine.dtype is torch.float64 and mine.tolist() == [1, 1, 1]


def test_a_parameter_may_become_integers(pair):
    mine = nn.Parameter(torch.ones(2))
    theirs = pair.send(mine)
    theirs.requires_grad_(False)
    theirs.data = torch.tensor([1, 2])
    pair.answer()
    assert mine.dtype is torch.int64 and not mine.requires_grad


def test_gradients_travel_both_ways(pair):
    weight = torch.ones(2, requires_grad=True)
    (weight * 3).sum().backward()
    theirs = pair.send(weight)
    assert theirs.grad.tolist() == [3, 3]
    grad = weight.grad
    (theirs * 2).sum().backward()
    pair.answer()
    assert weight.grad is grad and grad.tolist() == [5, 5]
    theirs.grad = None
    pair.answer()
    assert weight.grad is None
    (theirs * 4).sum().backward()
    pair.answer()
    assert weight.grad.tolist() == [4, 4]


def test_a_gradient_may_change_its_shape_with_its_tensor(pair):
    mine = torch.ones(2, requires_grad=True)
    mine.grad = torch.ones(2)
    theirs = pair.send(mine)
    theirs.grad = None
    theirs.data = torch.zeros(3)
    theirs.grad = torch.full((3,), 2.0)
    pair.answer()
    assert mine.grad.tolist() == [2, 2, 2]


def test_a_sparse_gradient_is_left_out(pair):
    embedding = nn.Embedding(4, 2, sparse=True)
    embedding(torch.tensor([1])).sum().backward()
    assert pair.send(embedding).weight.grad is None


def test_requires_grad_travels_both_ways(pair):
    mine = torch.ones(2)
    theirs = pair.send(mine)
    theirs.requires_grad_(True)
    pair.answer()
    assert mine.requires_grad
    mine.requires_grad_(False)
    pair.send()
    assert not theirs.requires_grad


def test_a_tensor_in_a_graph_takes_its_values_over(pair):
    leaf = torch.ones(2, requires_grad=True)
    mine = leaf * 2
    theirs = pair.send(mine)
    with torch.no_grad():
        theirs += 1
    pair.answer()
    assert mine.tolist() == [3, 3] and mine.grad_fn is not None


@pytest.mark.parametrize(
    "value",
    [
        np.array([object()]),
        np.zeros((1,) * 33),
        torch.zeros(2).to_sparse(),
        torch.zeros(2, device="meta"),
        nn.Parameter(torch.zeros(2, device="meta")),
        np.random.PCG64(0),
        nn.Linear,
        type("Own", (nn.Linear,), {})(1, 1),
        nn.utils.parametrizations.weight_norm(nn.Linear(1, 1)),
        type("Own", (torch.optim.SGD,), {})([nn.Parameter(torch.ones(1))]),
        object(),
        torch.float8_e5m2,
    ],
    ids=lambda value: type(value).__name__,
)
def test_all_else_is_refused(pair, value):
    with pytest.raises(Unsendable):
        pair.send(value)
    with pytest.raises(Unsendable):
        pair.send([value])
    assert pair.send([1]) == [1]


# Modules ------------------------------------------------------------------------------------------


MODULES = {name: make for name, make in KINDS.items() if isinstance(make(), nn.Module)}
INPUTS = {
    "BatchNorm": torch.ones(4, 3),
    "LSTM": torch.ones(2, 1, 3),
    "GRU": torch.ones(2, 1, 3),
    "Conv": torch.ones(1, 1, 5, 5),
    "Embedding": torch.tensor([1, 2]),
}


@pytest.mark.parametrize("name", [name for name in MODULES if name not in ("loss", "ModuleList")])
def test_a_module_computes_the_same_there(pair, name):
    mine = MODULES[name]().eval()
    theirs = pair.send(mine)
    given = INPUTS.get(name, torch.ones(2, 3))
    ours, other = mine(given), theirs(given)
    if isinstance(ours, tuple):
        ours, other = ours[0], other[0]
    assert torch.equal(ours, other) and repr(mine) == repr(theirs)


def test_a_step_on_a_module_is_taken_here(pair):
    mine = nn.Sequential(nn.Linear(2, 1), nn.ReLU())
    weight = mine[0].weight
    theirs = pair.send(mine)
    assert type(theirs[0].weight) is nn.Parameter
    with torch.no_grad():
        for parameter in theirs.parameters():
            parameter.fill_(0.5)
    pair.answer()
    assert mine[0].weight is weight and weight.tolist() == [[0.5, 0.5]]


def test_a_replaced_parameter_leaves_the_old_as_it_was(pair):
    mine = nn.Linear(2, 1, bias=False)
    old = mine.weight
    before = old.tolist()
    pair.send(mine).weight = nn.Parameter(torch.zeros(1, 2))
    pair.answer()
    assert mine.weight is not old and mine.weight.tolist() == [[0, 0]] and old.tolist() == before


def test_a_module_that_the_student_adds_is_made_here(pair):
    mine = nn.Sequential(nn.Linear(2, 2))
    pair.send(mine).append(nn.Dropout(0.25))
    pair.answer()
    assert len(mine) == 2 and mine[1].p == 0.25


def test_a_part_that_is_removed_is_gone(pair):
    mine = nn.Sequential(nn.Linear(2, 2), nn.ReLU())
    theirs = pair.send(mine)
    del theirs[1]
    pair.answer()
    assert len(mine) == 1


def test_tied_weights_stay_tied(pair):
    mine = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    mine[1].weight = mine[0].weight
    theirs = pair.send(mine)
    assert theirs[0].weight is theirs[1].weight


def test_train_and_eval_travel_both_ways(pair):
    mine = nn.Sequential(nn.Dropout())
    theirs = pair.send(mine.eval())
    assert not theirs[0].training
    theirs.train()
    pair.answer()
    assert mine.training and mine[0].training


def test_buffers_and_settings_travel_back(pair):
    mine = nn.BatchNorm1d(2)
    theirs = pair.send(mine)
    theirs(torch.tensor([[1.0, 2], [3, 4]]))
    theirs.momentum = 0.5
    pair.answer()
    assert mine.num_batches_tracked.item() == 1 and mine.running_mean[0] > 0 and mine.momentum == 0.5


def test_buffers_that_are_not_kept_stay_so(pair):
    mine = nn.Linear(1, 1)
    mine.register_buffer("scratch", torch.ones(1), persistent=False)
    assert "scratch" not in pair.send(mine).state_dict()


def test_a_recurrent_layer_learns_there(pair):
    mine = nn.LSTM(2, 2)
    theirs = pair.send(mine)
    theirs(torch.ones(1, 1, 2))[0].sum().backward()
    with torch.no_grad():
        theirs.weight_ih_l0 -= 1
    pair.answer()
    assert mine.weight_ih_l0.grad is not None
    assert torch.equal(mine(torch.ones(1, 1, 2))[0], theirs(torch.ones(1, 1, 2))[0])


def replace_weight(module):
    module.weight = nn.Parameter(module.weight.detach() + 1)


def add_layer(module):
    module.add_module("extra", nn.Linear(1, 1))


CHANGES = {
    "a setting of another type": lambda m: setattr(m, "in_features", 3.0),
    "an equal setting of another type": lambda m: setattr(m, "out_features", True),
    "a list within a setting": lambda m: m.sizes.append(3),
    "a new setting": lambda m: setattr(m, "note", "new"),
    "eval": lambda m: m.eval(),
    "another parameter": replace_weight,
    "no bias": lambda m: m.register_parameter("bias", None),
    "another layer": add_layer,
    "another name": lambda m: m._parameters.update(weights=m._parameters.pop("weight")),
    "another order": lambda m: m._parameters.update(weight=m._parameters.pop("weight")),
    "a buffer": lambda m: m.register_buffer("seen", torch.zeros(1)),
    "a passing buffer": lambda m: m.register_buffer("seen", torch.zeros(1), persistent=False),
}


@pytest.mark.parametrize("name", CHANGES)
def test_any_change_of_a_module_travels_though_nothing_changed_before(pair, name):
    mine = nn.Linear(3, 1)
    if "list" in name:
        mine.sizes = [1, 2]
    theirs = pair.send(mine)
    pair.answer()
    pair.send(mine)
    CHANGES[name](mine)
    pair.send(mine)

    def form(module):
        settings = {k: v for k, v in vars(module).items() if not k.startswith("_")}
        parts = [list(part) for part in (module._parameters, module._buffers, module._modules)]
        return repr(settings), parts, [p.tolist() for p in module.parameters()], sorted(module.state_dict())

    assert form(theirs) == form(mine)


def test_a_module_with_hooks_is_refused_here_and_comes_without_them_from_there(pair):
    mine = nn.Linear(1, 1)
    theirs = pair.send(mine)
    theirs.register_forward_hook(lambda *_: None)
    theirs.note = object()
    pair.answer()
    assert not mine._forward_hooks and not hasattr(mine, "note")
    mine.register_forward_hook(lambda *_: None)
    with pytest.raises(Unsendable, match="hooks"):
        pair.send(mine)


def test_a_module_with_an_attribute_that_is_no_plain_value_is_refused(pair):
    mine = nn.Linear(1, 1)
    mine.note = object()
    with pytest.raises(Unsendable, match="attribute note"):
        pair.send(mine)


# Optimizers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "make",
    [
        lambda parameters: torch.optim.SGD(parameters, lr=0.1, momentum=0.9),
        lambda parameters: torch.optim.Adam(parameters, lr=0.1),
        lambda parameters: torch.optim.AdamW(parameters, lr=0.1, amsgrad=True),
        lambda parameters: torch.optim.RMSprop(parameters, lr=0.1),
    ],
    ids=["SGD", "Adam", "AdamW", "RMSprop"],
)
def test_steps_there_and_steps_here_are_the_steps_of_one_process(pair, make):
    def step(model, optimizer):
        optimizer.zero_grad()
        model(torch.ones(1, 2)).square().sum().backward()
        optimizer.step()

    alone, mine = nn.Linear(2, 1), nn.Linear(2, 1)
    mine.load_state_dict(alone.state_dict())
    here, one = make(mine.parameters()), make(alone.parameters())
    step(mine, here)
    model, theirs = pair.send(mine, here)
    assert theirs.param_groups[0]["params"][0] is model.weight
    step(model, theirs)
    pair.answer()
    step(mine, here)
    for _ in range(3):
        step(alone, one)
    assert torch.equal(mine.weight, alone.weight) and torch.equal(mine.bias, alone.bias)
    assert here.param_groups[0]["params"][0] is mine.weight


def test_settings_and_groups_of_an_optimizer_travel_back(pair):
    first, second = nn.Parameter(torch.ones(1)), nn.Parameter(torch.ones(1))
    mine = torch.optim.SGD([first], lr=0.1)
    theirs, p = pair.send(mine, second)
    theirs.param_groups[0]["lr"] = 0.5
    theirs.add_param_group({"params": [p], "lr": 0.25})
    pair.answer()
    assert [group["lr"] for group in mine.param_groups] == [0.5, 0.25]
    assert mine.param_groups[1]["params"][0] is second
    del theirs.param_groups[1]
    pair.answer()
    assert len(mine.param_groups) == 1


# Generators ---------------------------------------------------------------------------------------

DRAWS = {
    "torch.Generator": lambda generator: torch.randn(3, generator=generator).tolist(),
    "Generator": lambda generator: generator.normal(size=3).tolist(),
    "Philox": lambda generator: generator.integers(2**32, size=3, dtype=np.uint32).tolist(),
    "MT19937": lambda generator: generator.random(3).tolist(),
    "SFC64": lambda generator: generator.random(3).tolist(),
    "RandomState": lambda generator: generator.normal(size=3).tolist(),
}


@pytest.mark.parametrize("name", DRAWS)
def test_draws_there_and_draws_here_are_the_draws_of_one_generator(pair, name):
    draw, mine, alone = DRAWS[name], KINDS[name](), KINDS[name]()
    theirs = pair.send(mine)
    drawn = draw(theirs)
    pair.answer()
    drawn += draw(mine)
    pair.send()
    drawn += draw(theirs)
    assert drawn == draw(alone) + draw(alone) + draw(alone)


# What is said, and what is forgotten --------------------------------------------------------------


def test_what_the_test_can_no_longer_see_is_forgotten_on_both_sides(pair):
    for _ in range(5):
        pair.send([np.zeros(3)], {"a": {1}})
    kept = [1]
    twin = pair.send(kept)
    pair.send()  # what only a forgotten object held
    assert len(pair.examiner) == len(pair.student) == 1
    assert pair.send(kept) is twin


def test_what_something_else_still_holds_is_kept(pair):
    inner = [1]
    holder = (inner,)
    twin = pair.send(inner)
    del inner
    pair.send()
    assert pair.send(holder[0]) is twin


def test_forgetting_what_is_not_known_does_nothing(pair):
    pair.student.forget([0, 99])
    assert len(pair.student) == 0


def test_what_could_not_be_sent_does_not_count_as_said(pair):
    numbers, holder = [1], [object()]
    with pytest.raises(Unsendable):
        pair.send(numbers, holder)
    assert pair.send(numbers) == [1]
    holder[0] = numbers
    assert pair.send(holder) == [[1]]


def test_contents_that_became_unsendable_are_refused_once(pair):
    box, other = [1], [2]
    _, theirs = pair.send(box, other)
    box.append(object())
    with pytest.raises(Unsendable):
        pair.send(other)
    other.append(3)
    assert pair.send(other) is theirs
    assert theirs == [2, 3]


def test_changes_that_find_no_room_do_not_count_as_said(pair):
    numbers = [b"x" * 1000]
    pair.examiner.claim(numbers)
    with pytest.raises(Unsendable, match="64 MiB"):
        pair.examiner.changes(room=1000)
    assert pair.send(numbers) == numbers


def test_the_changes_of_a_frame_share_its_limits(pair, monkeypatch):
    monkeypatch.setattr(mirrors, "MAX_NODES", 100)
    with pytest.raises(Unsendable, match="1,000,000"):
        pair.send([None] * 60, [None] * 60)
    with pytest.raises(Unsendable, match="64 MiB"):
        pair.send([bytes(MAX_FRAME)])


def test_a_hundred_thousand_objects_are_the_most(pair, monkeypatch):
    monkeypatch.setattr(mirrors, "MAX_LEAVES", 3)
    assert pair.send([[], []]) == [[], []]
    with pytest.raises(Unsendable, match="mutable objects"):
        pair.send([[], [], []])
