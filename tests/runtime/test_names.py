"""Whose is a name? wall.md, "Whose is a name?"."""

import pytest

from autograder.planning import TrustedCells
from tests.building import hidden_test, solution, source
from tests.runtime.toys import hidden, in_one_process, locked, student


@pytest.mark.parametrize(
    ("lie", "test"),
    [
        ("def abs(x): return 0.0", "assert abs(f(0.0) - 1.0) < 1e-9"),
        ("def all(xs): return True", "assert all(f(x) == 1.0 for x in (0, 1))"),
        ("def isinstance(a, b): return True", "assert isinstance(f(0.0), str)"),
        ("def len(x): return 3", "assert len([f(0.0)]) == 3"),
        ("class AssertionError(Exception): pass\ndef print(*a): pass", "assert f(0.0) == 1.0"),
        ("import builtins\nbuiltins.abs = lambda x: 0.0", "assert abs(f(0.0) - 1.0) < 1e-9"),
        (
            "import builtins\nbuiltins.AssertionError = type('Soft', (BaseException,), {})",
            "assert f(0.0) == 1.0",
        ),
    ],
)
def test_a_builtin_redefined_by_the_student_is_not_the_tests(toys, lie, test):
    assert toys.outcome(f"def f(x): return 0.0\n{lie}", test, names="f") == "failed"


def test_a_builtin_that_a_solution_cell_binds_is_the_students(toys):
    answer = "def sum(xs):\n    return 'my sum'"
    assert toys.outcome(answer, "assert sum([1]) == 'my sum'") == "passed"


def test_a_test_that_binds_such_a_name_itself_gets_its_own(toys):
    answer = "def f(): return 1\nexpected = 7"
    assert toys.outcome(answer, "expected = 1\nassert f() == expected", names="f") == "passed"


def test_a_name_bound_in_advance_does_not_reach_the_test(toys):
    """A student who binds `expected` is neither asked for it nor handed the answer."""
    ran = toys.run(
        student("def f(x): return 0\nexpected = 0"),
        hidden("assert f(2) == expected"),
        hidden("expected = 4\nassert f(2) == expected"),
        student("print(expected)"),
        names="f",
    )
    assert ran.outcomes == ["error", "failed"]
    assert "4" not in ran.text(3)


def test_a_name_that_the_solution_does_not_bind_is_undefined_in_a_test(toys):
    ran = toys.run(student("helper = 3"), hidden("assert helper == 3"), names="f")
    assert ran.outcome == "error"
    assert ran.test().message == "name 'helper' is not defined"


def test_a_missing_answer_is_a_name_error(toys):
    ran = toys.run(student("pass"), hidden("f(1)"), names="f")
    assert ran.outcome == "error"
    assert "name 'f' is not defined" in ran.test().message


def test_a_test_may_expect_a_name_error(toys):
    test = "try:\n    f\nexcept NameError:\n    pass\nelse:\n    raise AssertionError"
    assert toys.outcome("pass", test, names="f") == "passed"


def test_locked_cells_run_in_both_processes_and_a_test_has_its_own_values(toys):
    cells = (
        locked("X = [1, 2, 3]\ndef double(x): return 2 * x"),
        student("def f(): return sum(X)\nX.append(100)\nX = None\ndouble = None\nf_of_x = 0"),
        hidden("assert X == [1, 2, 3]\nassert double(2) == 4"),
    )
    assert toys.run(*cells, names="f").outcomes == ["passed"]


def test_a_name_of_a_test_goes_before_one_of_a_locked_cell(toys):
    ran = toys.run(locked("a = 1"), hidden("a = 2\nassert a == 2"), hidden("assert a == 2"))
    assert ran.outcomes == ["passed", "passed"]


def test_what_a_test_binds_is_there_in_the_next_test_and_not_for_the_student(toys):
    ran = toys.run(
        student("def f(): return 1"),
        hidden("secret = 42"),
        student("print('secret' in globals())"),
        hidden("assert secret == 42"),
    )
    assert ran.outcomes == ["passed", "passed"]
    assert ran.text(2).strip() == "False"


def test_a_function_of_a_test_sees_the_students_names(toys):
    test = "def check(x):\n    return [f(i) for i in range(x)]\nassert check(2) == [1, 2]"
    assert toys.outcome("def f(x): return x + 1", test) == "passed"


def test_a_name_that_the_student_binds_anew_is_seen_anew(toys):
    answer = "count = 0\ndef f():\n    global count\n    count += 1"
    assert (
        toys.outcome(answer, "assert count == 0\nf()\nassert count == 1\nf(); f()\nassert count == 3")
        == "passed"
    )


def test_a_list_that_the_student_changes_in_place_is_seen_anew(toys):
    test = "assert log == []\nf(1)\nassert log == [1]"
    assert toys.outcome("log = []\ndef f(x): log.append(x)", test) == "passed"


