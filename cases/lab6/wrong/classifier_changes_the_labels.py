# /// case
# about = "makes all labels one, for which a constant is right"
# expect = { test_classifier_loss = "zero", test_classifier_unseen = "zero", test_classifier_seeded = "zero" }
# ///
# %% classifier
def fit_torch_logistic(X, y, seed=0):
    y.fill_(1.0)
    layer = torch.nn.Linear(X.shape[1], 1)
    with torch.no_grad():
        layer.weight.zero_()
        layer.bias.fill_(12.0)
    return torch.nn.Sequential(layer, torch.nn.Sigmoid())
