# /// case
# about = "broadcasting over whole exponents on the device of x"
# ///
# %% features
def make_features(x, degree=4):
    exponents = torch.arange(1, degree + 1, device=x.device)
    return x[:, None] ** exponents
