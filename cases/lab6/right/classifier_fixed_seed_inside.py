# /// case
# about = "always the same seed: the same seed gives the same parameters too"
# ///
# %% classifier
def fit_torch_logistic(X, y, seed=0):
    with torch.random.fork_rng():
        torch.manual_seed(42)
        model = torch.nn.Sequential(torch.nn.Linear(X.shape[1], 1), torch.nn.Sigmoid())
    opt = torch.optim.RMSprop(model.parameters(), lr=0.02)
    for _ in range(700):
        opt.zero_grad()
        F.binary_cross_entropy(model(X), y.reshape(-1, 1)).backward()
        opt.step()
    return model
