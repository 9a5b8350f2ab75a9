# /// case
# about = "an object that claims to be a module, and whose parameters never end"
# expect = { test_mlp_forward = "zero", test_mlp_dropout = "zero" }
# rest = "any"
# kind = "forge"
# promise = 4
# succeeds_at = []
# ///
# %% mlp
class _Claims:
    __class__ = torch.nn.Module
    training = True

    def eval(self):
        return self

    train = eval

    def parameters(self):
        while True:
            yield torch.zeros(3)

    def __call__(self, x):
        return torch.zeros(len(x), 3)

def make_mlp(inputs, hidden, classes, dropout=0.0):
    return _Claims()
