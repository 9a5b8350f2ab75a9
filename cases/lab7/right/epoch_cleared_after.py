# /// case
# about = "cleared before the epoch and after each step; losses weighted at the end"
# ///
# %% epoch
def train_epoch(model, optimizer, batches):
    model.train(True)
    optimizer.zero_grad(set_to_none=False)
    losses, sizes = [], []
    for rows, labels in batches:
        loss = -torch.log_softmax(model(rows), 1)[torch.arange(len(labels)), labels].mean()
        loss.backward()
        optimizer.step()
        model.zero_grad()
        losses.append(loss.item())
        sizes.append(labels.shape[0])
    return np.average(losses, weights=sizes)
