# /// case
# about = "torch's L-BFGS in double precision, parameters in a tuple"
# ///
# %% fit
import torch

def fit_softmax(X, y, classes, lam):
    X, y = torch.tensor(X), torch.tensor(y)
    W = torch.zeros(X.shape[1], classes, dtype=X.dtype, requires_grad=True)
    b = torch.zeros(classes, dtype=X.dtype, requires_grad=True)
    opt = torch.optim.LBFGS([W, b], max_iter=300, line_search_fn="strong_wolfe", tolerance_grad=1e-7)
    def closure():
        opt.zero_grad()
        loss = torch.nn.functional.cross_entropy(X @ W + b, y) + lam / 2 * (W * W).sum()
        loss.backward()
        return loss
    opt.step(closure)
    return W.detach().numpy(), b.detach().numpy()
