# /// case
# about = "recursion over the degree"
# ///
# %% features
def make_features(x, degree=4):
    column = x.reshape(-1, 1)
    if degree == 1:
        return column.clone()
    lower = make_features(x, degree - 1)
    return torch.cat([lower, lower[:, -1:] * column], dim=1)
