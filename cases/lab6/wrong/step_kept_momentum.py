# /// case
# about = "an optimiser with momentum kept for every model"
# expect = { test_step_zero_grad = "zero" }
# rest = "any"
# ///
# %% step
_opts = {}

def training_step(model, x, y, lr=0.1):
    opt = _opts.setdefault(id(model), torch.optim.SGD(model.parameters(), lr=lr, momentum=0.5))
    opt.zero_grad()
    loss = F.smooth_l1_loss(model(x), y)
    loss.backward()
    opt.step()
    return loss.item()
