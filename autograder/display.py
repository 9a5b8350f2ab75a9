"""What the commands show: a progress bar on a terminal, a line each in a pipe, tables at the end."""

from __future__ import annotations

import sys
import time
from collections.abc import Container, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from autograder.errors import some_of
from autograder.result import Result, Status

if TYPE_CHECKING:
    from pathlib import Path

    from rich.progress import Progress
    from rich.table import Table

    from autograder.adopting import Adoption, Change, Verdict
    from autograder.collecting.collect import Collection
    from autograder.collecting.keeping import Placed
    from autograder.doctor import Finding as Examined
    from autograder.explaining import Explanation
    from autograder.feedback.publishing import Published
    from autograder.grading import Graded
    from autograder.history import Run
    from autograder.linting.lint import Problem
    from autograder.moves import Move
    from autograder.repairing import Preview
    from autograder.reporting.figures import Report
    from autograder.roster import Roster
    from autograder.similarity import Group, Similar
    from autograder.students import Imported, Traces
    from autograder.verifying.changing import Round
    from autograder.verifying.judging import Finding, Leak, Verification
    from autograder.verifying.mutation import MutationTest

MAX_ROWS = 60
MAX_SHOWN = 5  # comparisons of a kind


class Meter:
    """Counts what is done. `done(line)` is one item; the line is shown where there is no bar."""

    def __init__(self, what: str, quiet: bool) -> None:
        self._what = what
        self._quiet = quiet
        self._progress: Progress | None = None
        self._started = time.perf_counter()

    def start(self, total: int) -> None:
        if self._quiet or not sys.stderr.isatty():
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self._progress = Progress(
            TextColumn(f"{self._what}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
        )
        self._progress.start()
        self._task = self._progress.add_task(self._what, total=total, rate="")

    def done(self, line: str) -> None:
        if self._progress is not None:
            count = self._progress.tasks[0].completed + 1
            rate = f"{count / (time.perf_counter() - self._started):.1f}/s"
            self._progress.update(self._task, advance=1, rate=rate)
        elif not self._quiet:
            print(line, file=sys.stderr, flush=True)

    def stop(self) -> None:
        if self._progress is not None:
            self._progress.stop()


@contextmanager
def meter(what: str, quiet: bool) -> Iterator[Meter]:
    """A meter that is stopped whatever happens."""
    shown = Meter(what, quiet)
    try:
        yield shown
    finally:
        shown.stop()


def visible(text: str) -> str:
    """Text of a student's making for a terminal: one line, no character that would steer it."""
    return "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in text)


def line_of(graded: Graded, max_points: float) -> str:
    """One submission in one line."""
    again = " (unchanged)" if graded.skipped else ""
    return f"{visible(graded.result.student)}: {_marks(graded.result, max_points)}{again}"


def line_of_feedback(one: Published) -> str:
    """What became of one student's pages."""
    if one.problem:
        return visible(f"{one.student}: {one.problem}")
    said = [f"{one.written} written"] * bool(one.written) + [f"{one.unchanged} unchanged"] * bool(
        one.unchanged
    )
    return visible(f"{one.student}: {', '.join(said)}")


def _marks(result: Result, max_points: float) -> str:
    if result.status is Status.GRADED:
        return f"{result.points:g} of {max_points:g}"
    return _words(result.status)


def _words(status: Status) -> str:
    return str(status).replace("_", " ")


def print_class(graded: Sequence[Graded], max_points: float) -> None:
    """The table of a class and its distribution. `max_points` are those of the automatic tests."""
    if len(graded) <= MAX_ROWS:
        from rich.console import Console

        Console().print(_class_table(graded, max_points))
    results = [g.result for g in graded]
    print(_summary(results))
    points = [r.points for r in results if r.status is Status.GRADED]
    if len(points) > 1:
        for line in distribution(points, max_points):
            print(line)


def _summary(results: Sequence[Result]) -> str:
    kinds = {
        "graded": sum(r.status is Status.GRADED for r in results),
        "not gradable": sum(r.status is Status.NOT_GRADABLE for r in results),
        "without a notebook": sum(r.status is Status.MISSING for r in results),
        "faults": sum(r.status is Status.FAULT for r in results),
        "with repairs": sum(bool(r.tampering) for r in results),
    }
    found = ", ".join(f"{count} {kind}" for kind, count in kinds.items() if count)
    return f"{len(results)} submission{'s' * (len(results) != 1)}: {found or 'nothing to grade'}"


def _class_table(graded: Sequence[Graded], max_points: float) -> Table:
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=None)
    names = sorted({n.name for g in graded for n in g.result.notebooks})
    table.add_column("student")
    for name in names:
        table.add_column(escape(name), justify="right")
    table.add_column("points", justify="right")
    table.add_column("notes")
    for g in graded:
        parts = [g.result.notebook(name) for name in names]
        cells = [
            ""
            if part is None
            else f"{part.points:g}"
            if part.status is Status.GRADED
            else _words(part.status)
            for part in parts
        ]
        table.add_row(
            escape(visible(g.result.student)), *cells, _marks(g.result, max_points), _notes(g.result)
        )
    return table


