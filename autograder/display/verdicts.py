"""What is shown of tests: verdicts on cases, mutants and one answer, and where notebooks are wrong."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from typing import TYPE_CHECKING

from autograder.display.terminal import MAX_ROWS, counted, visible
from autograder.errors import some_of

if TYPE_CHECKING:
    from autograder.adopting import Adoption, Change, Verdict
    from autograder.explaining import Explanation
    from autograder.linting.lint import Problem
    from autograder.verifying.changing import Round
    from autograder.verifying.judging import Finding, Leak, Verification
    from autograder.verifying.mutation import MutationTest

MAX_SHOWN = 5  # comparisons of a kind
# of a traceback, with the lines that belong to them: how a test is run says nothing of the test
_OUR_FRAMES = re.compile(
    r"""^  File "[^"\n]*/autograder/runtime/[^"\n]*", line .*\n(?:    .*\n|  \[Previous line.*\n)*""",
    re.MULTILINE,
)


def print_verification(found: Verification, seconds: float) -> None:
    """The four lists, with what each entry means, and a last line that says it all."""
    _print_findings(found)
    accepted = _rate(found.wrong_accepted, found.wrong_cases)
    rejected = _rate(found.right_rejected, found.right_cases)
    print(f"cases with a mistake in which a test passed that should not: {accepted}")
    print(f"cases without one in which a test failed that should not: {rejected}")
    print(f"{_counts(found)} ({seconds:.1f} s)")


def _print_findings(found: Verification, known: Container[Finding | Leak] = ()) -> None:
    """What is in the four lists, but for what is known already."""
    for title, findings in (
        ("wrong answers accepted", found.false_accepts),
        ("right answers rejected", found.false_rejects),
        ("faults of a test or of the grader", found.faults),
    ):
        new = [finding for finding in findings if finding not in known]
        if new:
            print(f"{title}:")
            for finding in new:
                print("\n".join(f"  {line}" for line in lines_of(finding)))
    if leaks := [leak for leak in found.leaks if leak not in known]:
        print("leaks:")
        for leak in leaks:
            print(f"  {line_of_leak(leak)}")


def _counts(found: Verification) -> str:
    counts = (
        f"{counted(len(found.false_accepts), 'wrong answer')} accepted",
        f"{counted(len(found.false_rejects), 'right answer')} rejected",
        counted(len(found.faults), "fault"),
        counted(len(found.leaks), "leak"),
    )
    tried = f"{counted(found.cases, 'case')}, {counted(found.tests, 'test')}"
    return f"{found.assignment}: {tried}: {', '.join(counts)}"


def print_round(found: Round, seconds: float, before: Round | None = None) -> None:
    """What was found that the round `before` had not, and a line with what was run, taken, and not run."""
    known: list[Finding | Leak] = []
    if before is not None:
        known = [*before.false_accepts, *before.false_rejects, *before.faults, *before.leaks]
    _print_findings(found, known)
    left = sum(found.not_run.values())
    verdicts = (
        f"{counted(found.run, 'verdict')} run now, {found.taken} taken from earlier runs, {left} not run"
    )
    print(f"{_counts(found)}; {verdicts} ({seconds:.1f} s)", flush=True)


def print_not_run(found: Round) -> None:
    """What a round left, if anything, and how to go on."""
    if found.not_run:
        most = sorted(found.not_run, key=lambda test: -found.not_run[test])
        places = [f"{test} in {counted(found.not_run[test], 'submission')}" for test in most]
        print(f"not run: {some_of(places)}")
        print("the same command goes on; before grading run `autograder verify` without --changed")


def _rate(count: int, total: int) -> str:
    """A share, with what it may be among all answers that are written as these were."""
    if not total:
        return "none was tried"
    from scipy.stats import binomtest

    bounds = binomtest(count, total).proportion_ci(confidence_level=0.95, method="wilson")
    return f"{count} of {total}; among all such answers {bounds.low:.2%} to {bounds.high:.2%} (Wilson, 95 %)"


def lines_of(finding: Finding) -> list[str]:
    """What came out wrong, and where in the assignment that was decided."""
    message = visible(" ".join(finding.message.split())[:300])
    case = visible(finding.case)
    told = f"{case}: {finding.test}: expected {finding.expected}, got {finding.got}. {message}".rstrip()
    return [told, *([f"  {visible(finding.where)}"] if finding.where else [])]


def line_of_leak(leak: Leak) -> str:
    """What got out, and where it stood."""
    return visible(f"{leak.case}: {leak.name} in {leak.where}")


def print_mutation_test(found: MutationTest, seconds: float) -> None:
    """What survived, with its diff, what that says of the tests, and a last line with the share."""
    if found.faults:
        print("faults:")
        for fault in found.faults:
            print(f"  {visible(fault)}")
    for title, survivors in (("survived", found.survivors), ("equivalent", found.equivalent)):
        if survivors:
            print(f"{title}:")
        for survivor in survivors:
            why = f": {survivor.reason} (distance {survivor.distance:.2g})" if survivor.reason else ""
            print(f"  {survivor.name}{why}")
            if not survivor.reason:
                print("\n".join(f"    {line}" for line in survivor.diff.splitlines()))
    if found.idle:
        print(f"no mutant fails: {', '.join(found.idle)}")
    for tests in found.together:
        print(f"always fail together: {', '.join(tests)}")
    print(
        f"{found.assignment}: {counted(found.mutants, 'mutant')}, {found.killed} killed, "
        f"{len(found.survivors)} survived, {len(found.equivalent)} equivalent: "
        f"{found.share:.1%} of the others killed ({seconds:.1f} s)"
    )


def print_explanation(found: Explanation) -> None:
    """What was asked, what came, how far from the tolerance that is, and what the student never saw."""
    print(f"{visible(found.who)}, {found.assignment}/{found.notebook}, {found.test}")
    print(f"{found.outcome}: {found.points:g} of {found.max_points:g} points")
    if found.before is not None and found.before != found.verdict:
        print(f"note: when it was graded, the verdict was {found.before}; now it is {found.verdict}")
    if found.where:
        print(f"at {visible(found.where)}")
    if found.message:
        print(f"the student reads: {visible(found.message)}")
    if found.calls:
        print("\nwhat the test asked last, and what came back:")
    for call, result in found.calls:
        print(f"  {visible(call)}\n    -> {visible(result)}")
    if found.comparisons:
        print("\nwhat was compared (a distance of 1 is the tolerance):")
    far = [each for each in found.comparisons if not each.distance <= 1]
    near = sorted((each for each in found.comparisons if each.distance <= 1), key=lambda c: -c.distance)
    for each in [*far[:MAX_SHOWN], *near[:MAX_SHOWN]]:
        where = "beyond" if each in far else "within"
        what = f"{visible(each.what)} ({each.quantity})"
        print(f"  {what}: distance {each.distance:.3g}, {where} tolerance ({each.tolerance})")
        if each in far:
            print(f"    answer   {visible(each.answer)}\n    expected {visible(each.expected)}")
    if len(near) > MAX_SHOWN:
        print(f"  and {len(near) - MAX_SHOWN} more within the tolerance, none farther")
    if found.withheld:
        print("\nwithheld from the student:")
        for line in _OUR_FRAMES.sub("", found.withheld).splitlines():
            print(f"  {visible(line)}")


def print_problems(found: Sequence[Problem]) -> None:
    """Each with its place, the line that it is about, and the mend."""
    for problem in found:
        print(f"{'' if problem.is_error else 'note: '}{problem.place}: {visible(problem.message)}")
        if problem.place.text:
            print(f"    {visible(problem.place.text)}")
        print(f"    mend: {visible(problem.mend)}")


_WAYS = {
    "wall": "behind the wall",
    "shared": "in the student's process",
    "kernel": "in a Jupyter kernel with all cells",
    "autotest": "an AUTOTEST, which `nbgrader autograde` can run and `autograder grade` cannot",
    "neither": "fails with the instructor's own solution",
}


def print_verdict(found: Verdict) -> None:
    """How one test of a foreign course can be run."""
    why = f": {visible(' '.join(found.why.split()))}" if found.why else ""
    print(f"{found.assignment}/{found.notebook}/{found.test}: {_WAYS[found.way]}{why}", flush=True)


def print_adoption(found: Adoption, changes: Sequence[Change] | None) -> None:
    """How many tests can be run how, what that means, and which marks would change, if that was asked."""
    counts = {way: sum(verdict.way == way for verdict in found.verdicts) for way in _WAYS}
    told = [f"{counts[way]} {words}" for way, words in _WAYS.items() if counts[way]]
    print(f"\n{counted(len(found.verdicts), 'test')}: {', '.join(told) or 'none'}")
    for line in found.refused:
        print(f"cannot be read: {visible(line)}")
    if counts["shared"] or counts["kernel"]:
        print("a test beside the student's code can be read and deceived, as in nbgrader; results say so")
    for change in (changes or ())[:MAX_ROWS]:
        what = f"{change.assignment}/{change.test}: {change.before:g} -> {change.after:g}"
        print(f"{visible(change.student)}, {what}: {visible(' '.join(change.why.split())) or 'passes here'}")
    if changes is not None:
        print(f"marks in the gradebook that would change: {len(changes)}; none was written")
    if counts["neither"]:
        print("what fails with the solution gives nobody a point: mend the test or the solution first")
