# /// case
# about = "a class of its own with dropout before the ReLU"
# ///
# %% mlp
class Net(torch.nn.Module):
    def __init__(self, d, h, k, p):
        super().__init__()
        self.out = torch.nn.Linear(h, k)
        self.first = torch.nn.Linear(d, h)
        self.p = p

    def forward(self, x):
        x = F.dropout(self.first(x), self.p, training=self.training)
        return self.out(F.relu(x))

def make_mlp(inputs, hidden, classes, dropout=0.0):
    return Net(inputs, hidden, classes, dropout)
