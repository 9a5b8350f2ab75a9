# /// case
# about = "the batches are seeded, the start is not"
# expect = { test_classifier_seeded = "zero" }
# rest = "any"
# ///
# %% classifier
def fit_torch_logistic(X, y, seed=0):
    layer = torch.nn.Linear(X.shape[1], 1)
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.03)
    for _ in range(400):
        rows = torch.randint(len(X), (64,), generator=generator)
        optimizer.zero_grad()
        F.binary_cross_entropy_with_logits(layer(X[rows])[:, 0], y[rows]).backward()
        optimizer.step()
    return torch.nn.Sequential(layer, torch.nn.Sigmoid())
