# /// case
# about = "the step written out in the loop with an optimizer, batch size given"
# ///
# %% train
def train(model, get_batch, lr=0.1, tol=1e-3, max_steps=10_000):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    history = []
    for _ in range(max_steps):
        x, y = get_batch(32)
        optimizer.zero_grad()
        loss = F.smooth_l1_loss(model(x), y)
        loss.backward()
        optimizer.step()
        history.append(loss.item())
        if history[-1] < tol:
            return history
    return history
