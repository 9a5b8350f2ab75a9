import numpy as np
import pytest

from autograder import checks
from autograder.checks import CheckFailed

RIGHT = {"w": 5.0, "b": 1.0}


def close(value: object, **options) -> None:
    checks.close_parameters(value, RIGHT, "the curve", atol=0.05, **options)


@pytest.mark.parametrize("value", [(5, 1), [5.04, 0.96], np.array([5.0, 1.0]), (np.float32(5), 1)])
def test_both_numbers_within_the_tolerance_pass(value):
    close(value)


@pytest.mark.parametrize(
    "value, words",
    [
        ((5.1, 1.0), "w of the curve: near, but not within 0.05"),
        ((5.0, 0.2), "b of the curve: the value is wrong"),
        ((5.0,), "The curve should be a pair (w, b), but it has 1 items"),
        ("51", "should be a pair"),
        (("5", 1), "w of the curve should be one number"),
        ((5.0, float("nan")), "b of the curve is NaN"),
        ((True, 1), "should be one number"),
    ],
)
def test_anything_else_is_told_apart(value, words):
    with pytest.raises(CheckFailed) as failed:
        close(value)
    assert words in str(failed.value)


def test_the_message_gives_no_answer_away():
    with pytest.raises(CheckFailed) as failed:
        close((5.2, 1.0))
    said = str(failed.value).replace("0.05", "")
    assert not any(character.isdigit() for character in said)


def test_a_likely_mistake_is_named():
    with pytest.raises(CheckFailed, match="Likely cause: w and b are swapped"):
        close((1.0, 5.0), mistakes={"w and b are swapped": {"w": 1.0, "b": 5.0}})


def test_other_parameters_of_the_same_curve_are_the_same_curve():
    x = np.linspace(-2, 2, 9)
    checks.same_curve((-1.0, 2.0), (1.0, 2.0), lambda x, a, b: np.abs(a) * x + b, x, "the curve", atol=1e-9)
    with pytest.raises(CheckFailed, match="9 of 9 values are wrong"):
        checks.same_curve((1.0, 2.5), (1.0, 2.0), lambda x, a, b: a * x + b, x, "the curve", atol=1e-9)
