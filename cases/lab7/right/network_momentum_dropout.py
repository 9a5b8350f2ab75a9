# /// case
# about = "the functions above with dropout and a validation in eval mode"
# ///
# %% network
def train_network(X_train, y_train, X_val, y_val, seed=0):
    torch.manual_seed(seed)
    gen = torch.Generator()
    gen.manual_seed(seed + 1)
    model = make_mlp(64, 64, 10, dropout=0.2)
    opt = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    def validate():
        model.eval()
        return F.cross_entropy(model(X_val), y_val).item()
    fit_with_early_stopping(model, lambda: train_epoch(model, opt, epoch_batches(X_train, y_train, 32, gen)), validate, 20, 5)
    return model
