# /// case
# about = "torch's cross-entropy, a 0-d array"
# ///
# %% loss
import torch
import torch.nn.functional as F

def softmax_loss(W, b, X, y, lam):
    W, b, X = map(torch.as_tensor, (W, b, X))
    loss = F.cross_entropy(X @ W + b, torch.as_tensor(y))
    return (loss + lam / 2 * (W * W).sum()).numpy()
