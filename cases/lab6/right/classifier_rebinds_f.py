# /// case
# about = "F is used for features afterwards, as are np and plt"
# ///
# %% classifier
def fit_torch_logistic(X, y, seed=0):
    torch.manual_seed(seed)
    model = torch.nn.Sequential(torch.nn.Linear(X.shape[1], 1), torch.nn.Sigmoid())
    opt = torch.optim.LBFGS(model.parameters(), max_iter=100, line_search_fn="strong_wolfe")
    def closure():
        opt.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy(model(X), y[:, None])
        loss.backward()
        return loss
    opt.step(closure)
    return model

model = fit_torch_logistic(X, y)
F = model(X)
y = (F > 0.5).float()
X = np = plt = None
