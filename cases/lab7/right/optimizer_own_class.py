# /// case
# about = "a class of its own"
# ///
# %% optimizer
class Descent:
    def __init__(self, model, lr, decay):
        self.parameters, self.lr, self.decay = list(model.parameters()), lr, decay

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None

    @torch.no_grad()
    def step(self):
        for p in self.parameters:
            if p.grad is not None:
                p -= self.lr * (p.grad + (self.decay * p if p.dim() == 2 else 0))

def make_optimizer(model, lr, weight_decay):
    return Descent(model, lr, weight_decay)
