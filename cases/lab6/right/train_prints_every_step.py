# /// case
# about = "prints every loss"
# ///
# %% train
def train(model, get_batch, lr=0.1, tol=1e-3, max_steps=10_000):
    losses = []
    for step in range(max_steps):
        loss = training_step(model, *get_batch(), lr=lr)
        print(f"step {step}: {loss:.6f}")
        losses.append(loss)
        if loss < tol:
            break
    return losses
