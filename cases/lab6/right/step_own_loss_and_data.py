# /// case
# about = "the loss written out, the update through .data, a NumPy number returned"
# ///
# %% step
import numpy as np

def training_step(model, x, y, lr=0.1):
    model.zero_grad()
    error = (model(x) - y).abs()
    loss = torch.where(error < 1, 0.5 * error**2, error - 0.5).mean()
    loss.backward()
    for p in model.parameters():
        if p.grad is not None:
            p.data = p.data - lr * p.grad
    return np.float64(loss.item())
