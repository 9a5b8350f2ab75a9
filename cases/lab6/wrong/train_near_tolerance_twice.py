# /// case
# about = "stops at 2 tol"
# expect = { test_train_stops = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% train
def train(model, get_batch, lr=0.1, tol=1e-3, max_steps=10_000):
    losses = []
    while len(losses) < max_steps:
        x, y = get_batch()
        loss = F.smooth_l1_loss(model(x), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                if p.grad is not None:
                    p -= lr * p.grad
        losses.append(loss.item())
        if losses[-1] < 2 * tol:
            break
    return losses
