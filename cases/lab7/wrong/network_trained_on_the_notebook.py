# /// case
# about = "trained on all digits of the notebook, whatever it is given"
# expect = { test_network_accuracy = "zero" }
# rest = "any"
# ///
# %% network
def train_network(X_train, y_train, X_val, y_val, seed=0):
    torch.manual_seed(seed)
    net = make_mlp(64, 32, 10)
    opt = torch.optim.Adam(net.parameters(), lr=1e-2)
    for _ in range(8):
        for rows in torch.randperm(len(X)).split(50):
            opt.zero_grad()
            F.cross_entropy(net(X[rows]), y[rows]).backward()
            opt.step()
    return net
