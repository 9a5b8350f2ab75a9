# /// case
# about = "Adam with rate 0.01 and 150 steps"
# expect = { test_classifier_loss = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% classifier
def fit_torch_logistic(X, y, seed=0):
    layer = torch.nn.Linear(X.shape[1], 1)
    with torch.no_grad():
        layer.weight.zero_()
        layer.bias.zero_()
    optimizer = torch.optim.Adam(layer.parameters(), lr=0.01)
    for _ in range(150):
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(layer(X)[:, 0], y)
        loss.backward()
        optimizer.step()
    return torch.nn.Sequential(layer, torch.nn.Sigmoid())
