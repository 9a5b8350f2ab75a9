# /// case
# about = "squares of the features: the log-odds are not linear"
# expect = { test_classifier_loss = "zero" }
# rest = "any"
# ///
# %% classifier
class Quadratic(torch.nn.Module):
    def __init__(self, d):
        super().__init__()
        self.linear = torch.nn.Linear(2 * d, 1)

    def forward(self, x):
        return torch.sigmoid(self.linear(torch.cat([x, x**2], dim=1)))

def fit_torch_logistic(X, y, seed=0):
    torch.manual_seed(seed)
    model = Quadratic(X.shape[1])
    optimizer = torch.optim.LBFGS(model.parameters(), max_iter=100, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = F.binary_cross_entropy(model(X)[:, 0], y)
        loss.backward()
        return loss

    optimizer.step(closure)
    return model