def _notes(result: Result) -> str:
    notes = []
    if result.tampering:
        notes.append(f"{len(result.tampering)} repaired")
    outcomes = {test.outcome for n in result.notebooks for test in n.tests if not test.outcome.is_final}
    notes += sorted(str(outcome) for outcome in outcomes)
    return ", ".join(notes)


def distribution(points: Sequence[float], max_points: float) -> list[str]:
    """Ten lines of a histogram, from no points to all of them."""
    if not points or not max_points:
        return []
    bins = [0] * 10
    for value in points:
        bins[min(int(10 * value / max_points), 9)] += 1
    scale = max(1, max(bins) / 40)
    width = max_points / 10
    return [
        f"{width * i:6.1f} - {width * (i + 1):5.1f} | {'#' * round(count / scale)} {count or ''}".rstrip()
        for i, count in enumerate(bins)
    ]


def print_preview(found: Preview) -> None:
    """The marks that would move, those that stay because a human gave them, and what would refuse."""
    print_moves(found.moves)
    for move in found.by_hand:
        print(f"{visible(move.student)}, {move.test}: stays as given by hand ({_points(move)}: {move.why})")
    for line in found.in_the_way:
        print(f"in the way: {visible(line)}")
    if found.faults:
        print(f"a fault of the grader or of a test: {visible(', '.join(found.faults))}")
    parts = [_moved(found.moves, "would move")]
    parts += [f"{len(found.by_hand)} stay as given by hand"] if found.by_hand else []
    parts += [f"{len(found.new)} graded for the first time"] if found.new else []
    parts += [f"{found.unchanged} submissions need not be graded again"] if found.unchanged else []
    print(f"{found.assignment}: {', '.join(parts)}")
    print("no mark was written; the same command without --dry-run does it")


def print_moves(found: Sequence[Move]) -> None:
    """One line a mark."""
    for move in found:
        print(f"{visible(move.student)}, {move.test}: {_points(move)} ({move.why})")


def _points(move: Move) -> str:
    before, after = ("open" if p is None else f"{p:g}" for p in (move.before, move.after))
    if move.why == "a new test":
        return f"{after} points"
    return f"{before} -> {'gone' if move.why == 'taken out' else after}"


def _moved(found: Sequence[Move], verb: str) -> str:
    up = sum((move.after or 0) > (move.before or 0) for move in found)
    down = sum((move.after or 0) < (move.before or 0) for move in found)
    students = len({move.student for move in found})
    return f"{len(found)} marks of {students} students {verb}, {up} up and {down} down"


def print_history(
    assignment: str,
    runs: Sequence[tuple[Run, Sequence[Move]]],
    by_hand: Container[tuple[str, str]],
) -> None:
    """What every run moved, the oldest first; `by_hand` are the marks that people gave instead."""
    for run, found in runs:
        undone = " (undone)" if run.is_undone else ""
        print(f"{run.time:%F %T} UTC{undone}: {_moved(found, 'moved')}")
        for move in found:
            given = "; stays as given by hand" if (move.student, move.test) in by_hand else ""
            print(f"  {visible(move.student)}, {move.test}: {_points(move)} ({move.why}{given})")
    if not runs:
        print(f"{assignment}: no mark has moved since it was first given")


