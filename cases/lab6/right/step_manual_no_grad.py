# /// case
# about = "backward and an update under no_grad, gradients cleared before"
# ///
# %% step
def training_step(model, x, y, lr=0.1):
    for p in model.parameters():
        p.grad = None
    loss = F.smooth_l1_loss(model(x), y)
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            if p.grad is not None:
                p -= lr * p.grad
    return loss.item()
