# /// case
# about = "a momentum of 0.02"
# expect = { test_train_follows_reference = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% train
def train(model, get_batch, lr=0.1, tol=1e-3, max_steps=10_000):
    losses = []
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.02)
    while len(losses) < max_steps:
        x, y = get_batch()
        loss = F.smooth_l1_loss(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        if losses[-1] < tol:
            break
    return losses
