# /// case
# about = "a hidden layer: better than any linear model on the training rows, and not linear"
# expect = { test_classifier_loss = "zero" }
# rest = "any"
# ///
# %% classifier
def fit_torch_logistic(X, y, seed=0):
    torch.manual_seed(seed)
    model = torch.nn.Sequential(
        torch.nn.Linear(X.shape[1], 16), torch.nn.Tanh(), torch.nn.Linear(16, 1), torch.nn.Sigmoid()
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
    for _ in range(300):
        optimizer.zero_grad()
        F.binary_cross_entropy(model(X)[:, 0], y).backward()
        optimizer.step()
    return model
