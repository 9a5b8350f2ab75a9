# /// case
# about = "trained on the smooth L1 loss of the probabilities, a few steps"
# expect = { test_classifier_loss = "zero" }
# rest = "any"
# ///
# %% classifier
def fit_torch_logistic(X, y, seed=0):
    torch.manual_seed(seed)
    layer = torch.nn.Linear(X.shape[1], 1)
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
    for _ in range(40):
        optimizer.zero_grad()
        loss = F.smooth_l1_loss(torch.sigmoid(layer(X))[:, 0], y)
        loss.backward()
        optimizer.step()
    return torch.nn.Sequential(layer, torch.nn.Sigmoid())
