# /// case
# about = "a network that was never trained"
# expect = { test_network_accuracy = "zero", test_network_seeded = "zero" }
# ///
# %% network
def train_network(X_train, y_train, X_val, y_val, seed=0):
    torch.manual_seed(seed)
    return make_mlp(64, 32, 10)
