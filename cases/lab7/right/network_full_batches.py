# /// case
# about = "all rows at once, L-BFGS with a penalty"
# ///
# %% network
def train_network(X_train, y_train, X_val, y_val, seed=0):
    g = torch.Generator().manual_seed(seed)
    net = torch.nn.Sequential(torch.nn.Linear(64, 40), torch.nn.Tanh(), torch.nn.Linear(40, 10))
    with torch.no_grad():
        for p in net.parameters():
            p.copy_(0.15 * torch.randn(p.shape, generator=g))
    opt = torch.optim.LBFGS(net.parameters(), max_iter=60, line_search_fn="strong_wolfe")
    def closure():
        opt.zero_grad()
        loss = F.cross_entropy(net(X_train), y_train) + 5e-4 * sum(p.square().sum() for p in net.parameters())
        loss.backward()
        return loss
    opt.step(closure)
    return net
