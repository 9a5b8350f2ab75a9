"""How a student's exceptions arrive in a test: wall.md, "Exceptions"."""

import pytest

from autograder.runtime.wire import EXCEPTIONS, MAX_MESSAGE
from tests.runtime.toys import hidden, in_one_process, student


def raising(statement: str, before: str = "") -> str:
    return f"{before}\ndef f(*a):\n    {statement}"


def caught(kind: str, then: str = "pass", imports: str = "") -> str:
    return (
        f"{imports}\ntry:\n    f()\nexcept BaseException as e:\n"
        f"    assert type(e) is {kind}, type(e)\n    {then}\nelse:\n"
        f"    raise AssertionError('nothing raised')"
    )


BUILTIN = [name for name in EXCEPTIONS if ":" not in name]


def test_ordinary_exceptions_arrive_as_their_class_with_their_message(toys):
    raised = "\n".join(f"    if name == {name!r}: raise {name}('why')" for name in BUILTIN)
    checks = "\n".join(
        f"try:\n    f({name!r})\nexcept BaseException as e:\n"
        f"    assert type(e) is {name} and e.args == ('why',), (type(e), e.args)\n"
        "else:\n    raise AssertionError('nothing raised')"
        for name in BUILTIN
    )
    cells = (student(f"def f(name):\n{raised}"), hidden(checks))
    assert toys.run(*cells).outcomes == ["passed"] == in_one_process(*cells)


def test_numpys_own_error_is_in_the_table(toys):
    cells = (
        student("import numpy as np\ndef f(): return np.linalg.inv(np.zeros((2, 2)))"),
        hidden(
            "import numpy as np, pytest\n"
            "with pytest.raises(np.linalg.LinAlgError, match='Singular'):\n    f()"
        ),
    )
    assert toys.run(*cells).outcomes == ["passed"] == in_one_process(*cells)


def test_scikit_learns_own_error_is_in_the_table(toys):
    cells = (
        student(
            "from sklearn.linear_model import LogisticRegression\n"
            "def f(): return LogisticRegression().predict([[1.0]])"
        ),
        hidden(
            "import pytest\nfrom sklearn.exceptions import NotFittedError\n"
            "with pytest.raises(NotFittedError):\n    f()"
        ),
    )
    assert toys.run(*cells).outcomes == ["passed"]


def test_a_subclass_arrives_as_its_nearest_ancestor(toys):
    answer = raising("raise Mine('x')", "class Middle(KeyError): pass\nclass Mine(Middle, ValueError): pass")
    assert toys.outcome(answer, caught("KeyError", "assert 'Mine' in str(e)"), names="f") == "passed"


def test_pytest_raises_of_the_ancestor_is_satisfied(toys):
    cells = (
        student(raising("raise Mine('x is wrong')", "class Mine(ValueError): pass")),
        hidden("import pytest\nwith pytest.raises(ValueError, match='x is wrong'):\n    f()"),
    )
    assert toys.run(*cells).outcomes == ["passed"] == in_one_process(*cells)


@pytest.mark.parametrize(
    "statement",
    [
        "raise SystemExit(0)",
        "raise KeyboardInterrupt",
        "raise GeneratorExit",
        "raise StopIteration",
        "raise StopAsyncIteration",
        "raise ExceptionGroup('g', [ValueError(1)])",
        "raise BaseExceptionGroup('g', [SystemExit(1)])",
        "raise type('Own', (BaseException,), {})('x')",
        "import asyncio; raise asyncio.CancelledError",
        "exit()",
        "import sys; sys.exit(3)",
    ],
)
def test_control_exceptions_become_a_runtime_error(toys, statement):
    ran = toys.run(
        student(raising(statement)), hidden(caught("RuntimeError")), hidden("assert True"), names="f"
    )
    assert ran.outcomes == ["passed", "passed"] if "exit()" not in statement else ran.outcomes[1] == "passed"


def test_a_stop_iteration_does_not_end_the_loop_of_the_test(toys):
    """[ran] `all(map(check, map(f, xs)))` was true when f raised StopIteration."""
    answer = raising("raise StopIteration")
    test = "def check(y): return y == 4\nassert all(map(check, map(f, [2, 3])))"
    cells = (student(answer), hidden(test))
    assert in_one_process(*cells) == ["passed"]
    assert toys.run(*cells).outcomes == ["error"]


def test_a_stop_iteration_out_of_len_or_an_attribute_does_not_either(toys):
    answer = (
        "class A:\n    def __len__(self): raise StopIteration\n"
        "    @property\n    def x(self): raise StopIteration\n"
        "    def __getitem__(self, i): raise StopIteration\na = A()"
    )
    for test in ("len(a)", "a.x", "a[0]"):
        assert toys.outcome(answer, caught("RuntimeError").replace("f()", test), names="a") == "passed"


