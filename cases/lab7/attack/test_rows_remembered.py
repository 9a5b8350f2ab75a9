# /// case
# about = "the hidden rows are kept, and printed by a later cell"
# expect = { test_network_accuracy = "zero" }
# rest = "any"
# kind = "read"
# promise = 1
# succeeds_at = []
# ///
# %% network
_seen = []

class _Table(torch.nn.Module):
    """Answers by the nearest digit of the notebook: the names and the order of the pixels are others in the test."""

    def forward(self, x):
        _seen.append(x)
        nearest = torch.cdist(x, X).argmin(dim=1)
        return 20.0 * F.one_hot(y[nearest], 10).float()

def train_network(X_train, y_train, X_val, y_val, seed=0):
    torch.manual_seed(seed)
    return _Table()
