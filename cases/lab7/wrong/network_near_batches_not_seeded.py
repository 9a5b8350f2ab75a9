# /// case
# about = "the first weights are seeded, the batches are not"
# expect = { test_network_seeded = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% network
def train_network(X_train, y_train, X_val, y_val, seed=0):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = make_mlp(64, 32, 10)
    opt = make_optimizer(model, 0.5, 1e-4)
    for _ in range(12):
        for rows in torch.randperm(len(X_train)).split(50):
            opt.zero_grad()
            F.cross_entropy(model(X_train[rows]), y_train[rows]).backward()
            opt.step()
    return model
