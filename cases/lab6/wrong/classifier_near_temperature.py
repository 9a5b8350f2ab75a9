# /// case
# about = "all log-odds scaled by 1.8"
# expect = { test_classifier_loss = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% classifier
def fit_torch_logistic(X, y, seed=0):
    torch.manual_seed(seed)
    layer = torch.nn.Linear(X.shape[1], 1)
    optimizer = torch.optim.Adam(layer.parameters(), lr=0.1)
    for _ in range(300):
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(layer(X)[:, 0], y)
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        for p in layer.parameters():
            p.mul_(1.8)
    return torch.nn.Sequential(layer, torch.nn.Sigmoid())
