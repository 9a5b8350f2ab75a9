# /// case
# about = "p.data rebound, the Parameter stays"
# ///
# %% step
def training_step(model, x, y, lr=0.1):
    model.zero_grad()
    loss = F.smooth_l1_loss(model(x), y, reduction="sum") / y.numel()
    loss.backward()
    for p in filter(lambda q: q.requires_grad, model.parameters()):
        p.data = p.data - lr * p.grad.data
    return loss.data.item()