def print_report(report: Report, page: Path) -> None:
    """What matters first: how the class did, what looks wrong, and where all of it stands."""
    marks = report.marks
    told = [f"{report.graded} results"]
    if marks.spread is not None:
        told.append(f"median {marks.spread.median:.4g} of {marks.max:g}, mean {marks.spread.mean:.4g}")
    told += [f"{marks.open} wait for a human"] if marks.open else []
    print(f"{visible(report.assignment)}: {', '.join(told)}")
    for line in report.notes:
        print(f"note: {visible(line)}")
    for line in report.holds:
        print(f"hold: {visible(line)}")
    for suspicion in report.suspicions:
        if suspicion.serious:
            print(f"look at: {visible(suspicion.test)}: {suspicion.why}")
    for group in [group for group in report.failures if group.count > 1][:MAX_SHOWN]:
        such_as = "" if group.text == group.example else ", such as"
        print(
            f"{group.count} students: {visible(group.where)}{such_as}: {visible(group.example) or group.kind}"
        )
    if report.moved is not None and report.moved.moves:
        print(
            f"{_moved(report.moved.moves, 'moved')} in the run of {report.moved.time:%F %T} UTC; see --moves"
        )
    print(f"page, with CSV files beside it: {page}")


def print_similarities(found: Sequence[Similar]) -> None:
    """By question, equal answers in one line each with who shares them, and the closest pairs."""
    for each in found:
        print(f"{each.question}: {each.answered} answered, {each.compared} long enough to be compared")
        for group in each.same:
            common = "; many wrote this, which says nothing of any two of them" * group.is_common
            print(f"  the same, {_shared(group)}{common}")
        for pair in each.pairs:
            print(f"  {pair.score:.0f} % alike, {_shared(pair.one)} and {_shared(pair.other)}")
        if not each.same and not each.pairs:
            print("  no two are alike")
    print("alike is no proof: read both, and the questions' own text, before you say anything to anybody")


def _shared(group: Group) -> str:
    who = visible(some_of(group.students))
    share = f", {group.share:.0%} of those who answered" if len(group.students) > 1 else ""
    return f"{group.tokens} tokens: {who}{share}"


def print_verification(found: Verification, seconds: float) -> None:
    """The four lists, with what each entry means, and a last line that says it all."""
    _print_findings(found)
    accepted = _rate(found.wrong_accepted, found.wrong_cases)
    rejected = _rate(found.right_rejected, found.right_cases)
    print(f"wrong cases in which a test passed that should not: {accepted}")
    print(f"right cases in which a test failed that should not: {rejected}")
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
        f"{len(found.false_accepts)} wrong answers accepted",
        f"{len(found.false_rejects)} right answers rejected",
        f"{len(found.faults)} faults",
        f"{len(found.leaks)} leaks",
    )
    return f"{found.assignment}: {found.cases} cases, {found.tests} tests: {', '.join(counts)}"


def print_round(found: Round, seconds: float, before: Round | None = None) -> None:
    """What was found that the round `before` had not, and a line with what was run, taken, and not run."""
    known: list[Finding | Leak] = []
    if before is not None:
        known = [*before.false_accepts, *before.false_rejects, *before.faults, *before.leaks]
    _print_findings(found, known)
    left = sum(found.not_run.values())
    verdicts = f"{found.run} verdicts run now, {found.taken} taken from earlier runs, {left} not run"
    print(f"{_counts(found)}; {verdicts} ({seconds:.1f} s)", flush=True)


def print_not_run(found: Round) -> None:
    """What a round left, if anything, and how to go on."""
    if found.not_run:
        most = sorted(found.not_run, key=lambda test: -found.not_run[test])
        print(f"not run: {some_of([f'{test} in {found.not_run[test]} submissions' for test in most])}")
        print("the same command goes on; before grading run `autograder verify` without --changed")


def _rate(count: int, total: int) -> str:
    """A share, with what it may be among all answers that are written as these were."""
    if not total:
        return "none was tried"
    from scipy.stats import binomtest

    bounds = binomtest(count, total).proportion_ci(confidence_level=0.95, method="wilson")
    return f"{count} of {total} (Wilson, 95 %: {bounds.low:.2%} to {bounds.high:.2%})"


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
        f"{found.assignment}: {found.mutants} mutants, {found.killed} killed, "
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
        for line in found.withheld.splitlines():
            print(f"  {visible(line)}")


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
    print(f"\n{len(found.verdicts)} tests: {', '.join(told) or 'none'}")
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


def print_examination(found: Sequence[Examined]) -> None:
    """What `doctor` found, a line each, with what to do below it."""
    width = max(len(finding.what) for finding in found)
    for finding in found:
        print(f"{finding.what:{width}}  {finding.state}")
        if finding.advice:
            print(f"{'':{width}}  -> {finding.advice}")


