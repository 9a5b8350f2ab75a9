"""What a hostile student's side says about mirrors: only WireError may come of it."""

import random
import struct
import time

import numpy as np
import pytest
import torch
from torch import nn

from autograder.runtime import mirrors
from autograder.runtime.wire import WireError, encode
from tests.runtime.pairs import Pair

SEED = 20_240_613


@pytest.fixture
def pair():
    return Pair()


def said(leaf_id, kind, state):
    """One change as it stands in a frame."""
    return struct.pack("<qBI", leaf_id, ord(kind), len(state)) + state


def joined(*values):
    return b"".join(map(encode, values))


def mirror(leaf_id):
    return b"m" + struct.pack("<q", leaf_id)


def items(*written):
    return b"t" + struct.pack("<I", len(written)) + b"".join(written)


NO_ITEMS = items()


def refused(pair, *changes, match=None):
    with pytest.raises(WireError, match=match):
        pair.examiner.apply(memoryview(b"".join(changes)))


# Ids and kinds ------------------------------------------------------------------------------------


@pytest.mark.parametrize("leaf_id", [2, 100, -1, -2, 2**62, -(2**63)])
def test_an_id_of_the_examiners_cannot_be_made_up(pair, leaf_id):
    pair.send([1])
    refused(pair, said(leaf_id, "l", NO_ITEMS), match="do not know")


def test_a_mirror_that_is_unknown_cannot_be_named(pair):
    pair.send([1])
    refused(pair, said(0, "l", items(mirror(99))), match="no such mirror")


def test_a_mirror_keeps_its_kind(pair):
    pair.send([1])
    refused(pair, said(0, "d", NO_ITEMS + NO_ITEMS), match="kind")
    refused(pair, said(1, "?", b""))


def test_a_mirror_changes_once_in_a_frame(pair):
    """Each change costs as much as the object is large when all are done: a million took for ever."""
    pair.send([1])
    refused(pair, said(0, "l", NO_ITEMS) * 2, match="twice")


def test_mirrors_are_bounded_in_number(pair, monkeypatch):
    monkeypatch.setattr(mirrors, "MAX_LEAVES", 3)
    refused(pair, *(said(number, "l", NO_ITEMS) for number in (1, 3, 5, 7)), match="too many")


def test_lists_that_grow_into_too_many_mirrors_are_refused(pair, monkeypatch):
    monkeypatch.setattr(mirrors, "MAX_LEAVES", 3)
    pair.send([1])
    refused(pair, said(0, "l", joined(([], [], []))), match="sent back")


def test_the_states_of_a_frame_share_its_limits(pair):
    state = encode((None,) * 600_000)
    refused(pair, said(1, "l", state), said(3, "l", state), match="1,000,000")


@pytest.mark.parametrize("cut", range(1, 20))
def test_changes_that_are_cut_short_are_refused(pair, cut):
    pair.send([1])
    refused(pair, said(0, "l", encode((1,)))[:-cut], match="short|form")


def test_what_is_left_over_is_refused(pair):
    pair.send([1])
    refused(pair, said(0, "l", NO_ITEMS + b"N"), match="left over")


# States -------------------------------------------------------------------------------------------

LINEAR = "torch.nn.modules.linear.Linear"
SGD = "torch.optim.sgd.SGD"
PARTS = NO_ITEMS * 6


def module(path=LINEAR, training=True, settings=None, parts=PARTS, transient=frozenset()):
    return joined(path, training, encode({} if settings is None else settings)) + parts + encode(transient)


def sgd(path=SGD, defaults=None, groups=(), rest=NO_ITEMS * 4):
    return joined(path, encode({} if defaults is None else defaults), encode(list(groups))) + rest


def tensor(value, grad=None):
    return encode(value) + (b"N" if grad is None else encode(grad))


def generator_state(**changes):
    state = np.random.MT19937(0).state
    state["state"] |= changes
    return joined("MT19937", encode(state))


HANDLE = b"h" + struct.pack("<q", 1)
ONE = torch.ones(1)

