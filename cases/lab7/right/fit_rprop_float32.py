# /// case
# about = "torch's Rprop, in single precision"
# ///
# %% fit
import torch

def fit_softmax(X, y, classes, lam):
    layer = torch.nn.Linear(X.shape[1], classes)
    A, t = torch.tensor(X, dtype=torch.float32), torch.tensor(y)
    opt = torch.optim.Rprop(layer.parameters(), lr=0.05)
    for _ in range(300):
        opt.zero_grad()
        (torch.nn.functional.cross_entropy(layer(A), t) + lam / 2 * layer.weight.square().sum()).backward()
        opt.step()
    return layer.weight.detach().numpy().T, layer.bias.detach().numpy()
