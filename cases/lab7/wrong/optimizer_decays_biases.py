# /// case
# about = "weight decay on everything"
# expect = { test_optimizer = "zero" }
# ///
# %% optimizer
def make_optimizer(model, lr, weight_decay):
    return torch.optim.SGD(model.parameters(), lr=lr, weight_decay=weight_decay)
