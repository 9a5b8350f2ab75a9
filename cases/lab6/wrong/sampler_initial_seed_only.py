# /// case
# about = "uses the seed of the generator and not its state"
# expect = { test_sampler = "zero" }
# rest = "any"
# ///
# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    if generator is not None:
        generator = torch.Generator().manual_seed(generator.initial_seed())
    rows = torch.randint(len(X), (batch_size,), generator=generator)
    return X[rows], y[rows]
