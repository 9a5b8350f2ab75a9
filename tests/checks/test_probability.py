import numpy as np
import pytest
import torch

from autograder import checks


@pytest.mark.parametrize("shape", [(4,), (4, 1)])
def test_probabilities_come_as_a_row_or_a_column(shape):
    assert checks.probabilities(torch.full(shape, 0.5), "p", 4).shape == (4,)


@pytest.mark.parametrize(
    "value",
    [
        None,
        np.full(4, 0.5),
        torch.full((1, 4), 0.5),
        torch.tensor(0.5),
        torch.full((4,), 1.5),
        torch.full((4,), -0.1),
        torch.ones(4, dtype=torch.int64),
        torch.full((4,), float("nan")),
        [0.5] * 4,
    ],
)
def test_what_is_no_probability_is_refused(value):
    with pytest.raises(checks.CheckFailed):
        checks.probabilities(value, "p", 4)


def test_only_a_module_is_a_module():
    checks.is_module(torch.nn.Linear(1, 1), "the model")
    with pytest.raises(checks.CheckFailed):
        checks.is_module(lambda x: x, "the model")


def test_the_cross_entropy_of_one_half_is_log_2():
    assert checks.mean_cross_entropy(np.full(4, 0.5), np.array([0, 1, 1, 0])) == pytest.approx(np.log(2))


def test_a_certain_and_wrong_probability_costs_much_but_is_finite():
    assert 16 < checks.mean_cross_entropy(np.array([0.0]), np.array([1.0])) < 17


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


@pytest.fixture
def points():
    return np.random.default_rng(1).normal(size=(100, 2))


def test_a_linear_model_has_linear_log_odds(points):
    def model(x):
        return np.float32(sigmoid(x @ [1.0, -2.0] + 0.5)).astype(float)

    line = checks.linear_log_odds(model, points, np.random.default_rng(2), "the model")
    assert line.w == pytest.approx([1.0, -2.0], abs=1e-4)
    assert line.b == pytest.approx(0.5, abs=1e-4)


@pytest.mark.parametrize(
    "log_odds",
    [
        lambda x: x[:, 0] + 0.05 * x[:, 1] ** 2,
        lambda x: np.tanh(x[:, 0]),
        lambda x: 50.0 * np.sign(x[:, 0]),
    ],
)
def test_a_bent_model_is_refused(points, log_odds):
    with pytest.raises(checks.CheckFailed):
        checks.linear_log_odds(lambda x: sigmoid(log_odds(x)), points, np.random.default_rng(2), "the model")
