# /// case
# about = "new Parameter objects with the right values"
# expect = { test_step_update = "zero", test_step_loss = "full" }
# rest = "any"
# ///
# %% step
def training_step(model, x, y, lr=0.1):
    model.zero_grad()
    loss = F.smooth_l1_loss(model(x), y)
    loss.backward()
    for module in model.modules():
        for name, p in list(module.named_parameters(recurse=False)):
            if p.grad is not None:
                fresh = torch.nn.Parameter(p.detach() - lr * p.grad, requires_grad=p.requires_grad)
                setattr(module, name, fresh)
    return loss.item()
