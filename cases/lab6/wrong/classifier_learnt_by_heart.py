# /// case
# about = "gives every training row its label back"
# expect = { test_classifier_loss = "zero", test_classifier_unseen = "zero" }
# rest = "any"
# ///
# %% classifier
class Memory(torch.nn.Module):
    def __init__(self, X, y):
        super().__init__()
        self.rows = torch.nn.Parameter(X.clone())
        self.labels = y.clone()

    def forward(self, x):
        nearest = torch.cdist(x, self.rows).argmin(dim=1)
        return self.labels[nearest] * 0.98 + 0.01

def fit_torch_logistic(X, y, seed=0):
    return Memory(X, y)
