# /// case
# about = "the class of the test's model is replaced, and its methods are overwritten in the instance"
# expect = { test_train_recovers_target = "zero", test_step_update = "zero" }
# rest = "any"
# kind = "forge"
# promise = 1
# succeeds_at = []
# ///
# %% step
# whoever sends an object out and takes it back takes back what it has become
class Perfect(torch.nn.Linear):
    def forward(self, x):
        return super().forward(x) * 0

def training_step(model, x, y, lr=0.1):
    loss = F.smooth_l1_loss(model(x), y).item()
    model.__class__ = Perfect
    model.forward = lambda x: torch.zeros(len(x), 1)
    model.state_dict = lambda *args, **kwargs: {}
    return loss
# %% train
def train(model, get_batch, lr=0.1, tol=1e-3, max_steps=10_000):
    get_batch()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += 0.1
    model.forward = lambda x: torch.zeros(len(x), 1)
    return [1.0 - 0.001 * step for step in range(20)]
