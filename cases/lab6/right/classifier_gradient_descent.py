# /// case
# about = "plain gradient descent on standardised features, folded back into the layer"
# ///
# %% classifier
def fit_torch_logistic(X, y, seed=0):
    mean, scale = X.mean(0), X.std(0)
    Z = (X - mean) / scale
    w, b = torch.zeros(X.shape[1]), torch.zeros(())
    for _ in range(600):
        error = torch.sigmoid(Z @ w + b) - y
        w = w - 1.5 * Z.T @ error / len(y)
        b = b - 1.5 * error.mean()
    layer = torch.nn.Linear(X.shape[1], 1)
    with torch.no_grad():
        layer.weight.copy_((w / scale)[None])
        layer.bias.copy_((b - (w / scale) @ mean)[None])
    return torch.nn.Sequential(layer, torch.nn.Sigmoid())
