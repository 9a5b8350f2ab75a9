# /// case
# about = "new values loaded through load_state_dict, which copies in place"
# ///
# %% step
def training_step(model, x, y, lr=0.1):
    model.zero_grad()
    loss = F.smooth_l1_loss(model(x), y)
    loss.backward()
    state = model.state_dict()
    for name, p in model.named_parameters():
        if p.grad is not None:
            state[name] = p.detach() - lr * p.grad
    model.load_state_dict(state)
    return loss.item()
