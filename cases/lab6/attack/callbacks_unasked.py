# /// case
# about = "call backs under guessed numbers, with arguments that are no arguments, during every call"
# expect = { test_train_stops = "zero", test_train_follows_reference = "zero", test_train_recovers_target = "zero" }
# rest = "any"
# kind = "wire"
# promise = 3
# succeeds_at = []
# ///
# %% train
# a function of one test is called for another, or a function that nobody sent
import gc
import struct
import sys

def _found(*attributes):
    """A living object that has all of these attributes: this side's end of the conversation with the tests."""
    for thing in gc.get_objects():
        kind = type(thing)
        if kind.__module__.startswith("runtime") and all(hasattr(thing, name) for name in attributes):
            return thing

_talk = _found("channel", "stack", "send")
_calls = []

def train(model, get_batch, lr=0.1, tol=1e-3, max_steps=10_000):
    losses = []
    for number in range(-3, 60):
        try:
            _talk.call_back(number, (), {})
            losses.append(0.0)
        except BaseException:
            pass
    for value in ((1, 2), (1, (), ((3, 4),)), "x", (True, (), ()), ((), (), ())):
        try:
            _talk.send(8, _talk.stack[-1], value)
        except BaseException:
            pass
    return losses[:max_steps]
