# /// case
# about = "float64 inside and out"
# ///
# %% classifier
class Double(torch.nn.Module):
    def __init__(self, d):
        super().__init__()
        self.theta = torch.nn.Parameter(torch.zeros(d + 1, dtype=torch.float64))

    def forward(self, x):
        x = x.double()
        return torch.sigmoid(x @ self.theta[:-1] + self.theta[-1])

def fit_torch_logistic(X, y, seed=0):
    m = Double(X.shape[1])
    opt = torch.optim.LBFGS(m.parameters(), max_iter=200, line_search_fn="strong_wolfe")
    def closure():
        opt.zero_grad()
        loss = F.binary_cross_entropy(m(X), y.double())
        loss.backward()
        return loss
    opt.step(closure)
    return m
