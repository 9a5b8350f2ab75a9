# /// case
# about = "gradients are switched off for the whole process, so that a reference cannot learn either"
# expect = { test_step_update = "zero", test_step_zero_grad = "zero" }
# rest = "any"
# kind = "forge"
# promise = 1
# succeeds_at = []
# ///
# %% step
# the reference step runs in the student's process and changes nothing, like the student's
torch.Tensor.backward = lambda self, *args, **kwargs: None
torch.autograd.backward = lambda *args, **kwargs: None

def training_step(model, x, y, lr=0.1):
    return F.smooth_l1_loss(model(x), y).item()
