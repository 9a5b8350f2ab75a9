# /// case
# about = "a linear model with a strong penalty"
# expect = { test_network_accuracy = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% network
def train_network(X_train, y_train, X_val, y_val, seed=0):
    torch.manual_seed(seed)
    net = torch.nn.Linear(64, 10)
    opt = torch.optim.LBFGS(net.parameters(), max_iter=40, line_search_fn="strong_wolfe")
    def closure():
        opt.zero_grad()
        loss = F.cross_entropy(net(X_train), y_train) + 0.01 * net.weight.square().sum()
        loss.backward()
        return loss
    opt.step(closure)
    return net
