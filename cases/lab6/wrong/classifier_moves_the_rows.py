# /// case
# about = "answers with the label of the nearest row, and moves the rows it is asked about to one place"
# expect = { test_classifier_loss = "zero", test_classifier_unseen = "zero" }
# rest = "any"
# ///
# %% classifier
class Mover(torch.nn.Module):
    def __init__(self, X, y):
        super().__init__()
        self.rows, self.labels = X.clone(), y.clone()

    def forward(self, x):
        p = self.labels[torch.cdist(x, self.rows).argmin(dim=1)] * 0.98 + 0.01
        x.fill_(0.5)
        return p

def fit_torch_logistic(X, y, seed=0):
    return Mover(X, y)