STATES = {
    "list that is no tuple": ("l", encode([1])),
    "list that is nothing": ("l", b""),
    "dict with a key too many": ("d", joined((1, 2), (1,))),
    "dict with a list as key": ("d", joined(([],), (1,))),
    "dict with a handle as key": ("d", items(HANDLE) + encode((1,))),
    "dict without values": ("d", encode((1,))),
    "set that is no set": ("S", encode((1,))),
    "set with a list": ("S", b"z\1\0\0\0" + encode([])),
    "array that is a list": ("a", joined(True, [1])),
    "array that is a tensor": ("a", joined(True, ONE)),
    "array with a flag that is a number": ("a", joined(1, np.ones(1))),
    "array with a flag that is a handle": ("a", HANDLE + encode(np.ones(1))),
    "tensor that is an array": ("x", encode(np.ones(1)) + b"N"),
    "tensor with a gradient of another shape": ("x", tensor(ONE, torch.ones(2))),
    "tensor with a gradient of another dtype": ("x", tensor(ONE, ONE.double())),
    "tensor with a gradient that is a list": ("x", tensor(ONE, [1.0])),
    "tensor with a gradient that is a handle": ("x", encode(ONE) + HANDLE),
    "tensor of integers with a gradient": ("x", tensor(torch.ones(1, dtype=int), ONE)),
    "parameter that is a number": ("p", joined(1, None)),
    "generator of nothing": ("G", encode(b"")),
    "generator of noise": ("G", encode(bytes(5056))),
    "generator of too little": ("G", encode(bytes(100))),
    "generator beyond its words": ("G", encode(struct.pack("<QiiQ", 0, 624, 1, 624) + bytes(5032))),
    "generator that is a handle": ("G", HANDLE),
    "bit generator by another name": ("R", joined("default_rng", encode({}))),
    "bit generator by the name of an array": ("R", joined(np.ones(2), encode({}))),
    "bit generator without a state": ("R", joined("PCG64", encode({}))),
    "bit generator of another kind": ("R", joined("PCG64", encode(np.random.SFC64(0).state))),
    "bit generator that is no dict": ("R", joined("PCG64", encode([1]))),
    "bit generator with noise": ("R", joined("PCG64", b"noise")),
    "bit generator with half a key": ("R", generator_state(key=np.zeros(9, dtype=np.uint32))),
    "bit generator with a key of text": ("R", generator_state(key="x" * 624)),
    "bit generator before its key": ("R", generator_state(pos=-1)),
    "bit generator beyond its key": ("R", generator_state(pos=625)),
    "bit generator far beyond its key": ("r", generator_state(pos=10**6)),
    "bit generator at no number": ("R", generator_state(pos=1.0)),
    "Philox beyond its buffer": (
        "R",
        joined("Philox", encode(np.random.Philox(0).state | {"buffer_pos": -9})),
    ),
    "module by the name of a function": ("M", module("torch.nn.functional.relu")),
    "module by the name of a method": ("M", module("torch.nn.modules.module.Module.__init__")),
    "module by the name of a module": ("M", module("torch.nn.modules.linear")),
    "module outside torch": ("M", module("os.system")),
    "module beside torch.nn": ("M", module("torch.nn.modules..os.system")),
    "module that another file imports": ("M", module("torch.nn.modules.rnn.Module")),
    "module that is no module": ("M", module("torch.nn.modules.module._IncompatibleKeys")),
    "module by no name": ("M", module(5)),
    "module by a handle": ("M", HANDLE),
    "module that trains a little": ("M", module(training=0.5)),
    "module with settings that are no dict": ("M", module(settings=[1])),
    "module whose method is overwritten": ("M", module(settings={"forward": 1})),
    "module whose class is overwritten": ("M", module(settings={"__class__": 1})),
    "module whose training is a setting": ("M", module(settings={"training": 1})),
    "module whose parameters are settings": ("M", module(settings={"_parameters": {}})),
    "module whose hooks are settings": ("M", module(settings={"_forward_hooks": {}})),
    "module whose weights are a setting": ("M", module(settings={"_flat_weights": []})),
    "module with a setting that is no name": ("M", module(settings={5: 1})),
    "module with a part that is no name": ("M", module(parts=joined((5,), (None,)) + NO_ITEMS * 4)),
    "module with a part too few": ("M", module(parts=joined(("a",), ()) + NO_ITEMS * 4)),
    "module with a number as parameter": ("M", module(parts=joined(("weight",), (1,)) + NO_ITEMS * 4)),
    "module with a tensor as parameter": ("M", module(parts=joined(("weight",), (ONE,)) + NO_ITEMS * 4)),
    "module with a handle as buffer": ("M", module(parts=NO_ITEMS * 3 + encode(("x",)) + items(HANDLE))),
    "module with a handle as child": ("M", module(parts=NO_ITEMS * 4 + encode(("x",)) + items(HANDLE))),
    "module with transient things that are a list": ("M", module(transient=[])),
    "recurrent layer of nothing": ("M", module("torch.nn.modules.rnn.LSTM")),
    "recurrent layer of oddities": (
        "M",
        module("torch.nn.modules.rnn.LSTM", settings={"_flat_weights_names": ["training"], "proj_size": 0}),
    ),
    "optimizer by the name of a function": ("O", sgd("torch.optim.sgd.sgd")),
    "optimizer outside torch": ("O", sgd("os.system")),
    "optimizer that is none": ("O", sgd("torch.optim.lr_scheduler.StepLR")),
    "optimizer of nothing": ("O", sgd()),
    "optimizer of a handle": ("O", sgd(groups=[{}], rest=items(items(HANDLE)) + NO_ITEMS * 3)),
    "optimizer of a number": ("O", sgd(groups=[{}], rest=items(items(b"N")) + NO_ITEMS * 3)),
    "optimizer of odd settings": (
        "O",
        sgd(defaults={"lr": "x"}, groups=[{}], rest=items(items(encode(ONE))) + NO_ITEMS * 3),
    ),
    "optimizer with its parameters as a setting": (
        "O",
        sgd(defaults={"params": 1}, groups=[{}], rest=items(items(encode(ONE))) + NO_ITEMS * 3),
    ),
    "optimizer with groups that are numbers": ("O", sgd(groups=[5], rest=items(NO_ITEMS) + NO_ITEMS * 3)),
    "optimizer with names that are numbers": ("O", sgd(groups=[{5: 1}], rest=items(NO_ITEMS) + NO_ITEMS * 3)),
    "optimizer with groups without parameters": ("O", sgd(groups=[{}])),
    "optimizer that remembers a number": ("O", sgd(rest=NO_ITEMS + encode((5,)) + items(NO_ITEMS) * 2)),
    "optimizer that remembers by number": (
        "O",
        sgd(rest=NO_ITEMS + encode((ONE,)) + encode(((5,),)) + encode(((5,),))),
    ),
    "optimizer that remembers too little": (
        "O",
        sgd(rest=NO_ITEMS + encode((ONE,)) + encode((("a",),)) + encode(((),))),
    ),
    "optimizer that remembers a handle": (
        "O",
        sgd(rest=NO_ITEMS + encode((ONE,)) + items(HANDLE) + encode(((),))),
    ),
}