@pytest.mark.parametrize("kind", ["STOP", "MISSING", "CALLBACK + 90"])
def test_nor_does_a_call_that_is_answered_as_if_an_iterator_had_ended(toys, kind):
    answer = (
        "import sys\nside = sys.modules['runtime.student']\n"
        f"side.OPERATIONS['call'] = lambda *_: (side.{kind}, None)\ndef f(x): return x"
    )
    ran = toys.run(
        student(answer),
        hidden("def check(x):\n    assert f(x) == x + 1\n    return True\nassert all(map(check, [1, 2, 3]))"),
    )
    assert ran.outcome == "crashed"


def test_a_generator_that_ends_ends_the_loop(toys):
    assert toys.outcome("def f():\n    yield 1", "assert [x for x in f()] == [1]") == "passed"


def test_messages_are_cut_at_2000_characters(toys):
    answer = raising("raise ValueError('x' * 10**6)")
    test = caught("ValueError", f"assert len(str(e)) == {MAX_MESSAGE}")
    assert toys.outcome(answer, test) == "passed"


@pytest.mark.parametrize(
    "bomb",
    [
        "raise SystemExit",
        "raise ValueError",
        "return 5",
        "return self.__str__()",
        "import os; return 'x' * 10**7",
    ],
)
def test_a_message_that_cannot_be_made_does_no_harm(toys, bomb):
    before = f"class Mine(ValueError):\n    def __str__(self):\n        {bomb}\n    __repr__ = __str__"
    ran = toys.run(
        student(raising("raise Mine(1, 2)", before)),
        hidden(caught("ValueError")),
        hidden("assert True"),
        names="f",
    )
    assert ran.outcomes == ["passed", "passed"]


def test_a_class_named_eval_runs_nothing(toys):
    """[ran] Looking a class up by name runs student code if the name is `eval`."""
    before = (
        "class Mine(Exception): pass\n"
        "Mine.__name__ = Mine.__qualname__ = 'eval'\nMine.__module__ = 'builtins'"
    )
    answer = raising('raise Mine(\'open("pwned", "w")\')', before)
    test = caught("Exception", "import os; assert not os.path.exists('pwned')")
    assert toys.outcome(answer, test, names="f") == "passed"


def test_attributes_of_an_exception_do_not_cross(toys):
    answer = raising("e = ValueError('x'); e.secret = 5; e.from_student = False; raise e")
    assert toys.outcome(answer, caught("ValueError", "assert not hasattr(e, 'secret')")) == "passed"


def test_a_forged_assertion_of_the_student_gives_no_note(toys):
    """What students raise is told by its type alone; their text goes to the instructor."""
    ran = toys.run(student(raising("raise AssertionError('full marks')")), hidden("f()"))
    assert ran.outcome == "error"
    assert ran.test().message == "your code raised AssertionError when it was tested"
    assert "full marks" in ran.test().record


def test_the_students_traceback_is_in_the_record_and_not_in_the_message(toys):
    ran = toys.run(student("def f(x):\n    return inner(x)\ndef inner(x):\n    return 1 / x"), hidden("f(0)"))
    assert ran.test().message == "your code raised ZeroDivisionError when it was tested"
    assert "return 1 / x" in ran.test().record
    assert "in inner" in ran.test().record


def test_an_exception_that_is_returned_is_data(toys):
    answer = "def f(): return ValueError('x'), [KeyError('k')]"
    test = "a, [b] = f()\nassert type(a) is ValueError and a.args == ('x',)\nassert type(b) is KeyError"
    assert toys.outcome(answer, test) == "passed"


def test_a_cause_and_notes_stay_behind(toys):
    answer = raising("e = ValueError('x'); e.add_note('PWNED'); raise e from KeyError('inner')")
    test = caught("ValueError", "assert e.__cause__ is None and not getattr(e, '__notes__', [])")
    assert toys.outcome(answer, test) == "passed"


def test_a_failing_assert_of_the_test_shows_its_own_message(toys):
    ran = toys.run(student("def f(): return 2"), hidden("assert f() == 3, 'f() should be odd'"))
    assert ran.outcome == "failed"
    assert ran.test().message == "f() should be odd"


def test_an_assert_without_a_message_gives_nothing_away(toys):
    ran = toys.run(student("def f(): return 2"), hidden("expected = 3\nassert f() == expected"))
    assert ran.test().message == "a value differs from what is expected"


def test_a_librarys_assertion_does_not_show_the_expected_values(toys):
    ran = toys.run(
        student("def f(): return 2.0"),
        hidden("import numpy as np\nnp.testing.assert_allclose(f(), 31337.0)"),
    )
    assert ran.outcome == "failed"
    assert "31337" not in ran.everything_shown
    assert "31337" in ran.test().record


def test_a_note_of_a_check_is_shown(toys):
    ran = toys.run(
        student("def f(): return 'two'"),
        hidden(
            "from autograder import checks\n"
            "checks.require(isinstance(f(), float), 'f() should return a float')"
        ),
    )
    assert ran.outcome == "failed"
    assert "f() should return a float" in ran.test().message


def test_a_memory_error_of_the_students_counts_as_memory_or_error(toys):
    ran = toys.run(student(raising("raise MemoryError")), hidden("f()"), hidden("assert True"))
    assert ran.outcomes == ["memory", "passed"]
