# /// case
# about = "gradients clipped to norm 0.2"
# expect = { test_epoch_update = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% epoch
def train_epoch(model, optimizer, batches):
    model.train()
    total, n = 0.0, 0
    for x, t in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), t)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 0.2)
        optimizer.step()
        total, n = total + loss.item() * len(t), n + len(t)
    return total / n
