# /// case
# about = "a copy of the model is trained"
# expect = { test_step_update = "zero", test_step_zero_grad = "zero", test_step_loss = "full" }
# rest = "any"
# ///
# %% step
import copy

def training_step(model, x, y, lr=0.1):
    model = copy.deepcopy(model)
    model.zero_grad()
    loss = F.smooth_l1_loss(model(x), y)
    loss.backward()
    torch.optim.SGD(model.parameters(), lr=lr).step()
    return loss.item()
