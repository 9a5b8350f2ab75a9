# /// case
# about = "Adam, without any of the functions above"
# ///
# %% network
def train_network(X_train, y_train, X_val, y_val, seed=0):
    torch.manual_seed(seed)
    net = torch.nn.Sequential(torch.nn.Linear(64, 100), torch.nn.ReLU(), torch.nn.Linear(100, 10))
    opt = torch.optim.Adam(net.parameters(), lr=5e-3)
    best, state, bad = float("inf"), None, 0
    for epoch in range(60):
        net.train()
        for rows in torch.randperm(len(X_train)).split(64):
            opt.zero_grad()
            F.cross_entropy(net(X_train[rows]), y_train[rows]).backward()
            opt.step()
        net.eval()
        with torch.no_grad():
            loss = F.cross_entropy(net(X_val), y_val).item()
        if loss < best:
            best, state, bad = loss, copy.deepcopy(net.state_dict()), 0
        else:
            bad += 1
            if bad == 4:
                break
    net.load_state_dict(state)
    return net
