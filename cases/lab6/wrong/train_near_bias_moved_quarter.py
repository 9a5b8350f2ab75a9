# /// case
# about = "0.25 is added to the bias at the end"
# expect = { test_train_recovers_target = "zero", test_train_stops = "full", test_train_follows_reference = "full" }
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
        if losses[-1] < tol:
            break
    with torch.no_grad():
        list(model.parameters())[-1].add_(0.25)
    return losses
