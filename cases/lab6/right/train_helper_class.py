# /// case
# about = "a trainer object, gradients by autograd.grad"
# ///
# %% train
class Trainer:
    def __init__(self, model, lr):
        self.model, self.lr, self.losses = model, lr, []

    def step(self, x, y):
        parameters = [p for p in self.model.parameters() if p.requires_grad]
        loss = F.smooth_l1_loss(self.model(x), y)
        for p, g in zip(parameters, torch.autograd.grad(loss, parameters)):
            p.data.add_(g, alpha=-self.lr)
        self.losses.append(loss.item())
        return self.losses[-1]

def train(model, get_batch, lr=0.1, tol=1e-3, max_steps=10_000):
    trainer = Trainer(model, lr)
    for _ in range(max_steps):
        if trainer.step(*get_batch()) < tol:
            break
    return trainer.losses
