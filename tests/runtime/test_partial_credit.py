"""Points of a test: all, none, or the number that the test cell ends with."""

import pytest

from tests.runtime.toys import hidden, student

ANSWER = "def f(x): return x\nclass Odd(float): pass\ndef odd(): return Odd(2.0)\ndef obj(): return object()"


@pytest.mark.parametrize(
    ("test", "value"),
    [
        ("assert True", None),
        ("0.5", 0.5),
        ("assert f(1) == 1\n2", 2.0),
        ("0", 0.0),
        ("0.5;", None),
        ("x = 0.5", None),
        ("None", None),
        ("True", None),
        ("'0.5'", None),
        ("[0.5]", None),
        ("import numpy as np\nnp.float64(1.5)", 1.5),
        ("import numpy as np\nnp.int32(1)", 1.0),
        ("import numpy as np\nnp.array(1.5)", None),
        ("sum(f(i) == i for i in range(4)) / 8", 0.5),
        ("if True:\n    0.5", None),
        ("1.5 # a comment", 1.5),
        ("print(0.5)", None),
        ("f(2.5)", 2.5),
        ("obj()", None),
    ],
)
def test_the_last_value_of_a_test_cell_is_its_points_if_it_is_a_number(toys, test, value):
    ran = toys.run(student(ANSWER), hidden(test))
    assert ran.outcome == "passed"
    assert ran.test().value == value


@pytest.mark.parametrize("value", ["float('nan')", "float('inf')", "-1", "-0.5", "1e999"])
def test_points_that_are_no_number_are_none(toys, value):
    ran = toys.run(student(ANSWER), hidden(value))
    assert ran.outcome == "error"
    assert ran.test().value == 0.0


def test_a_failed_test_has_no_points_whatever_it_ends_with(toys):
    ran = toys.run(student(ANSWER), hidden("assert f(1) == 2\n1"))
    assert (ran.outcome, ran.test().value) == ("failed", 0.0)


def test_a_number_of_a_students_own_class_is_the_plain_number_that_it_holds(toys):
    """Data only: a float that shows itself as another one is worth what it holds."""
    ran = toys.run(student(ANSWER), hidden("odd()"))
    assert ran.test().value == 2.0


def test_what_a_student_prints_is_no_credit(toys):
    ran = toys.run(student("def f():\n    print(100)\n    return None"), hidden("f()"))
    assert ran.test().value is None


def test_a_displayhook_of_the_students_changes_no_credit(toys):
    answer = (
        "import sys\nsys.displayhook = lambda v: print(100)\n"
        "get_ipython().displayhook = sys.displayhook\ndef f(): return 1"
    )
    assert toys.run(student(answer), hidden("0.5"), names="f").test().value == 0.5
