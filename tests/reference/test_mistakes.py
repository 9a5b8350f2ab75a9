import numpy as np
import pytest

import reference as ref


def course():
    return ref.course_data()


def test_the_mean_for_the_sum_divides_the_strength_by_the_rows():
    X, y = course()
    assert np.array_equal(ref.mistaken_fit("mean_for_sum", X, y, 1.0).w, ref.fit_l2(X, y, 1e-3).w)


def test_the_inverse_strength_is_no_mistake_at_one():
    assert ref.visibility("inverse_strength", *course(), 1.0) == 0.0


def test_a_missing_penalty_gives_larger_weights():
    X, y = course()
    assert np.linalg.norm(ref.mistaken_fit("no_penalty", X, y).w) > np.linalg.norm(ref.fit_l2(X, y).w)


def test_a_missing_penalty_hardly_shows_on_the_course_data():
    assert not ref.sees("no_penalty", *course())


def test_a_penalised_intercept_shows_far_from_the_origin():
    X, y = course()
    assert ref.sees("penalised_intercept", X + 20.0, y)


@pytest.mark.parametrize("mistake", ref.MISTAKES)
def test_every_mistake_shows_somewhere(mistake):
    data = ref.draw_dataset(np.random.default_rng(1), n=30, d=2, C=0.1, distance=15.0, must_see=(mistake,))
    assert ref.visibility(mistake, data.X, data.y, data.C) >= 0.05
