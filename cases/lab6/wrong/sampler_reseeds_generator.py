# /// case
# about = "the generator is set back to a fixed seed on every call"
# expect = { test_sampler = "zero" }
# rest = "any"
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    if generator is not None:
        generator.manual_seed(1234)
    rows = torch.randint(len(X), (batch_size,), generator=generator)
    return X[rows], y[rows]
