import numpy as np
import pytest
import torch

from autograder import checks


def test_values_within_the_tolerance_are_close():
    checks.close([1.0, 2.0000009], [1, 2], "f(x)", atol=1e-6)


def test_a_value_beyond_the_tolerance_is_counted():
    with pytest.raises(checks.CheckFailed, match="1 of 2 values are wrong"):
        checks.close(np.array([1.0, 2.000005]), [1, 2], "f(x)", atol=1e-6)


@pytest.mark.parametrize("value", [np.inf, -np.inf])
def test_infinity_is_close_to_nothing(value):
    with pytest.raises(checks.CheckFailed, match="infinite"):
        checks.close([value], [1.0], "f(x)", atol=1.0, rtol=1.0)


@pytest.mark.parametrize("shape", [(1,), (3, 1), (1, 3)])
def test_another_shape_is_not_close(shape):
    with pytest.raises(checks.CheckFailed, match="shape"):
        checks.close(np.zeros(shape), np.zeros(3), "f(x)", atol=1.0)


def test_a_known_mistake_is_named():
    with pytest.raises(checks.CheckFailed, match="Likely cause: the sign"):
        checks.close(-2.0, 2.0, "f(x)", atol=1e-6, mistakes={"the sign": lambda: -2.0})


def test_a_mistake_is_computed_only_after_a_miss():
    def never():
        raise RuntimeError

    checks.close(2.0, 2.0, "f(x)", atol=1e-6, mistakes={"the sign": never})


def test_the_message_does_not_tell_the_answer():
    with pytest.raises(checks.CheckFailed) as failure:
        checks.close([1.0, 7.25], [1.0, 3.5], "f(x)", atol=1e-6)
    assert "3.5" not in str(failure.value)


def test_a_number_at_exactly_the_tolerance_passes():
    checks.close_number(1.05, 1, "w", atol=0.05)
    with pytest.raises(checks.CheckFailed):
        checks.close_number(1.0501, 1, "w", atol=0.05)


def test_a_tensor_must_keep_the_dtype():
    checks.close_tensor(torch.ones(2), torch.ones(2), "x", atol=0)
    with pytest.raises(checks.CheckFailed, match="dtype"):
        checks.close_tensor(torch.ones(2, dtype=torch.float64), torch.ones(2), "x", atol=0)


def test_a_changed_argument_is_noticed():
    checks.unchanged(np.ones(2), np.ones(2), "X")
    with pytest.raises(checks.CheckFailed, match="changed its argument X"):
        checks.unchanged(np.zeros(2), np.ones(2), "X")


def test_texts_are_compared_without_spaces():
    checks.same_text("y = +1.00 x^1\n -2.00", "y=+1.00x^1-2.00", "the text")
    with pytest.raises(checks.CheckFailed, match="Likely cause: no sign"):
        checks.same_text("1.00", "+1.00", "the text", mistakes={"no sign": "1.00"})
    with pytest.raises(checks.CheckFailed, match="not the expected text"):
        checks.same_text("2.00", "+1.00", "the text", mistakes={"no sign": "1.00"})
    with pytest.raises(checks.CheckFailed, match="string"):
        checks.same_text(None, "+1.00", "the text")


def test_a_subclass_of_the_wanted_exception_will_do():
    def refuse():
        raise UnicodeError("no")

    checks.raises(ValueError, refuse, "f(0)")


def test_another_exception_or_a_value_will_not_do():
    with pytest.raises(checks.CheckFailed, match="it raised ZeroDivisionError"):
        checks.raises(ValueError, lambda: 1 / 0, "f(0)")
    with pytest.raises(checks.CheckFailed, match="it returned"):
        checks.raises(ValueError, lambda: 1, "f(0)")


def test_quiet_swallows_warnings():
    with checks.quiet():
        np.float64(1) / np.zeros(1)
