# /// case
# about = "sums over the rows, and the eval mode afterwards"
# ///
# %% epoch
def train_epoch(model, optimizer, batches):
    model.train()
    total, n = torch.zeros(()), 0
    for batch in batches:
        logits = model(batch[0])
        each = F.cross_entropy(logits, batch[1], reduction="none")
        optimizer.zero_grad()
        each.mean().backward()
        optimizer.step()
        total, n = total + each.detach().sum(), n + each.numel()
    model.eval()
    return float(total / n)
