# /// case
# about = "four epochs are not enough"
# expect = { test_network_accuracy = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% network
def train_network(X_train, y_train, X_val, y_val, seed=0):
    torch.manual_seed(seed)
    net = make_mlp(64, 32, 10)
    opt = torch.optim.SGD(net.parameters(), lr=0.3)
    for _ in range(4):
        for rows in torch.randperm(len(X_train)).split(50):
            opt.zero_grad()
            F.cross_entropy(net(X_train[rows]), y_train[rows]).backward()
            opt.step()
    return net
