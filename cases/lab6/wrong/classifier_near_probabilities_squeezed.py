# /// case
# about = "probabilities squeezed into [0.05, 0.95]"
# expect = { test_classifier_loss = "zero", test_classifier_unseen = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% classifier
class Careful(torch.nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x):
        return 0.05 + 0.9 * torch.sigmoid(self.layer(x))

def fit_torch_logistic(X, y, seed=0):
    torch.manual_seed(seed)
    layer = torch.nn.Linear(X.shape[1], 1)
    optimizer = torch.optim.Adam(layer.parameters(), lr=0.1)
    for _ in range(300):
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(layer(X)[:, 0], y)
        loss.backward()
        optimizer.step()
    return Careful(layer)
