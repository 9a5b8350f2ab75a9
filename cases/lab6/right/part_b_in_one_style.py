# /// case
# about = "every question of part B in one student's hand, building on each other"
# ///
# %% features
def make_features(x, degree=4):
    columns = [x]
    while len(columns) < degree:
        columns.append(columns[-1] * x)
    return torch.stack(columns, 1)

# %% describe
def poly_desc(W, b):
    numbers = [*W.flatten().tolist(), b.item()]
    names = [f"x^{k}" for k in range(1, len(numbers))] + [""]
    return "y = " + " ".join(f"{number:+.2f} {name}".strip() for number, name in zip(numbers, names))

# %% step
def training_step(model, x, y, lr=0.1):
    loss = F.smooth_l1_loss(model(x), y)
    model.zero_grad()
    loss.backward()
    for p in model.parameters():
        if p.grad is not None:
            p.data.sub_(lr * p.grad)
    return loss.item()

# %% train
def train(model, get_batch, lr=0.1, tol=1e-3, max_steps=10_000):
    losses = []
    for _ in range(max_steps):
        losses.append(training_step(model, *get_batch(), lr=lr))
        if losses[-1] < tol:
            break
    return losses

# %% sampler
def sample_batch(X, y, batch_size=32, generator=None):
    index = torch.randperm(X.size(0), generator=generator)[:batch_size]
    return X[index], y[index]

# %% classifier
def fit_torch_logistic(X, y, seed=0):
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    layer = torch.nn.Linear(X.shape[1], 1)
    for step in range(1000):
        rows, labels = sample_batch(X, y, 128, generator)
        loss = F.binary_cross_entropy_with_logits(layer(rows)[:, 0], labels)
        layer.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in layer.parameters():
                p -= 1.0 / (1 + step / 100) * p.grad
    return torch.nn.Sequential(layer, torch.nn.Sigmoid())

# %% answer_training
# It stops because one batch happened to have a small loss;
# the error on new points is larger.
