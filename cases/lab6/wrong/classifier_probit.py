# /// case
# about = "the normal distribution in place of the sigmoid"
# expect = { test_classifier_loss = "zero" }
# rest = "any"
# ///
# %% classifier
class Probit(torch.nn.Module):
    def __init__(self, d):
        super().__init__()
        self.fc = torch.nn.Linear(d, 1)

    def forward(self, x):
        return torch.special.ndtr(self.fc(x)).clamp(1e-6, 1 - 1e-6)

def fit_torch_logistic(X, y, seed=0):
    torch.manual_seed(seed)
    model = Probit(X.shape[1])
    opt = torch.optim.Adam(model.parameters(), lr=0.05)
    for _ in range(500):
        opt.zero_grad()
        F.binary_cross_entropy(model(X).view(-1), y).backward()
        opt.step()
    return model
