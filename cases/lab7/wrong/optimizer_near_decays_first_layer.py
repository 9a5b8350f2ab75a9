# /// case
# about = "only the first layer decays"
# expect = { test_optimizer = "zero" }
# kind = "near"
# ///
# %% optimizer
def make_optimizer(model, lr, weight_decay):
    first, *others = model.parameters()
    return torch.optim.SGD([{"params": [first], "weight_decay": weight_decay}, {"params": others}], lr=lr)
