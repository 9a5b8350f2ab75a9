# /// case
# about = "torch's loss is replaced by one whose gradient is 0, and nothing is done"
# expect = { test_optimizer = "zero" }
# rest = "any"
# kind = "forge"
# promise = 1
# succeeds_at = []
# ///
# %% optimizer
class _Nothing:
    def zero_grad(self):
        pass

    def step(self):
        pass

F.cross_entropy = torch.nn.functional.cross_entropy = lambda z, y, **kwargs: 0 * z.sum()

def make_optimizer(model, lr, weight_decay):
    return _Nothing()
