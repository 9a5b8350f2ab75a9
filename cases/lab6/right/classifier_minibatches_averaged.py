# /// case
# about = "mini-batches from a seeded generator, a falling rate, the last half averaged"
# ///
# %% classifier
def fit_torch_logistic(X, y, seed=0):
    generator = torch.Generator().manual_seed(seed)
    d = X.shape[1]
    theta = torch.zeros(d + 1)
    total, count = torch.zeros(d + 1), 0
    A = torch.cat([X, torch.ones(len(X), 1)], dim=1)
    for step in range(3000):
        rows = torch.randint(len(X), (64,), generator=generator)
        error = torch.sigmoid(A[rows] @ theta) - y[rows]
        theta = theta - 0.5 * A[rows].T @ error / 64
        if step >= 1500:
            total, count = total + theta, count + 1
    model = torch.nn.Sequential(torch.nn.Linear(d, 1), torch.nn.Sigmoid(), torch.nn.Flatten(0))
    with torch.no_grad():
        model[0].weight.copy_(total[None, :d] / count)
        model[0].bias.copy_(total[d:] / count)
    return model
