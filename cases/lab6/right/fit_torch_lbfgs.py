# /// case
# about = "torch's LBFGS in double precision, (1, d) weights"
# ///
# %% fit
import torch

def fit_logistic(X, y, C=1.0):
    data = torch.tensor(np.asarray(X), dtype=torch.float64)
    label = torch.tensor(np.asarray(y), dtype=torch.float64)
    centre = data.mean(0)
    layer = torch.nn.Linear(data.shape[1], 1, dtype=torch.float64)
    torch.nn.init.zeros_(layer.weight)
    torch.nn.init.zeros_(layer.bias)
    optimizer = torch.optim.LBFGS(layer.parameters(), max_iter=300, tolerance_grad=1e-9, tolerance_change=1e-14,
                                  line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        logits = layer(data - centre)[:, 0]
        cost = torch.nn.functional.binary_cross_entropy_with_logits(logits, label, reduction="sum")
        objective = 0.5 * (layer.weight**2).sum() + C * cost
        objective.backward()
        return objective

    optimizer.step(closure)
    w = layer.weight.detach()
    b = layer.bias.detach() - w @ centre
    return w.numpy(), b.numpy()
