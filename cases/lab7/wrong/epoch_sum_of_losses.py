# /// case
# about = "the gradient of the sum, not of the mean"
# expect = { test_epoch_update = "zero" }
# rest = "any"
# ///
# %% epoch
def train_epoch(model, optimizer, batches):
    model.train()
    total, n = 0.0, 0
    for x, t in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), t, reduction="sum")
        loss.backward()
        optimizer.step()
        total, n = total + loss.item(), n + len(t)
    return total / n
