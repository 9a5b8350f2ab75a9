import numpy as np
import pytest
import sklearn.metrics
from sklearn.preprocessing import StandardScaler

from reference import classification as ref


@pytest.mark.parametrize("n", [5, 9, 35, 1797])
def test_sizes_are_rounded_down_but_the_last(n):
    train, validation, test = ref.part_sizes(n)
    assert (train, validation) == (int(0.6 * n), int(0.2 * n))
    assert train + validation + test == n


def test_standardising_is_scikit_learn_s():
    rng = np.random.default_rng(1)
    train, other = rng.normal(3, 2, size=(30, 4)), rng.normal(size=(7, 4))
    train[:, 2] = 7
    scaler = StandardScaler().fit(train)
    for found, rows in zip(ref.standardise(train, other), (train, other), strict=True):
        np.testing.assert_allclose(found, scaler.transform(rows), atol=1e-12)


def test_rows_of_ones_and_zeros():
    assert ref.one_hot([2, 0], 4).tolist() == [[0, 0, 1, 0], [1, 0, 0, 0]]


def test_the_confusion_matrix_is_scikit_learn_s():
    rng = np.random.default_rng(2)
    true, predicted = rng.integers(0, 5, size=(2, 60))
    expected = sklearn.metrics.confusion_matrix(true, predicted, labels=range(6))
    np.testing.assert_array_equal(ref.confusion_matrix(true, predicted, 6), expected)