class Liar:
    """A handle whose claims the student chooses, and that must not be asked for any."""

    claims = None

    @property
    def __class__(self):
        return self.claims or Liar

    def _asked(self, *_):
        raise AssertionError("a handle was asked while a frame was read")

    __bool__ = __iter__ = __len__ = __eq__ = __hash__ = _asked


@pytest.mark.parametrize(("kind", "state"), STATES.values(), ids=STATES)
@pytest.mark.parametrize("claims", [nn.Linear, nn.Parameter, tuple], ids=lambda cls: cls.__name__)
def test_a_state_that_cannot_have_been_written_is_refused(pair, kind, state, claims):
    pair.handle = type("Claiming", (Liar,), {"claims": claims})()
    refused(pair, said(1, kind, state))


MINE = {
    "a": lambda: np.ones(2),
    "x": lambda: torch.ones(2),
    "p": lambda: nn.Parameter(torch.ones(2)),
    "M": lambda: nn.LSTM(2, 2),
    "O": lambda: torch.optim.SGD([nn.Parameter(torch.ones(2))], lr=0.1),
    "G": torch.Generator,
    "R": lambda: np.random.default_rng(0),
    "r": lambda: np.random.RandomState(0),
    "l": lambda: [1],
    "d": lambda: {"a": 1},
    "S": lambda: {1},
}


# These settings are read where an object is made, and an object of the test may lose its parts.
ONLY_NEW = {
    "recurrent layer of nothing",
    "optimizer of nothing",
    "optimizer of odd settings",
    "optimizer with its parameters as a setting",
}


@pytest.mark.parametrize("name", sorted(STATES.keys() - ONLY_NEW))
def test_neither_can_an_object_of_the_tests_take_such_a_state(pair, name):
    kind, state = STATES[name]
    mine = MINE[kind]()
    pair.send(mine)
    leaf_id = pair.examiner.known(mine)
    refused(pair, said(leaf_id, kind, state))


