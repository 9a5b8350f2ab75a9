# /// case
# about = "an empty tensor like x, each column the last one times x"
# ///
# %% features
def make_features(x, degree=4):
    out = x.new_empty(len(x), degree)
    column = torch.ones_like(x)
    for k in range(degree):
        column = column * x
        out[:, k] = column
    return out
