"""Attacks on lab6 at every tier that `grade` accepts: none gains a mark, gets anything out, or stops others.

A sample; `make qualify` runs all of them.
"""

from pathlib import Path

import pytest

from autograder.context import Context
from autograder.course import Course
from autograder.runtime.tiers import strongest
from autograder.verifying.cases import read_cases
from autograder.verifying.verify import verify

ROOT = Path(__file__).parents[2]
EVERY = 16
SLOW = {"attack/endless_loop", "attack/hang_in_c", "attack/sparse_files"}  # they use up a limit of time


@pytest.mark.parametrize(
    "tier", [pytest.param(2, marks=pytest.mark.ci), *([3] if strongest().tier == 3 else [])]
)
def test_a_sample_of_attacks_gains_nothing(tier):
    context = Context.of(Course.open(ROOT), "lab6", max_tier=tier)
    cases = read_cases(ROOT / "cases" / "lab6", context.assignment)
    attacks = [case for case in cases if case.name.startswith("attack/") and case.name not in SLOW]
    found = verify(context, attacks[tier::EVERY], probes=False, jobs=2)
    assert found.cases >= 10
    assert (found.false_accepts, found.false_rejects, found.faults, found.leaks) == ([], [], [], [])


def test_the_attacks_are_many_and_eighty_work_somewhere_else():
    context = Context.of(Course.open(ROOT), "lab6")
    cases = read_cases(ROOT / "cases" / "lab6", context.assignment)
    attacks = [case for case in cases if case.name.startswith("attack/")]
    assert len([case for case in attacks if case.succeeds_at]) >= 80
    assert {case.promise for case in attacks} == {1, 2, 3, 4, 6}  # 5, tampering, is not for case files
    assert {"nbgrader", "otter"} <= {grader for case in attacks for grader in case.succeeds_at}
