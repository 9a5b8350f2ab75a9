"""A test in parts, by itself; across the wall: tests/test_marking.py."""

import pytest

from autograder import checks


def test_the_parts_that_pass_add_up():
    parts = checks.Parts()
    with parts.worth(1):
        assert 1 == 1
    with parts.worth(2, "the second"):
        raise AssertionError("no")
    with parts.worth(0.5):
        pass
    assert parts.points == 1.5
    ((what, error),) = parts.points.failures
    assert what == "the second" and str(error) == "no"


def test_nbgrader_reads_the_points_as_partial_credit():
    from nbgrader.utils import get_partial_grade

    parts = checks.Parts()
    with parts.worth(1.5):
        pass

    class Output:
        data = {"text/plain": repr(parts.points)}  # noqa: RUF012

    assert get_partial_grade({"data": Output.data}, 4) == 1.5


def test_memory_and_interrupts_end_the_whole_test():
    for error in (MemoryError(), KeyboardInterrupt()):
        with pytest.raises(type(error)), checks.Parts().worth(1):
            raise error


def test_points_are_no_debts():
    with pytest.raises(ValueError, match="not negative"), checks.Parts().worth(-1):
        pass
    with pytest.raises(ValueError, match="not negative"), checks.Parts().worth(float("nan")):
        pass
