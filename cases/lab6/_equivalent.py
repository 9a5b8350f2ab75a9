"""Mutants of the solution of lab6 that compute the same, within what the tests tolerate.

One function a cell: how far apart the two lie on random data, in units of the tolerance.
"""

import numpy as np
import torch
import torch.nn.functional as F

_BOTH = "both sides of the comparison give the same value there"
_START = "the loss is convex: another start ends at the same minimum"
_SOLVER = "LBFGS is at the minimum long before: the loss is the same"

EQUIVALENT = {
    "sigmoid/drop-argument@3": "w and b are floats by default, so the sum is one whatever x is",
    "sigmoid/other-comparison@5.1": f"z is 0: {_BOTH}",
    "vector_form/transpose@8.2": "a vector is its own transpose",
    "fit/off-by-one@4.2": "coef_ has one row",
    "fit/off-by-one@4.4": "intercept_ has one element",
    "probability_map/drop-call@3": "the weights are a vector already",
    "probability_map/drop-call@4.2": "the intercept is a number already",
    "describe/drop-call@3.2": "a tensor of one number is formatted like the number",
    "step/swap-arguments@4": "the loss is symmetric",
    "train/swap-arguments@7": "the loss is symmetric",
    "classifier/off-by-one@1.1": _START,
    "classifier/off-by-one@1.2": _START,
    "classifier/drop-call@3.2": "the global generator, seeded alike, draws the same numbers",
    "classifier/other-arithmetic@6": _START,
    "classifier/drop-term@6.1": _START,
    "classifier/drop-term@6.2": _START,
    "classifier/constant@6.1": _START,
    "classifier/constant@6.2": _START,
    "classifier/similar-name@6": _START,
    "classifier/delete-statement@8": "on the CPU nothing moves; the tests on a GPU notice",
    "classifier/drop-call@8": "on the CPU nothing moves; the tests on a GPU notice",
    "classifier/drop-argument@9.1": _SOLVER,
    "classifier/drop-argument@9.2": _SOLVER,
    "classifier/off-by-one@9.1": _SOLVER,
    "classifier/off-by-one@9.2": _SOLVER,
    "classifier/sum-for-mean@13": "the minimum of the sum is the minimum of the mean",
}


def sigmoid(right, mutant, rng):
    x = rng.normal(size=50) * 10.0 ** rng.integers(-3, 4)
    x[:5] = 0.0, 1.0, -1.0, 800.0, -800.0
    if rng.random() < 0.3:
        x = x.astype(int)
    w, b = rng.normal(size=2)
    return np.abs(right.sigmoid(x, w, b) - mutant.sigmoid(x, w, b)) / 1e-6


def vector_form(right, mutant, rng):
    X1, theta = right.add_bias_column(rng.normal(size=(50, 3))), rng.normal(size=4)
    return np.abs(right.sigmoid_vector(X1, theta) - mutant.sigmoid_vector(X1, theta)) / 1e-6


def fit(right, mutant, rng):
    X, y = _overlapping(rng)
    C = 10 ** rng.uniform(-2, 2)
    return np.abs(_probabilities(X, *right.fit_logistic(X, y, C)) - _probabilities(X, *mutant.fit_logistic(X, y, C))) / 0.01


def probability_map(right, mutant, rng):
    return np.abs(right.prob - mutant.prob) / 0.02


def describe(right, mutant, rng):
    W = torch.tensor(rng.normal(size=(rng.integers(1, 8), 1)) * 10, requires_grad=bool(rng.random() < 0.5))
    b = torch.tensor(rng.normal(size=1))
    return 0.0 if right.poly_desc(W, b) == mutant.poly_desc(W, b) else np.inf


def step(right, mutant, rng):
    x, y = _batch(rng)
    one, other = _twins(rng)
    losses = right.training_step(one, x, y), mutant.training_step(other, x, y)
    return np.r_[abs(losses[0] - losses[1]) / 2e-6, np.abs(_numbers(one) - _numbers(other)) / 2e-6]


def train(right, mutant, rng):
    batches = [_batch(rng) for _ in range(20)]
    one, other = _twins(rng)
    losses, mutant_losses = (
        np.array(each.train(model, lambda source=iter(batches): next(source), max_steps=20))
        for each, model in ((right, one), (mutant, other))
    )
    if len(losses) != len(mutant_losses):
        return np.inf
    return np.abs(losses - mutant_losses) / (1e-3 * losses + 1e-9)


def classifier(right, mutant, rng):
    X, y = (torch.tensor(each, dtype=torch.float32) for each in _overlapping(rng, rows=200))
    with torch.random.fork_rng():
        models = right.fit_torch_logistic(X, y), mutant.fit_torch_logistic(X, y)
    with torch.no_grad():
        one, other = (F.binary_cross_entropy(model(X)[:, 0], y, reduction="none") for model in models)
    return (one - other).abs().numpy() / 0.01


def _overlapping(rng, rows=60):
    y = (rng.random(rows) < rng.uniform(0.3, 0.7)).astype(float)
    y[:4] = 0, 0, 1, 1
    X = rng.normal(size=(rows, 2)) + y[:, None] * rng.uniform(0, 1, size=2)
    X[1], X[3] = X[2], X[0]  # no plane separates these
    return X, y


def _probabilities(X, w, b):
    return 1 / (1 + np.exp(-(X @ w + b)))


def _batch(rng):
    x = torch.tensor(rng.normal(size=(16, 4)), dtype=torch.float32)
    return x, torch.tensor(rng.normal(size=(16, 1)) * 2, dtype=torch.float32)


def _twins(rng):
    models = torch.nn.Linear(4, 1), torch.nn.Linear(4, 1)
    state = {name: torch.tensor(rng.normal(size=p.shape), dtype=p.dtype) for name, p in models[0].state_dict().items()}
    for model in models:
        model.load_state_dict(state)
    return models


def _numbers(model):
    return np.concatenate([p.detach().numpy().ravel() for p in model.parameters()])
