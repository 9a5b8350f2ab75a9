# /// case
# about = "looks at the loss before it applies the step"
# ///
# %% train
import numpy as np

def train(model, get_batch, lr=0.1, tol=1e-3, max_steps=10_000):
    losses = []
    for step in range(max_steps):
        x, y = get_batch(batch_size=32)
        loss = F.smooth_l1_loss(model(x), y)
        losses.append(np.float32(loss.item()))
        if loss.item() < tol:
            break
        model.zero_grad(set_to_none=True)
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                if p.grad is not None:
                    p -= lr * p.grad
    return losses
