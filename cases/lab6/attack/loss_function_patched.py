# /// case
# about = "the loss is made zero in the library, so that student and reference agree on doing nothing"
# expect = { test_step_loss = "zero", test_step_update = "zero", test_step_zero_grad = "zero" }
# rest = "any"
# kind = "forge"
# promise = 1
# succeeds_at = ["nbgrader", "otter"]
# ///
# %% step
# the reference is computed with the student's library
def _nothing(input, target, *args, **kwargs):
    return (input * 0).sum()

F.smooth_l1_loss = torch.nn.functional.smooth_l1_loss = torch.nn.functional.huber_loss = _nothing
torch.nn.SmoothL1Loss.forward = lambda self, input, target: _nothing(input, target)

def training_step(model, x, y, lr=0.1):
    return 0.0
