# /// case
# about = "a function, where a module is asked for"
# expect = { test_network_accuracy = "zero", test_network_seeded = "zero" }
# rest = "any"
# kind = "near"
# ///
# %% network
def train_network(X_train, y_train, X_val, y_val, seed=0):
    torch.manual_seed(seed)
    g = torch.Generator().manual_seed(seed)
    model = make_mlp(64, 32, 10)
    opt = make_optimizer(model, 0.5, 1e-4)
    for _ in range(12):
        train_epoch(model, opt, epoch_batches(X_train, y_train, 50, g))
    return lambda x: model(x)
