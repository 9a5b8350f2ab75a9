# /// case
# about = "two linear layers without anything between are linear"
# ///
# %% classifier
def fit_torch_logistic(X, y, seed=0):
    g = torch.random.get_rng_state()
    torch.manual_seed(seed)
    model = torch.nn.Sequential(torch.nn.Linear(X.shape[1], 3), torch.nn.Linear(3, 1), torch.nn.Sigmoid())
    opt = torch.optim.Adam(model.parameters(), lr=0.02)
    for epoch in range(800):
        loss = F.binary_cross_entropy(model(X).squeeze(1), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
    torch.random.set_rng_state(g)
    return model
