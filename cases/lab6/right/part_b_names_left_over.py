# /// case
# about = "names a test might use, left behind at the top"
# ///
# %% step
def training_step(model, x, y, lr=0.1):
    model.zero_grad()
    loss = F.smooth_l1_loss(model(x), y)
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            if p.grad is not None:
                p -= lr * p.grad
    return loss.item()

model = torch.nn.Linear(4, 1)
loss = training_step(model, *get_batch())
x = y = expected = got = reference = rng = g = gen = seed = best = batch = batches = losses = None
torch.manual_seed(5)
%matplotlib inline
