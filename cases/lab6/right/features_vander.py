# /// case
# about = "torch.vander without its column of ones"
# ///
# %% features
def make_features(x, degree=4):
    return torch.vander(x, degree + 1, increasing=True)[:, 1:]
