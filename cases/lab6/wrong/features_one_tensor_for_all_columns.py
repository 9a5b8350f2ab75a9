# /// case
# about = "multiplies in place, so that every column is the same tensor"
# expect = { test_features = "zero" }
# rest = "any"
# ///
# %% features
def make_features(x, degree=4):
    power = torch.ones_like(x)
    columns = []
    for _ in range(degree):
        power *= x
        columns.append(power)
    return torch.stack(columns, dim=1)
