# /// case
# about = "a BatchNorm layer in eval mode is an affine map"
# ///
# %% classifier
def fit_torch_logistic(X, y, seed=0):
    torch.manual_seed(seed)
    nn = torch.nn
    model = nn.Sequential(nn.BatchNorm1d(X.shape[1], momentum=None, affine=False), nn.Linear(X.shape[1], 1), nn.Sigmoid())
    opt = torch.optim.Rprop(model.parameters(), lr=0.1)
    for _ in range(150):
        opt.zero_grad()
        F.binary_cross_entropy(model(X), y.unsqueeze(1)).backward()
        opt.step()
    return model.eval()
