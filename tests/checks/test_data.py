import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from autograder import checks


class Sly:
    """Agrees with everything."""

    __class__ = float  # type: ignore[assignment]

    def __eq__(self, other):
        return True

    def __float__(self):
        return 0.5

    def __array__(self, *args, **kwargs):
        return np.zeros(3)

    def __repr__(self):
        return "Sly()"  # names its tests: the same in every worker


def test_torch_is_loaded_by_what_needs_it_alone():
    code = "import sys\nfrom autograder import checks\nchecks.close([0.5], [0.5], 'x', atol=0)\n"
    code += "checks.same_again(lambda: checks.rng('a').random(3), 'again')\n"
    code += "assert 'torch' not in sys.modules\n"
    code += "generator = checks.torch_rng('a')\nassert 'torch' in sys.modules\n"
    code += "import torch\nchecks.number(torch.rand((), generator=generator), 'x')"
    subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=True)


@pytest.mark.parametrize("value", [2, 2.0, np.float32(2), np.int8(2), np.array(2.0), torch.tensor(2)])
def test_a_number_of_any_kind_is_one_number(value):
    assert checks.number(value, "w") == 2.0


@pytest.mark.parametrize(
    "value", [None, "2", True, np.True_, 1j, [2.0], np.array([2.0]), Sly(), float("nan")]
)
def test_what_is_no_number_is_refused(value):
    with pytest.raises(checks.CheckFailed):
        checks.number(value, "w")


@pytest.mark.parametrize("value", [np.array(3.0), np.array([3.0]), np.array([[3]]), torch.ones(1) * 3])
def test_a_single_number_may_be_an_array_of_one_element(value):
    assert checks.single_number(value, "b") == 3.0


def test_an_array_of_two_is_no_single_number():
    with pytest.raises(checks.CheckFailed, match=r"shape \(2,\)"):
        checks.single_number(np.zeros(2), "b")


@pytest.mark.parametrize("value", [1, torch.tensor(1.0), np.array(1.0), np.int64(1)])
def test_a_float_number_is_a_python_or_numpy_float_only(value):
    with pytest.raises(checks.CheckFailed):
        checks.float_number(value, "the loss")
    assert checks.float_number(np.float32(1), "the loss") == checks.float_number(1.0, "the loss") == 1.0


@pytest.mark.parametrize("value", [[[1, 2], [3, 4]], ((1, 2), (3, 4)), np.array([[1, 2], [3, 4]])])
def test_nested_lists_and_arrays_keep_shape_and_values(value):
    assert checks.array(value, "X").tolist() == [[1, 2], [3, 4]]


def test_a_tensor_is_detached():
    assert checks.array(torch.ones(2, requires_grad=True), "p").tolist() == [1, 1]


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        "abc",
        [[1, 2], [3]],
        ["1"],
        np.array([None]),
        np.array([True]),
        np.array([1j]),
        [Sly()],
        Sly(),
    ],
)
def test_what_is_no_array_of_reals_is_refused(value):
    with pytest.raises(checks.CheckFailed):
        checks.array(value, "X")


def test_a_wrong_shape_is_refused_before_it_could_broadcast():
    with pytest.raises(checks.CheckFailed, match="one axis too many"):
        checks.array(np.zeros((60_000, 1)), "p", shape=(60_000,))


def test_a_transposed_array_is_recognised():
    with pytest.raises(checks.CheckFailed, match="transposed"):
        checks.array(np.zeros((2, 3)), "X", shape=(3, 2))


def test_nan_is_named():
    with pytest.raises(checks.CheckFailed, match="NaN"):
        checks.array([0.0, float("nan")], "X")


def test_a_deeply_nested_list_is_refused():
    deep = []
    for _ in range(50):
        deep = [deep]
    with pytest.raises(checks.CheckFailed, match="nested"):
        checks.array(deep, "X")


def test_a_huge_integer_is_infinite():
    assert checks.number(10**400, "w") == float("inf")


def test_a_numpy_array_is_not_a_list():
    with pytest.raises(checks.CheckFailed, match="NumPy array"):
        checks.numpy_array([1.0], "w")


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"shape": (3,)}, "shape"),
        ({"dtype": torch.float64}, "dtype"),
        ({"device": torch.device("meta")}, "device"),
    ],
)
def test_a_tensor_has_the_shape_dtype_and_device_asked_for(wrong, word):
    with pytest.raises(checks.CheckFailed, match=word):
        checks.tensor(torch.zeros(2), "x", **wrong)


def test_an_array_is_no_tensor():
    with pytest.raises(checks.CheckFailed, match="tensor"):
        checks.tensor(np.zeros(2), "x")


@pytest.mark.parametrize("value", [(1, 2), [1, 2]])
def test_a_pair_is_a_tuple_or_a_list_of_two(value):
    assert checks.pair(value, "p", "(a, b)") == (1, 2)


def test_a_pair_may_be_an_array_when_allowed():
    assert checks.pair(np.array([1, 2]), "p", "(a, b)", arrays=True) == (1, 2)
    with pytest.raises(checks.CheckFailed):
        checks.pair(np.array([1, 2]), "p", "(a, b)")


@pytest.mark.parametrize("value", [(1, 2, 3), [1, 2, 3]])
def test_three_are_a_tuple_or_a_list(value):
    assert checks.triple(value, "p", "parts (a, b, c)") == (1, 2, 3)


@pytest.mark.parametrize("value", [(1, 2), (1, 2, 3, 4), None, "abc", np.array([1, 2, 3])])
def test_what_is_not_three_is_refused(value):
    with pytest.raises(checks.CheckFailed, match=r"p should be three parts \(a, b, c\)"):
        checks.triple(value, "p", "parts (a, b, c)")


@pytest.mark.parametrize("value", [(1,), (1, 2, 3), None, "ab", {1: 2, 3: 4}])
def test_what_is_no_pair_is_refused(value):
    with pytest.raises(checks.CheckFailed):
        checks.pair(value, "p", "(a, b)")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "None"),
        (np.zeros((3, 1)), r"an array of shape \(3, 1\) and dtype float64"),
        (torch.zeros(2), r"a tensor of shape \(2,\) and dtype float32"),
        ([1, 2], "a list of length 2"),
        (1.5, r"a number \(float\)"),
        (len, "builtin_function"),
    ],
)
def test_a_value_is_described_by_kind_and_shape(value, words):
    import re

    assert re.search(words, checks.describe(value))
