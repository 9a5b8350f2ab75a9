# /// case
# about = "every tensor of part B is made on the device of its inputs, CUDA too"
# ///
# %% features
def make_features(x, degree=4):
    powers = torch.arange(1, degree + 1, device=x.device, dtype=x.dtype)
    return x.unsqueeze(1) ** powers

# %% step
def training_step(model, x, y, lr=0.1):
    for p in model.parameters():
        p.grad = None
    zero = torch.zeros((), dtype=y.dtype, device=y.device)
    loss = F.smooth_l1_loss(model(x) - y, zero.expand_as(y))
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            if p.grad is not None:
                p -= torch.tensor(lr, device=p.device) * p.grad
    return loss.item()

# %% train
def train(model, get_batch, lr=0.1, tol=1e-3, max_steps=10_000):
    device = next(model.parameters()).device
    losses = []
    for _ in range(max_steps):
        x, y = get_batch()
        losses.append(training_step(model, x.to(device), y.to(device), lr))
        if losses[-1] < tol:
            break
    return losses

# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    rows = torch.randperm(len(X), generator=generator)[:batch_size].to(X.device)
    return X[rows], y[rows]

# %% classifier
def fit_torch_logistic(X, y, seed=0):
    torch.manual_seed(seed)
    device = X.device
    layer = torch.nn.Linear(X.shape[1], 1).to(device)
    optimizer = torch.optim.LBFGS(layer.parameters(), max_iter=200, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(layer(X).squeeze(1), y.to(device))
        loss.backward()
        return loss

    optimizer.step(closure)
    return torch.nn.Sequential(layer, torch.nn.Sigmoid())
