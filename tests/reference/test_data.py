import numpy as np
import torch

import reference as ref


def test_course_data_are_the_ones_of_the_notebook():
    rs = np.random.RandomState(2020)
    X = np.r_[rs.randn(500, 2), rs.randn(500, 2) + 2]
    y = np.r_[np.zeros(500), np.ones(500)]
    got_X, got_y = ref.course_data()
    assert np.array_equal(got_X, X)
    assert np.array_equal(got_y, y)


def test_course_data_are_fresh_copies():
    X, y = ref.course_data()
    X[:], y[:] = 0, 0
    again_X, again_y = ref.course_data()
    assert again_X.any()
    assert again_y.any()


def test_drawing_leaves_the_global_state_alone():
    np.random.seed(7)
    torch.manual_seed(7)
    expected = np.random.rand(), torch.rand(1).item()
    np.random.seed(7)
    torch.manual_seed(7)
    ref.course_data()
    ref.course_target()
    ref.draw_batch(ref.course_target(), 5, torch.Generator().manual_seed(1))
    ref.draw_unseen(np.random.default_rng(0), d=2)
    assert (np.random.rand(), torch.rand(1).item()) == expected


def test_course_tensors_are_float32():
    X, y = ref.course_tensors()
    assert X.dtype == y.dtype == torch.float32
    assert X.shape == (1000, 2)
    assert y.shape == (1000,)
    assert np.array_equal(X.numpy(), ref.course_data()[0].astype(np.float32))


def test_grid_columns_are_x1_and_rows_are_x2():
    gridx1, gridx2 = ref.course_grid()
    assert gridx1.shape == gridx2.shape == (51, 51)
    assert gridx1[0, 0] == gridx1[50, 0] == -6
    assert gridx1[0, 50] == 6
    assert gridx2[0, 0] == gridx2[0, 50] == -6
    assert gridx2[50, 0] == 6
