"""What `verify` shows of tests that judge wrongly."""

import pytest

from autograder.display.verdicts import lines_of
from autograder.verifying.judging import Finding, _with_reason


def test_a_finding_without_a_message_ends_with_its_verdict():
    assert lines_of(Finding("right/a", "test_a", "full", "zero", "")) == [
        "right/a: test_a: expected full, got zero."
    ]


@pytest.mark.parametrize(
    "message, reason, told",
    [
        ("it ended with KeyError", "KeyError: 'x'", "it ended with KeyError: 'x'"),
        (
            "it ended with LinAlgError",
            "numpy.linalg.LinAlgError: Singular",
            "it ended with LinAlgError: Singular",
        ),
        ("it ended with StopIteration", "StopIteration", "it ended with StopIteration"),
        (
            "name 'x' is not defined",
            "NameError: name 'x' is not defined",
            "NameError: name 'x' is not defined",
        ),
        ("your code raised ValueError", "", "your code raised ValueError"),
        (
            "no data could be handed over",
            "Unsendable: a module",
            "no data could be handed over: Unsendable: a module",
        ),
        ("", "KeyError: 'x'", "KeyError: 'x'"),
    ],
)
def test_an_exception_is_named_once(message, reason, told):
    assert _with_reason(message, reason) == told
