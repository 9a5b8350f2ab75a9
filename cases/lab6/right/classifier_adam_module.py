# /// case
# about = "an own module, (n,) out, Adam on all rows"
# ///
# %% classifier
class LogisticModel(torch.nn.Module):
    def __init__(self, d):
        super().__init__()
        self.linear = torch.nn.Linear(d, 1)

    def forward(self, x):
        return torch.sigmoid(self.linear(x)).squeeze(1)

def fit_torch_logistic(X, y, seed=0):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = LogisticModel(X.shape[1])
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    for _ in range(400):
        optimizer.zero_grad()
        loss = F.binary_cross_entropy(model(X), y)
        loss.backward()
        optimizer.step()
    return model
