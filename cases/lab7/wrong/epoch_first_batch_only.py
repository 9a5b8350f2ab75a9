# /// case
# about = "a return inside the loop: one step, on the first batch"
# expect = { test_epoch_update = "zero", test_epoch_loss = "zero" }
# rest = "any"
# ///
# %% epoch
def train_epoch(model, optimizer, batches):
    model.train()
    for x, t in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), t)
        loss.backward()
        optimizer.step()
        return loss.item()
