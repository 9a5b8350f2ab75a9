# /// case
# about = "the generator's state is copied and never moves on"
# expect = { test_sampler = "zero" }
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    g = generator
    if g is not None:
        g = torch.Generator()
        g.set_state(generator.get_state())
    idx = torch.randint(len(X), (batch_size,), generator=g)
    return X[idx], y[idx]
