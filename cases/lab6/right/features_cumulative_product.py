# /// case
# about = "cumulative product of repeated columns"
# ///
# %% features
def make_features(x, degree=4):
    return x.unsqueeze(1).repeat(1, degree).cumprod(dim=1)
