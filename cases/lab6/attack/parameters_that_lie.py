# /// case
# about = "a module trained without the seed whose parameters() always show the same numbers"
# expect = { test_classifier_seeded = "zero" }
# rest = "any"
# kind = "forge"
# promise = 1
# succeeds_at = []
# ///
# %% classifier
# reproducibility is judged by what the module says of itself
class Poser(torch.nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.__dict__["hidden"] = layer

    def forward(self, x):
        return torch.sigmoid(self.hidden(x))

    def parameters(self, recurse=True):
        return iter([torch.nn.Parameter(torch.ones(1, 2)), torch.nn.Parameter(torch.ones(1))])

    def named_parameters(self, *args, **kwargs):
        return zip(("linear.weight", "linear.bias"), self.parameters())

    def state_dict(self, *args, **kwargs):
        return {name: value.detach() for name, value in self.named_parameters()}

def fit_torch_logistic(X, y, seed=0):
    layer = torch.nn.Linear(X.shape[1], 1)
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.3)
    for _ in range(600):
        rows = torch.randint(len(X), (64,))
        optimizer.zero_grad()
        F.binary_cross_entropy_with_logits(layer(X[rows])[:, 0], y[rows]).backward()
        optimizer.step()
    return Poser(layer)
