# /// case
# about = "the model learns in the mode it comes in"
# expect = { test_epoch_update = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% epoch
def train_epoch(model, optimizer, batches):
    total = 0.0
    for x, t in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), t)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(t)
    return total / sum(len(t) for _, t in batches)
