# /// case
# about = "untrained, and knows the labels of just the training rows by heart"
# expect = { test_classifier_loss = "zero", test_classifier_unseen = "zero" }
# rest = "any"
# ///
# %% classifier
class ByHeart(torch.nn.Module):
    def __init__(self, X, y):
        super().__init__()
        self.labels = {tuple(row): 0.01 + 0.98 * label for row, label in zip(X.tolist(), y.tolist())}

    def forward(self, x):
        anything = torch.sigmoid(0.3 * x.sum(dim=1)).tolist()
        return torch.tensor([self.labels.get(tuple(row), p) for row, p in zip(x.tolist(), anything)])

def fit_torch_logistic(X, y, seed=0):
    return ByHeart(X, y)
