# /// case
# about = "the same seed gives the same untrained model"
# expect = { test_classifier_loss = "zero", test_classifier_unseen = "zero", test_classifier_seeded = "zero" }
# rest = "any"
# ///
# %% classifier
def fit_torch_logistic(X, y, seed=0):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        layer = torch.nn.Linear(X.shape[1], 1)
    return torch.nn.Sequential(layer, torch.nn.Sigmoid())
