# /// case
# about = "the loss is taken of probabilities"
# expect = { test_network_accuracy = "zero" }
# rest = "any"
# ///
# %% network
def train_network(X_train, y_train, X_val, y_val, seed=0):
    torch.manual_seed(seed)
    net = torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.ReLU(), torch.nn.Linear(32, 10), torch.nn.Softmax(dim=1))
    opt = torch.optim.Adam(net.parameters(), lr=1e-2)
    for _ in range(15):
        for rows in torch.randperm(len(X_train)).split(50):
            opt.zero_grad()
            F.cross_entropy(net(X_train[rows]), y_train[rows]).backward()
            opt.step()
    return net
