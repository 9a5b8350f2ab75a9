# /// case
# about = "two logits and a softmax; the log-odds are still linear"
# ///
# %% classifier
class SoftmaxModel(torch.nn.Module):
    def __init__(self, d):
        super().__init__()
        self.scores = torch.nn.Linear(d, 2)

    def forward(self, x):
        return torch.softmax(self.scores(x), dim=1)[:, 1]

def fit_torch_logistic(X, y, seed=0):
    torch.manual_seed(seed)
    model = SoftmaxModel(X.shape[1])
    optimizer = torch.optim.LBFGS(model.parameters(), max_iter=80, line_search_fn="strong_wolfe")
    labels = y.long()

    def closure():
        optimizer.zero_grad()
        loss = F.cross_entropy(model.scores(X), labels)
        loss.backward()
        return loss

    optimizer.step(closure)
    return model
