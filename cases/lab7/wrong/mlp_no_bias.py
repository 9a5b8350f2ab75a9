# /// case
# about = "the second layer has no bias"
# expect = { test_mlp_forward = "zero" }
# rest = "any"
# ///
# %% mlp
def make_mlp(inputs, hidden, classes, dropout=0.0):
    nn = torch.nn
    return nn.Sequential(nn.Linear(inputs, hidden), nn.ReLU(), nn.Dropout(dropout), nn.Linear(hidden, classes, bias=False))
