# /// case
# about = "gradients cleared after the step"
# ///
# %% step
def training_step(model, x, y, lr=0.1):
    loss = torch.nn.SmoothL1Loss()(model(x), y)
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            if p.grad is None:
                continue
            p.add_(p.grad, alpha=-lr)
            p.grad.zero_()
    return float(loss)