def print_collection(found: Collection) -> None:
    """Who was placed, the attempts that are kept besides, and all that asks to be looked at."""
    shown = found.placed if len(found.placed) <= MAX_ROWS else [p for p in found.placed if p.earlier]
    for placed in shown[:MAX_ROWS]:
        print(_placed(placed))
        for line in placed.earlier:
            print(f"  kept too: {visible(line)}")
    if len(shown) > MAX_ROWS:
        print(f"and {len(shown) - MAX_ROWS} more with earlier attempts; --json has them all")
    for restored in found.restored:
        cells = ", ".join(
            f"{pair.grade_id} <- {pair.cell} ({pair.confidence:.0%})" for pair in restored.cells
        )
        print(f"matched by order: {visible(restored.student)}, {restored.notebook}: {visible(cells)}")
    for flag in found.flags:
        print(f"look at: {visible(flag.student)}: {visible(flag.what)}")
    for stray in found.not_placed:
        print(f"not placed: {visible(stray.file)}: {visible(stray.reason)}")
    for refused in found.refused:
        print(f"refused: {visible(f'{refused.file}: {refused.path}')}: {visible(refused.reason)}")
    for note in found.notes:
        print(f"note: {visible(note)}")
    count = {
        change: sum(p.change == change for p in found.placed) for change in ("new", "replaced", "unchanged")
    }
    told = [f"{number} {change}" for change, number in count.items() if number]
    told += [f"{len(found.not_placed)} not placed"] if found.not_placed else []
    told += [f"{len(found.refused)} refused"] if found.refused else []
    told += [f"{len(found.flags)} to look at"] if found.flags else []
    kept = (
        "the attempt with most automatic points counts" if found.keep == "best" else "the last attempt counts"
    )
    print(f"{found.assignment}: {', '.join(told) or 'nothing to collect'}; {kept}")
    if found.dry_run:
        print("nothing was written; the same command without --dry-run does it")


def _placed(placed: Placed) -> str:
    by = f" handed in by {placed.by}" if placed.by else ""
    points = "" if placed.points is None else f", {placed.points:g} automatic points"
    what = f"{placed.student}: {placed.change}, {placed.time or 'without a time'}{by}{points} ({placed.file})"
    return visible(what)


def print_import(found: Imported) -> None:
    """The students that came in, and what was left out."""
    for title, names in (("added", found.added), ("changed", found.changed)):
        for name in names[:MAX_ROWS]:
            print(f"{title}: {visible(name)}")
        if len(names) > MAX_ROWS:
            print(f"and {len(names) - MAX_ROWS} more {title}")
    for line in found.left_out:
        print(f"left out: {visible(line)}")
    if found.ignored_columns:
        print(f"columns that the gradebook does not have: {visible(', '.join(found.ignored_columns))}")
    print(f"{len(found.added)} added, {len(found.changed)} changed, {len(found.unchanged)} as they were")


def print_roster(roster: Roster) -> None:
    """One line a student."""
    for person in roster:
        fields = (
            person.id,
            person.name if person.name != person.id else "",
            person.email,
            person.lms_user_id,
        )
        print(visible("  ".join(filter(None, fields))))
    print(f"{len(roster)} students")


def print_traces(traces: Traces, left: Sequence[str], removed: bool) -> None:
    """Where something of a student's lies or lay, and what is left of it."""
    for trace in traces.found:
        print(f"{'removed' if removed else 'would remove'}: {visible(trace.where)}: {trace.what}")
    for line in left:
        print(f"left: {visible(line)}")


def lines_of(finding: Finding) -> list[str]:
    """What came out wrong, and where in the assignment that was decided."""
    message = visible(" ".join(finding.message.split())[:300])
    case = visible(finding.case)
    told = f"{case}: {finding.test}: expected {finding.expected}, got {finding.got}. {message}"
    return [told, *([f"  {visible(finding.where)}"] if finding.where else [])]


def line_of_leak(leak: Leak) -> str:
    """What got out, and where it stood."""
    return visible(f"{leak.case}: {leak.name} in {leak.where}")


def print_problems(found: Sequence[Problem]) -> None:
    """Each with its place, the line that it is about, and the mend."""
    for problem in found:
        print(f"{'' if problem.is_error else 'note: '}{problem.place}: {visible(problem.message)}")
        if problem.place.text:
            print(f"    {visible(problem.place.text)}")
        print(f"    mend: {visible(problem.mend)}")
