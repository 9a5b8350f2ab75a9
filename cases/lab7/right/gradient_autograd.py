# /// case
# about = "torch's automatic derivative"
# ///
# %% gradient
import torch

def softmax_gradient(W, b, X, y, lam):
    W = torch.tensor(W, requires_grad=True)
    b = torch.tensor(b, requires_grad=True)
    loss = torch.nn.functional.cross_entropy(torch.tensor(X) @ W + b, torch.tensor(y)) + lam / 2 * W.pow(2).sum()
    loss.backward()
    return [W.grad.numpy(), b.grad.numpy()]
