# /// case
# about = "half is dropped, whatever was asked for"
# expect = { test_mlp_dropout = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% mlp
def make_mlp(inputs, hidden, classes, dropout=0.0):
    nn = torch.nn
    return nn.Sequential(nn.Linear(inputs, hidden), nn.ReLU(), nn.Dropout(0.5 if dropout else 0.0), nn.Linear(hidden, classes))
