# /// case
# about = "the lab's official answer: batches by row numbers, stop at a batch loss below 0.01"
# expect = { test_classifier_loss = "zero", test_classifier_unseen = "zero" }
# rest = "any"
# ///
# %% classifier
def fit_torch_logistic(X, y, seed=0):
    torch.manual_seed(seed)
    layer = torch.nn.Linear(X.shape[1], 1)
    for _ in range(1000):
        rows = torch.multinomial(torch.arange(len(X)).float(), 32, replacement=True)
        loss = F.binary_cross_entropy(torch.sigmoid(layer(X[rows]))[:, 0], y[rows])
        layer.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in layer.parameters():
                p -= 0.1 * p.grad
        if loss.item() < 0.01:
            break
    return torch.nn.Sequential(layer, torch.nn.Sigmoid())