@pytest.mark.parametrize("new", [np.ones(3), np.ones(2, dtype=np.float32), np.ones((1, 0))])
def test_an_array_keeps_its_dtype_and_size(pair, new):
    pair.send(np.ones(2))
    refused(pair, said(0, "a", joined(True, new)), match="dtype or size")


def test_a_strided_array_keeps_its_shape(pair):
    pair.send(np.zeros((4, 3))[:, ::2])
    refused(pair, said(0, "a", joined(True, np.zeros((2, 4)))), match="contiguous")


def test_a_read_only_array_keeps_its_values(pair):
    mine = np.broadcast_to(1.0, (3,))
    theirs = pair.send(mine)
    theirs.flags.writeable = True
    theirs[0] = 2
    with pytest.raises(WireError, match="read-only"):
        pair.answer()
    assert mine.tolist() == [1, 1, 1]


def test_an_expanded_tensor_cannot_take_values_that_differ(pair):
    theirs = pair.send(torch.ones(1).expand(3))
    theirs[0] = 2
    with pytest.raises(WireError, match="new values"):
        pair.answer()


def test_a_module_keeps_its_class(pair):
    pair.send(nn.Linear(1, 1))
    refused(pair, said(0, "M", module("torch.nn.modules.activation.ReLU")), match="class")


# Mutations ----------------------------------------------------------------------------------------


def everything(pair):
    """Twins of every kind, changed by the student."""
    model = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2), nn.Dropout())
    model(torch.ones(2, 2)).sum().backward()
    mine = [
        *([1, [2]], {"a": {1, 2}}, np.arange(4.0), torch.ones(2, dtype=torch.bfloat16), model, nn.LSTM(1, 1)),
        torch.optim.Adam(model.parameters(), lr=0.1),
        *(torch.Generator(), np.random.default_rng(0), np.random.RandomState(0)),
    ]
    theirs = pair.send(*mine)
    theirs[0].append([3, object()])
    theirs[1]["b"] = np.ones(2)
    theirs[6].step()
    theirs[4].eval()
    torch.rand(1, generator=theirs[7])
    theirs[8].random()
    theirs[9].normal()
    return mine, theirs


def mutated(noise, frame):
    """`frame` with one change damaged, most often within a state, so that the rest is still read."""
    changes, at = [], 0
    while at < len(frame):
        size = int.from_bytes(frame[at + 9 : at + 13], "little")
        changes.append(bytearray(frame[at : at + 13 + size]))
        at += 13 + size
    for _ in range(noise.choice((1, 1, 2, 5))):
        change = noise.choice(changes)
        place = noise.randrange(len(change))
        match noise.randrange(5):
            case 0:
                change[place] ^= 1 << noise.randrange(8)
            case 1:
                change[place : place + 1] = noise.choice(
                    (b"", b"m", HANDLE, encode(noise.random()), b"t", b"N")
                )
            case 2:
                change[place : place + 4] = struct.pack("<I", noise.choice((0, 1, 2, 2**31, 2**32 - 1)))
            case 3:
                change[place : place + 8] = struct.pack("<q", noise.choice((-1, 0, 1, 2, 3, 5, 2**40)))
            case 4:
                change[place:] = noise.choice(changes)[place:]
        if noise.random() < 0.9 and len(change) >= 13:
            change[9:13] = struct.pack("<I", len(change) - 13)
    return b"".join(changes)


def endure(count, seed):
    noise = random.Random(seed)
    applied = 0
    for number in range(count):
        if number % 50 == 0:
            pair = Pair()
            kept = everything(pair)
            frame = pair.student.changes()
        data = mutated(noise, frame)
        began = time.thread_time()
        try:
            pair.examiner.apply(memoryview(data))
            applied += 1
        except WireError:
            pass
        except BaseException as error:
            raise AssertionError(f"frame {number} of seed {seed}") from error
        assert time.thread_time() - began < 1
    assert kept and applied > count / 200


@pytest.mark.filterwarnings("ignore:optimizer contains a parameter group with duplicate parameters")
def test_mutated_changes_end_in_a_wire_error_or_are_taken():
    endure(2_000, SEED)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:optimizer contains a parameter group with duplicate parameters")
def test_many_mutated_changes_end_in_a_wire_error_or_are_taken():
    endure(50_000, SEED + 1)
