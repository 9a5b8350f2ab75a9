# /// case
# about = "names of torch cover the built-in ones"
# ///
# %% classifier
from torch import *

def fit_torch_logistic(X, y, seed=0):
    manual_seed(seed)
    m = torch.nn.Sequential(torch.nn.Linear(X.shape[1], 1), torch.nn.Sigmoid())
    opt = torch.optim.LBFGS(m.parameters(), max_iter=100, line_search_fn="strong_wolfe")
    def closure():
        opt.zero_grad()
        loss = F.binary_cross_entropy(m(X), unsqueeze(y, 1))
        loss.backward()
        return loss
    opt.step(closure)
    return m
