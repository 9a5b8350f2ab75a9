# /// case
# about = "the rate falls by two per mille a step"
# expect = { test_train_follows_reference = "zero" }
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
                    p -= lr * 0.998 ** len(losses) * p.grad
        losses.append(loss.item())
        if losses[-1] < tol:
            break
    return losses
