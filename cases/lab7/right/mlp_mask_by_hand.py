# /// case
# about = "its own mask, and weights from another start"
# ///
# %% mlp
class _Masked(torch.nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, a):
        if not self.training or self.p == 0:
            return a
        return a * (torch.rand_like(a) >= self.p) / (1 - self.p)

def make_mlp(inputs, hidden, classes, dropout=0.0):
    first, last = torch.nn.Linear(inputs, hidden), torch.nn.Linear(hidden, classes)
    torch.nn.init.kaiming_normal_(first.weight, nonlinearity="relu")
    torch.nn.init.constant_(first.bias, 0.1)
    return torch.nn.Sequential(first, torch.nn.ReLU(), _Masked(dropout), last)
