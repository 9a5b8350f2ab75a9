"""Messages that differ in numbers alone fall together."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.reporting.grouping import MOST_CHARACTERS, NAMED, Grouping, pattern_of


@pytest.mark.parametrize(
    "one, other",
    [
        ("differs by 0.31", "differs by 0.28"),
        ("differs by 1e-07", "differs by -2.5E+3"),
        ("got nan", "got inf"),
        ("shape (3, 1), not (3,)", "shape (7, 2), not (9,)"),
        ("<object at 0x7f3a10>", "<object at 0x55e1ff>"),
        ("answer [1.0, 2.5, 3]", "answer [4, 5]"),
        ("answer [1.0 2.5 ... 3]", "answer [4. 5.]"),
        ("two\nlines of 3", "two lines  of 4"),
        ("is 3+2j", "is 1j"),
    ],
)
def test_numbers_do_not_divide(one, other):
    assert pattern_of(one) == pattern_of(other)


@pytest.mark.parametrize(
    "one, other",
    [
        ("name 'w1' is not defined", "name 'w2' is not defined"),
        ("float32 is not asked for", "float64 is not asked for"),
        ("test_2 failed", "test_3 failed"),
        ("too large", "too small"),
        ("banana", "inf"),
    ],
)
def test_words_do(one, other):
    assert pattern_of(one) != pattern_of(other)


def test_a_huge_message_is_cut_and_costs_little():
    started = time.process_time()
    for message in ("1" * 100_000, "1 " * 50_000, "-" * 100_000, "1e" * 50_000, "# ," * 30_000):
        assert len(pattern_of(message)) <= MOST_CHARACTERS
    assert time.process_time() - started < 1


@given(st.text())
def test_a_pattern_is_one_line_and_its_own_pattern(message):
    pattern = pattern_of(message)
    assert pattern == " ".join(pattern.split())


def test_the_most_common_comes_first_and_the_first_students_are_named():
    grouping = Grouping()
    grouping.add("nb/b", "failed", "off by 9", "zoe")
    for n in range(8):
        grouping.add("nb/a", "failed", f"off by {n}", f"s{n}")
    first, second = grouping.groups()
    assert (first.where, first.text, first.count, first.example) == ("nb/a", "off by #", 8, "off by 0")
    assert first.students == tuple(f"s{n}" for n in range(NAMED))
    assert (second.where, second.count) == ("nb/b", 1)


def test_one_student_is_named_once():
    grouping = Grouping()
    grouping.add("", "", "cell 1 was changed", "ada")
    grouping.add("", "", "cell 2 was changed", "ada")
    (group,) = grouping.groups()
    assert (group.count, group.students) == (2, ("ada",))
