# /// case
# about = "a fresh optimiser has no momentum yet"
# ///
# %% step
def training_step(model, x, y, lr=0.1):
    opt = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=lr, momentum=0.9)
    loss = F.smooth_l1_loss(model(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    return round(loss.item(), 12)
