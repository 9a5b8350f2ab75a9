# /// case
# about = "the losses after the steps"
# expect = { test_epoch_loss = "zero" }
# rest = "any"
# ///
# %% epoch
def train_epoch(model, optimizer, batches):
    model.train()
    for x, t in batches:
        optimizer.zero_grad()
        F.cross_entropy(model(x), t).backward()
        optimizer.step()
    with torch.no_grad():
        return sum(F.cross_entropy(model(x), t, reduction="sum").item() for x, t in batches) / sum(len(t) for _, t in batches)
