# /// case
# about = "the inputs are dropped, not the hidden units"
# expect = { test_mlp_dropout = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% mlp
def make_mlp(inputs, hidden, classes, dropout=0.0):
    nn = torch.nn
    return nn.Sequential(nn.Dropout(dropout), nn.Linear(inputs, hidden), nn.ReLU(), nn.Linear(hidden, classes))
