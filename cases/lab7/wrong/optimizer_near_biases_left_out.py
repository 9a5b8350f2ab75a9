# /// case
# about = "biases are not trained"
# expect = { test_optimizer = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% optimizer
def make_optimizer(model, lr, weight_decay):
    return torch.optim.SGD([p for p in model.parameters() if p.ndim > 1], lr=lr, weight_decay=weight_decay)
