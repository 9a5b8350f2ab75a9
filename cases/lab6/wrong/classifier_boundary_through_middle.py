# /// case
# about = "assumes equal classes: the intercept from the means of the two classes"
# expect = { test_classifier_unseen = "zero" }
# rest = "any"
# ///
# %% classifier
def fit_torch_logistic(X, y, seed=0):
    torch.manual_seed(seed)
    layer = torch.nn.Linear(X.shape[1], 1)
    weight = torch.where(y > 0.5, 0.5 / y.mean(), 0.5 / (1 - y.mean()))
    optimizer = torch.optim.Adam(layer.parameters(), lr=0.1)
    for _ in range(300):
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(layer(X)[:, 0], y, weight=weight)
        loss.backward()
        optimizer.step()
    return torch.nn.Sequential(layer, torch.nn.Sigmoid())
