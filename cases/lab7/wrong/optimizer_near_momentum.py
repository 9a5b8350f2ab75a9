# /// case
# about = "a little momentum"
# expect = { test_optimizer = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% optimizer
def make_optimizer(model, lr, weight_decay):
    weights = [p for p in model.parameters() if p.ndim > 1]
    biases = [p for p in model.parameters() if p.ndim == 1]
    return torch.optim.SGD([{"params": weights, "weight_decay": weight_decay}, {"params": biases}], lr=lr, momentum=0.01)
