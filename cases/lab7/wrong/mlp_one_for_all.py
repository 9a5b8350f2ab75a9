# /// case
# about = "one network, made once, is handed out again and again"
# expect = { test_mlp_forward = "zero" }
# rest = "any"
# ///
# %% mlp
_net = torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.ReLU(), torch.nn.Linear(32, 10))

def make_mlp(inputs, hidden, classes, dropout=0.0):
    return _net
