# /// case
# about = "mean squared error, which diverges at this rate"
# expect = { test_train_follows_reference = "zero", test_train_recovers_target = "zero" }
# rest = "any"
# ///
# %% train
def train(model, get_batch, lr=0.1, tol=1e-3, max_steps=10_000):
    losses = []
    while len(losses) < max_steps:
        x, y = get_batch()
        loss = F.mse_loss(model(x), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                if p.grad is not None:
                    p -= lr * p.grad
        losses.append(loss.item())
        if losses[-1] < tol:
            break
        if losses[-1] != losses[-1]:
            break
    return losses
