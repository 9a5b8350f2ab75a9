# /// case
# about = "gradients are cleared once an epoch"
# expect = { test_epoch_update = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% epoch
def train_epoch(model, optimizer, batches):
    model.train()
    total = 0.0
    optimizer.zero_grad()
    for x, t in batches:
        loss = F.cross_entropy(model(x), t)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(t)
    return total / sum(len(t) for _, t in batches)