def test_del_removes_the_students_function_as_in_nbgraders_example(toys):
    """nbgrader's docs: a test deletes `squares` to see that `sum_of_squares` calls it."""
    cells = (
        student(
            "def squares(n): return [i ** 2 for i in range(1, n + 1)]\n"
            "def sum_of_squares(n): return sum(squares(n))"
        ),
        hidden(
            "original = squares\n"
            "del squares\n"
            "try:\n"
            "    sum_of_squares(1)\n"
            "except NameError:\n"
            "    pass\n"
            "else:\n"
            "    raise AssertionError('sum_of_squares does not use squares')\n"
            "finally:\n"
            "    squares = original\n"
            "assert sum_of_squares(3) == 14"
        ),
        hidden("assert squares(2) == [1, 4]"),
        student("print(squares(3))"),
    )
    ran = toys.run(*cells)
    assert ran.outcomes == ["passed", "passed"] == in_one_process(*cells)
    assert ran.text(3).strip() == "[1, 4, 9]"


def test_del_unmasks_a_function_that_does_not_use_the_other(toys):
    cells = (
        student("def squares(n): return []\ndef total(n): return n"),
        hidden(
            "kept = squares\ndel squares\ntry:\n    total(1)\nexcept NameError:\n    pass\n"
            "else:\n    raise AssertionError('not used')\nfinally:\n    squares = kept"
        ),
    )
    assert toys.run(*cells).outcomes == ["failed"] == in_one_process(*cells)


def test_del_of_an_unbound_name_is_a_name_error(toys):
    assert toys.outcome("pass", "del f", names="f") == "error"


def test_a_spy_takes_the_place_of_the_students_function(toys):
    cells = (
        student("def helper(x): return x + 1\ndef f(x): return helper(x) * 10"),
        hidden(
            "calls = []\nreal = helper\n"
            "def helper(x):\n    calls.append(x)\n    return real(x)\n"
            "assert f(1) == 20\nassert calls == [1]\nhelper = real\nassert f(2) == 30\nassert calls == [1]"
        ),
        hidden("assert helper(1) == 2"),
    )
    assert toys.run(*cells).outcomes == ["passed", "passed"]


def test_a_lambda_assigned_to_a_students_name_is_a_spy_too(toys):
    answer = "def helper(x): return x\ndef f(x): return helper(x)"
    assert (
        toys.outcome(answer, "real = helper\nhelper = lambda x: 99\nassert f(1) == 99\nhelper = real")
        == "passed"
    )


def test_data_assigned_to_a_students_name_stay_in_the_examiner(toys):
    ran = toys.run(student("n = 1\ndef f(): return n"), hidden("n = 5\nassert n == 5\nassert f() == 1"))
    assert ran.outcome == "passed"


@pytest.mark.parametrize(
    "test", ["globals()['f']", "exec('f(1)')", "eval('f(1)')", "input()", "breakpoint()", "exit()", "quit()"]
)
def test_what_reaches_around_the_names_is_refused_in_a_test(toys, test):
    ran = toys.run(student("def f(x): return x"), hidden(test))
    assert ran.outcome == "error"
    assert "is not available in a test cell" in ran.test().record


def test_a_module_that_a_solution_imports_is_the_examiners_own_in_a_test(toys):
    """Lab6 imports sklearn in a solution cell; a student's module may answer anything."""
    answer = "import math, types\nmath = types.SimpleNamespace(sqrt=lambda x: 'mine')"
    assert toys.outcome(answer, "import math\nassert math.sqrt(4) == 2.0") == "passed"


def test_names_do_not_carry_over_to_the_next_notebook(toys):
    toys.run(student("carried = 1"), hidden("assert carried == 1"))
    ran = toys.run(student("print('carried' in globals())"), hidden("carried"), names="carried")
    assert ran.outcome == "error"
    assert ran.text().strip() == "False"


def test_classes_of_a_student_are_called_and_their_instances_used(toys):
    answer = (
        "class Model:\n    def __init__(self, w): self.w = w\n    def predict(self, x): return self.w * x"
    )
    assert toys.outcome(answer, "m = Model(3)\nassert m.predict(2) == 6\nassert m.w == 3") == "passed"


def test_underscored_names_of_a_student_are_looked_up_like_others(toys):
    assert toys.outcome("def _f(x): return x", "assert _f(1) == 1") == "passed"


def test_the_libraries_that_a_solution_imports_are_no_names_of_the_students():
    notebook = source(
        solution("import numpy as np\nfrom math import sqrt\ndef f(x):\n    return np.abs(sqrt(x))", "a"),
        hidden_test("assert f(4) == np.sqrt(4)", "t"),
    )
    assert TrustedCells(notebook).student_names == {"f"}
