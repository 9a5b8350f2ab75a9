"""Item analysis, against formulas written out and against libraries."""

import numpy as np
import pytest

from autograder.reporting.items import analyse, correlation, is_below_zero, spread


@pytest.fixture
def scores():
    chance = np.random.default_rng(3)
    can = chance.normal(size=60)
    return (can[:, None] + chance.normal(size=(60, 5)) > [-1, -0.5, 0, 0.5, 1]).astype(float) * [
        1,
        2,
        3,
        2,
        1,
    ]


def test_discrimination_is_the_correlation_with_the_rest(scores):
    found = analyse(scores, [1, 2, 3, 2, 1])
    for column, value in enumerate(found.discrimination):
        rest = np.delete(scores, column, axis=1).sum(axis=1)
        assert value == pytest.approx(np.corrcoef(scores[:, column], rest)[0, 1])


def test_alpha_is_cronbach_s(scores):
    """By covariances: k / (k - 1) * (1 - trace / sum)."""
    matrix = np.cov(scores.T)
    assert analyse(scores, [1, 2, 3, 2, 1]).alpha == pytest.approx(
        5 / 4 * (1 - matrix.trace() / matrix.sum())
    )


def test_the_same_test_twice_has_alpha_one():
    one = np.arange(20.0)[:, None]
    assert analyse(np.hstack([one, one]), [19, 19]).alpha == pytest.approx(1)


def test_a_student_without_a_mark_from_every_test_is_left_out(scores):
    with_fault = scores.copy()
    with_fault[7, 2] = np.nan
    most = [1, 2, 3, 2, 1]
    found, without = analyse(with_fault, most), analyse(np.delete(scores, 7, axis=0), most)
    assert found == without and found.students == 59


def test_few_students_and_tests_that_are_the_same_for_all_have_no_discrimination(scores):
    assert set(analyse(scores[:9], [1, 2, 3, 2, 1]).discrimination) == {None}
    assert correlation(np.ones(50), np.arange(50.0)) is None
    assert analyse(np.ones((50, 3)), [1, 1, 1]).alpha is None
    assert analyse(np.empty((0, 0)), []).discrimination == ()


def test_who_loses_points_in_one_test_alone_is_counted_for_it():
    found = analyse(np.array([[1, 1, 0], [1, 1, 0], [1, 0, 0], [1, 1, 1], [0.5, 1, 1]]), [1, 1, 1])
    assert (found.alone, found.failed) == ((1, 0, 2), (1, 1, 3))


def test_spread_is_numpy_s():
    values = [3.0, 1.0, 2.0, 10.0]
    found = spread(values)
    assert (found.least, found.median, found.most, found.mean) == (1, 2.5, 10, 4)
    assert found.quartile_3 == np.quantile(values, 0.75) and found.deviation == np.std(values, ddof=1)
    assert spread([]) is None and spread([2.0]).deviation == 0


def test_a_discrimination_is_below_zero_where_chance_does_not_explain_it():
    assert is_below_zero(-0.3, 60) and is_below_zero(-1.0, 10)
    assert not is_below_zero(-0.1, 60) and not is_below_zero(1.0, 60)
