# /// case
# about = "scores that are NaN, of which no comparison says that it is wrong"
# expect = { test_network_accuracy = "zero", test_network_seeded = "zero" }
# rest = "any"
# kind = "forge"
# promise = 1
# succeeds_at = []
# ///
# %% network
class _NotANumber(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.full((3,), float("nan")))

    def forward(self, x):
        return torch.full((len(x), 10), float("nan"))

def train_network(X_train, y_train, X_val, y_val, seed=0):
    return _NotANumber()
