# /// case
# about = "stopped when the gradient is small, a thousandth above the optimum"
# ///
# %% classifier
def fit_torch_logistic(X, y, seed=0):
    torch.manual_seed(seed)
    layer = torch.nn.Linear(X.shape[1], 1)
    optimizer = torch.optim.Adam(layer.parameters(), lr=0.1)
    for _ in range(1000):
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(layer(X).squeeze(-1), y)
        loss.backward()
        if max(p.grad.abs().max().item() for p in layer.parameters()) < 2e-3:
            break
        optimizer.step()
    return torch.nn.Sequential(layer, torch.nn.Sigmoid())
