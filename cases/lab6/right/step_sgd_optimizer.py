# /// case
# about = "torch.optim.SGD inside, all parameters handed over"
# ///
# %% step
def training_step(model, x, y, lr=0.1):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    optimizer.zero_grad()
    loss = torch.nn.functional.huber_loss(model(x), y, delta=1.0)
    loss.backward()
    optimizer.step()
    return loss.detach().item()
