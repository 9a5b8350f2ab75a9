# /// case
# about = "a leaky ReLU of a hundredth"
# expect = { test_mlp_forward = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% mlp
def make_mlp(inputs, hidden, classes, dropout=0.0):
    nn = torch.nn
    return nn.Sequential(nn.Linear(inputs, hidden), nn.LeakyReLU(), nn.Dropout(dropout), nn.Linear(hidden, classes))
