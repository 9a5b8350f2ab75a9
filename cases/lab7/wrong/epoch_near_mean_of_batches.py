# /// case
# about = "the mean over the batches"
# expect = { test_epoch_loss = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% epoch
def train_epoch(model, optimizer, batches):
    model.train()
    losses = []
    for x, t in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), t)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return sum(losses) / len(losses)
