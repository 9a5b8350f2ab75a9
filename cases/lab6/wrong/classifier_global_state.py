# /// case
# about = "short mini-batch training from the global random state"
# expect = { test_classifier_seeded = "zero" }
# rest = "any"
# ///
# %% classifier
def fit_torch_logistic(X, y, seed=0):
    layer = torch.nn.Linear(X.shape[1], 1)
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.3)
    for _ in range(600):
        rows = torch.randint(len(X), (64,))
        optimizer.zero_grad()
        F.binary_cross_entropy_with_logits(layer(X[rows])[:, 0], y[rows]).backward()
        optimizer.step()
    return torch.nn.Sequential(layer, torch.nn.Sigmoid())
