# /// case
# about = "groups by the names of the parameters"
# ///
# %% optimizer
def make_optimizer(model, lr, weight_decay):
    named = dict(model.named_parameters())
    return torch.optim.SGD([
        {"params": [p for name, p in named.items() if name.endswith("bias")], "weight_decay": 0.0},
        {"params": [p for name, p in named.items() if not name.endswith("bias")]},
    ], lr, weight_decay=weight_decay)
