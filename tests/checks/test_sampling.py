import numpy as np
import pytest
import torch

from autograder import checks

N = 40
SIZES = [10] * 40 + [20] * 34


def draws(sampler, seed):
    rng = np.random.default_rng(seed)
    return [np.asarray(sampler(rng, size)) for size in SIZES]


def epochs():
    left = []

    def sampler(rng, size):
        nonlocal left
        if len(left) < size:
            left = rng.permutation(N).tolist()
        batch, left = left[:size], left[size:]
        return batch

    return sampler


FAIR = {
    "with replacement": lambda rng, size: rng.integers(N, size=size),
    "without replacement": lambda rng, size: rng.permutation(N)[:size],
}
LINEAR = np.arange(N) / np.arange(N).sum()
UNFAIR = {
    "row numbers as weights": lambda rng, size: rng.choice(N, size=size, p=LINEAR),
    "never row 0": lambda rng, size: rng.integers(1, N, size=size),
    "never the last row": lambda rng, size: rng.integers(N - 1, size=size),
    "first half only": lambda rng, size: rng.integers(N // 2, size=size),
    "blocks of neighbours": lambda rng, size: (rng.integers(N) + np.arange(size)) % N,
    "always the same": lambda rng, size: np.arange(size),
    "always the same permutation": lambda rng, size: np.random.default_rng(0).permutation(N)[:size],
    "a row repeated": lambda rng, size: np.full(size, rng.integers(N)),
    "fixed groups": lambda rng, size: rng.integers(N // 10) * 10 + np.arange(size) % 10,
}


@pytest.mark.parametrize("kind", FAIR)
def test_a_fair_sampler_passes_every_time(kind):
    for seed in range(300):
        checks.fair_sampling(draws(FAIR[kind], seed), N, "the sampler")


@pytest.mark.parametrize("kind", UNFAIR)
def test_an_unfair_sampler_is_refused_every_time(kind):
    for seed in range(30):
        with pytest.raises(checks.CheckFailed):
            checks.fair_sampling(draws(UNFAIR[kind], seed), N, "the sampler")


def test_going_through_epochs_is_not_drawing_afresh():
    for seed in range(30):
        with pytest.raises(checks.CheckFailed, match="afresh"):
            checks.fair_sampling(draws(epochs(), seed), N, "the sampler")


ENDS = {
    "rounded": lambda rng, size: np.rint(rng.random(size) * (N - 1)).astype(int),
    "clipped": lambda rng, size: rng.integers(-1, N + 1, size=size).clip(0, N - 1),
}


@pytest.mark.parametrize("kind", ENDS)
def test_ends_with_another_share_are_refused(kind):
    for seed in range(30):
        rng = np.random.default_rng(seed)
        with pytest.raises(checks.CheckFailed, match="first and the last"):
            checks.fair_ends([ENDS[kind](rng, N) for _ in range(180)], N, "the sampler")


@pytest.mark.parametrize("kind", FAIR)
@pytest.mark.parametrize("size", [10, N])
def test_fair_ends_pass_every_time(kind, size):
    for seed in range(100):
        rng = np.random.default_rng(seed)
        checks.fair_ends([FAIR[kind](rng, size) for _ in range(180)], N, "the sampler")


def test_ends_that_never_come_are_refused():
    with pytest.raises(checks.CheckFailed, match="too seldom"):
        checks.fair_ends([np.arange(1, N - 1)] * 180, N, "the sampler")


def one_of_each_pair(rng, size):
    return 2 * rng.permutation(N // 2)[:size] + rng.integers(2, size=size)


def one_of_each_part(rng, size):
    return ((np.arange(size) + rng.random(size)) * N / size).astype(int)


@pytest.mark.parametrize("sampler", [one_of_each_pair, one_of_each_part])
def test_neighbours_that_never_meet_are_refused(sampler):
    for seed in range(30):
        rng = np.random.default_rng(seed)
        with pytest.raises(checks.CheckFailed, match="never come in one batch"):
            checks.fair_company([sampler(rng, N // 2) for _ in range(80)], N, "the sampler")


@pytest.mark.parametrize("kind", FAIR)
def test_fair_company_passes_every_time(kind):
    for seed in range(300):
        rng = np.random.default_rng(seed)
        checks.fair_company([FAIR[kind](rng, N // 2) for _ in range(80)], N, "the sampler")


def test_too_few_draws_are_the_testers_fault():
    with pytest.raises(ValueError, match="too few"):
        checks.fair_sampling([np.arange(10)] * 5, N, "the sampler")
    with pytest.raises(ValueError, match="too few"):
        checks.fair_sampling([np.arange(5)] * 40, N, "the sampler")
    with pytest.raises(ValueError, match="too few"):
        checks.fair_company([np.arange(20)] * 40, N, "the sampler")
    with pytest.raises(ValueError, match="too few"):
        checks.fair_company([np.arange(30)] * 200, N, "the sampler")


@pytest.fixture
def table():
    return torch.arange(12.0).reshape(6, 2), torch.tensor([0.0, 1, 0, 1, 1, 0])


def test_rows_are_recognised(table):
    X, y = table
    rows = torch.tensor([5, 0, 5])
    assert checks.sampled_rows([X[rows], y[rows]], X, y, 3, "the batch").tolist() == [5, 0, 5]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda X, y: (X[:3], y[3:]),
        lambda X, y: (X[:3] + 0.5, y[:3]),
        lambda X, y: (X[:2], y[:2]),
        lambda X, y: (X[:3], y[:3, None]),
        lambda X, y: (X[:3].double(), y[:3]),
        lambda X, y: (X[:3].numpy(), y[:3].numpy()),
        lambda X, y: X[:3],
        lambda X, y: (X[:3], y[:3], 1),
        lambda X, y: (X[:1].expand(3, 2).clone() * float("nan"), y[:3]),
    ],
)
def test_a_spoiled_batch_is_refused(table, spoil):
    with pytest.raises(checks.CheckFailed):
        checks.sampled_rows(spoil(*table), *table, 3, "the batch")


def test_labels_may_be_whole_numbers_if_those_of_the_table_are(table):
    X, y = table[0], table[1].long()
    assert checks.sampled_rows((X[2:4], y[2:4]), X, y, 2, "the batch").tolist() == [2, 3]
    with pytest.raises(checks.CheckFailed, match=r"should have dtype torch\.int64"):
        checks.sampled_rows((X[2:4], y[2:4].float()), X, y, 2, "the batch")


def test_draws_are_told_apart():
    one, two = np.array([1, 2]), np.array([2, 1])
    checks.same_rows(one, one.copy(), "no")
    checks.different_rows(one, two, "no")
    with pytest.raises(checks.CheckFailed):
        checks.same_rows(one, two, "no")
    with pytest.raises(checks.CheckFailed):
        checks.different_rows(one, one, "no")
