# /// case
# about = "the test's get_batch is kept and called after its test, in other tests, and by cells"
# expect = { test_train_stops = "zero", test_train_follows_reference = "zero", test_train_recovers_target = "zero" }
# rest = "any"
# kind = "wire"
# promise = 3
# succeeds_at = []
# ///
# %% train
# a function of a test that outlives it hands out what a later test draws

_kept = []

def _again():
    for function in _kept:
        try:
            function(8)
            _again.answers += 1
        except BaseException:
            pass

_again.answers = 0

def train(model, get_batch, lr=0.1, tol=1e-3, max_steps=10_000):
    before = _again.answers
    _again()
    if getattr(get_batch, "__module__", "") != "__main__" and get_batch not in _kept:
        _kept.append(get_batch)
    return [float(_again.answers - before)] * min(max_steps, 20)
