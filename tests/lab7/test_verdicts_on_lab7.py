"""A sample of the cases of lab7; `make qualify` runs all of them, and the hostile ones at tier 2 as well."""

from pathlib import Path

import pytest

from autograder.context import Context
from autograder.course import Course
from autograder.verifying.cases import read_cases
from autograder.verifying.verify import verify

ROOT = Path(__file__).parents[2]
EVERY = {"right": 24, "wrong": 30, "attack": 6}


@pytest.mark.ci
def test_a_sample_of_the_cases_gets_the_verdicts_it_deserves():
    context = Context.of(Course.open(ROOT), "lab7")
    cases = read_cases(ROOT / "cases" / "lab7", context.assignment)
    sample = [
        case
        for kind, every in EVERY.items()
        for case in [case for case in cases if case.name.startswith(kind)][3::every]
    ]
    found = verify(context, sample, probes=False, jobs=2)
    assert found.cases >= 7
    assert (found.false_accepts, found.false_rejects, found.faults, found.leaks) == ([], [], [], [])
