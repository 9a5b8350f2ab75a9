# /// case
# about = "returns a NumPy float32"
# ///
# %% step
def training_step(model, x, y, lr=0.1):
    loss = F.smooth_l1_loss(model(x), y)
    model.zero_grad()
    loss.backward()
    with torch.no_grad():
        for layer in model.modules():
            for p in layer.parameters(recurse=False):
                if p.requires_grad and p.grad is not None:
                    p.sub_(lr * p.grad)
    return loss.detach().cpu().numpy()[()]
