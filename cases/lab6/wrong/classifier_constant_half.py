# /// case
# about = "one half for every row"
# expect = { test_classifier_loss = "zero", test_classifier_unseen = "zero", test_classifier_seeded = "zero" }
# rest = "any"
# ///
# %% classifier
def fit_torch_logistic(X, y, seed=0):
    torch.manual_seed(seed)
    layer = torch.nn.Linear(X.shape[1], 1)
    with torch.no_grad():
        layer.weight.zero_()
        layer.bias.zero_()
    return torch.nn.Sequential(layer, torch.nn.Sigmoid())
