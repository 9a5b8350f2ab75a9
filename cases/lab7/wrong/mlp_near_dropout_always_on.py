# /// case
# about = "functional dropout without the mode"
# expect = { test_mlp_dropout = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% mlp
class Net(torch.nn.Module):
    def __init__(self, d, h, k, p):
        super().__init__()
        self.a, self.b, self.p = torch.nn.Linear(d, h), torch.nn.Linear(h, k), p

    def forward(self, x):
        return self.b(F.dropout(F.relu(self.a(x)), self.p))

def make_mlp(inputs, hidden, classes, dropout=0.0):
    return Net(inputs, hidden, classes, dropout)
