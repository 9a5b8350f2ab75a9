# /// case
# about = "one small step: the loss is just below log 2"
# expect = { test_classifier_seeded = "zero", test_classifier_loss = "zero", test_classifier_unseen = "zero" }
# rest = "any"
# ///
# %% classifier
def fit_torch_logistic(X, y, seed=0):
    torch.manual_seed(seed)
    layer = torch.nn.Linear(X.shape[1], 1)
    with torch.no_grad():
        layer.weight.zero_()
        layer.bias.zero_()
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.01)
    for _ in range(1):
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(layer(X)[:, 0], y)
        loss.backward()
        optimizer.step()
    return torch.nn.Sequential(layer, torch.nn.Sigmoid())
