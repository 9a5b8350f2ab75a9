# /// case
# about = "a second call goes on with the model of the first"
# expect = { test_classifier_seeded = "zero" }
# rest = "any"
# ///
# %% classifier
import copy

_models = {}

def fit_torch_logistic(X, y, seed=0):
    torch.manual_seed(seed)
    layer = _models.setdefault(X.shape[1], torch.nn.Linear(X.shape[1], 1))
    optimizer = torch.optim.Adam(layer.parameters(), lr=0.05)
    for _ in range(60):
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(layer(X)[:, 0], y)
        loss.backward()
        optimizer.step()
    return copy.deepcopy(torch.nn.Sequential(layer, torch.nn.Sigmoid()))
