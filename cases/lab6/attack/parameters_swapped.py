# /// case
# about = "parameters of another shape, of another dtype, shared, missing, and one of two hundred megabytes"
# expect = { test_step_update = "zero", test_step_zero_grad = "zero" }
# rest = "any"
# kind = "forge"
# promise = 4
# succeeds_at = []
# ///
# %% step
# the test's copy of the model has to take over what cannot be taken over
_calls = []

def training_step(model, x, y, lr=0.1):
    _calls.append(1)
    loss = F.smooth_l1_loss(model(x), y).item()
    layer = next(module for module in model.modules() if isinstance(module, torch.nn.Linear))
    match len(_calls) % 5:
        case 0:
            layer.weight = torch.nn.Parameter(torch.zeros(7, 9))
        case 1:
            layer.weight = torch.nn.Parameter(layer.weight.detach().double())
        case 2:
            layer.bias = None
        case 3:
            layer.weight.data = torch.zeros(50, 1_000_000)
        case 4:
            layer.in_features = "many"
            layer._buffers["evil"] = torch.full((3,), float("nan"))
    return loss
