# /// case
# about = "tensors are shown with one digit"
# ///
# %% features
torch.set_printoptions(precision=1, sci_mode=True, threshold=2)

def make_features(x, degree=4):
    return torch.stack([x ** (k + 1) for k in range(degree)], -1)
