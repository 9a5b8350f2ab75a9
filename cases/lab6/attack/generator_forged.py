# /// case
# about = "the test's generator is set back, replaced, and given states of chosen bytes"
# expect = { test_sampler = "zero" }
# rest = "any"
# kind = "forge"
# promise = 1
# succeeds_at = []
# ///
# %% sampler
# who decides the state of the generator decides which rows are random
_calls = []

def sample_batch(X, y, batch_size=32, generator=None):
    _calls.append(1)
    if generator is not None:
        generator.manual_seed(len(_calls) // 2)
        if len(_calls) > 80:
            state = generator.get_state()
            state[:] = 255
            try:
                generator.set_state(state)
            except RuntimeError:
                pass
    rows = torch.randperm(len(X), generator=torch.Generator().manual_seed(0))[:batch_size]
    return X[rows], y[rows]
