"""Points and cases of otter's test files, beside what the installed otter makes of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from otter.test_files import abstract_test, exception_test, ok_test

from autograder.errors import UsageError
from autograder.otter.questions import QuestionCase, QuestionFile, with_points
from tests.otter.writing import exception_file, ok_file, spec

WORTH = st.one_of(st.none(), st.integers(0, 5), st.floats(0, 5))


def ours(total, points):
    return [c.points for c in with_points(total, [QuestionCase("c", False, p) for p in points], "q")]


def theirs(total, points):
    cases = [abstract_test.TestCase("c", None, False, p, None, None) for p in points]
    return [c.points for c in abstract_test.TestFile.resolve_test_file_points(total, cases)]


@given(st.one_of(WORTH, st.lists(WORTH, max_size=4)), st.lists(WORTH, min_size=1, max_size=4))
def test_cases_get_the_points_that_otter_gives_them(total, points):
    try:
        expected = theirs(total, points)
    except ValueError:  # also where the points do not add up by the last bit of a float
        with pytest.raises(UsageError):
            ours(total, points)
    else:
        assert ours(total, points) == pytest.approx(expected)


def test_a_list_of_points_must_fit():
    with pytest.raises(UsageError, match="q: 1 points for 2 cases"):
        ours([1], [None, None])


def test_a_file_of_doctests_is_read_as_otter_reads_it(tmp_path):
    cases = [
        {"code": ">>> x\n1", "points": 2},
        {"code": "    >>> y\n    2", "hidden": False, "name": "named"},
    ]
    text = ok_file(spec("q1", *cases, points=5, all_or_nothing=True))
    (tmp_path / "q1.py").write_text(text)
    them, us = ok_test.OKTestFile.from_file(str(tmp_path / "q1.py")), QuestionFile.parse("q1", text, "q1.py")
    assert (us.name, us.all_or_nothing, us.possible) == (them.name, them.all_or_nothing, them.possible)
    assert [(c.name, c.hidden, c.points, c.code) for c in us.cases] == [
        (c.name, c.hidden, c.points, c.body) for c in them.test_cases
    ]


def test_a_file_of_exceptions_is_read_as_otter_reads_it():
    cases = (
        ("points=2, hidden=True, failure_message='no'", "def test_a(x):\n    assert x"),
        ("", "def test_b(env):\n    pass"),
        ("name='third'", "def test_a(y):\n    pass"),
    )
    text = exception_file("q2", *cases, points=[1, 2])
    them, us = exception_test.ExceptionTestFile.from_string(text), QuestionFile.parse("q2", text, "q2.py")
    assert [(c.name, c.hidden, c.points, c.message) for c in us.cases] == [
        (c.name, c.hidden, c.points, c.failure_message or "") for c in them.test_cases
    ]


@pytest.mark.parametrize(
    "text, message",
    [
        ("def", "is not Python"),
        ("x = 1", "neither `test` nor `name`"),
        ("name = str(1)", "must be written out as a literal"),
        ("test = {'name': 'q', 'suites': []}", "exactly one suite"),
        (ok_file(spec("q", {"points": 1})), "case 1 has no code"),
        (ok_file(spec("q", {"code": "", "points": -1})), "not negative"),
        (ok_file(spec("q", {"code": "", "points": 3}, points=2)), "worth 3 points, the question 2"),
        (exception_file("q", ("points=one", "def test_a():\n    pass")), "as literals"),
        ("test = {'name': 'q', 'suites': [{'cases': [], 'setup': 'x = 1'}]}", "without setup"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(text, message):
    with pytest.raises(UsageError, match=message):
        QuestionFile.parse("q", text, "hw/tests/q.py")


def test_reading_a_test_file_does_not_run_it(tmp_path):
    there = tmp_path / "there"
    QuestionFile.parse("q", f"open({str(there)!r}, 'w')\nname = 'q'\npoints = 1\n", "q.py")
    assert not there.exists()
