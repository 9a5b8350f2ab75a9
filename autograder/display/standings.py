"""What grading shows of a class: its table, marks that moved, what a report finds, answers that are alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from typing import TYPE_CHECKING

from autograder.display.terminal import MAX_ROWS, counted, visible
from autograder.errors import some_of
from autograder.reporting.figures import FEWEST
from autograder.result import Result, Status

if TYPE_CHECKING:
    from pathlib import Path

    from rich.table import Table

    from autograder.feedback.publishing import Published
    from autograder.grading import Graded
    from autograder.history import Run
    from autograder.moves import Move
    from autograder.repairing import Preview
    from autograder.reporting.figures import Report
    from autograder.similarity import Group, Similar

MAX_SHOWN = 5  # failures that a report names
MAX_REASON = 300  # characters of an exception
MAX_REMARKS = 20  # lines on what to look at, in a class
MAX_REMARKS_EACH = 3  # on one submission


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
    lines = [line for result in results for line in _to_look_at(result)]
    for line in lines[:MAX_REMARKS]:
        print(visible(f"look at: {line}"))
    if len(lines) > MAX_REMARKS:
        print(f"and {len(lines) - MAX_REMARKS} more; --json has them all")
    print(_summary(graded))
    points = [r.points for r in results if r.status is Status.GRADED]
    if len(points) >= FEWEST:
        for line in distribution(points, max_points):
            print(line)


def print_strangers(students: Sequence[str]) -> None:
    """Who handed in and is not in the class list."""
    if students:
        guess = "a folder with a mistyped name?" if len(students) == 1 else "folders with mistyped names?"
        print(visible(f"note: not in the class list: {some_of(students)} ({guess})"))


def _summary(graded: Sequence[Graded]) -> str:
    results = [g.result for g in graded]
    count = Counter(result.status for result in results)
    repaired = sum(bool(result.tampering) for result in results)
    kinds = (
        (count[Status.GRADED], "graded", "graded"),
        (count[Status.NOT_GRADABLE], "not gradable", "not gradable"),
        (count[Status.MISSING], "without a notebook", "without a notebook"),
        (count[Status.FAULT], "fault", "faults"),
        (repaired, "with repairs", "with repairs"),
    )
    found = ", ".join(counted(*kind) for kind in kinds if kind[0])
    before = sum(g.skipped for g in graded)
    which = "all" if before == len(graded) else before
    unchanged = f"; {which} unchanged since an earlier run" if before else ""
    return f"{counted(len(results), 'submission')}: {found or 'nothing to grade'}{unchanged}"


def _to_look_at(result: Result) -> Iterator[str]:
    """A line for each of the first few things that a table has no room for, with whose they are."""
    reasons = [
        f"{part.name}.ipynb: {part.reason.removeprefix(f'{part.name}.ipynb ')}"
        for part in result.notebooks
        if part.reason
    ]
    faults = [
        f"a fault of the grader or of a test: {where}: {why[:MAX_REASON]}" for where, why in result.faults
    ]
    remarks = [*faults, *reasons, *result.tampering]
    for remark in remarks[:MAX_REMARKS_EACH]:
        yield f"{result.student}: {remark}"
    if len(remarks) > MAX_REMARKS_EACH:
        yield f"{result.student}: and {len(remarks) - MAX_REMARKS_EACH} more; --json has them all"


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
    if found.by_hand:
        parts.append(f"{counted(len(found.by_hand), 'stays', 'stay')} as given by hand")
    parts += [f"{len(found.new)} graded for the first time"] if found.new else []
    if found.unchanged:
        parts.append(
            f"{counted(found.unchanged, 'submission needs', 'submissions need')} not be graded again"
        )
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
    who = counted(students, "student")
    return f"{counted(len(found), 'mark')} of {who} {verb}, {up} up and {down} down"


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
    told = [counted(report.graded, "result")]
    if marks.spread is not None:
        told.append(f"median {marks.spread.median:.4g} of {marks.max:g}, mean {marks.spread.mean:.4g}")
    told += [f"{counted(marks.open, 'waits', 'wait')} for a human"] if marks.open else []
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
    return f"{counted(group.tokens, 'token')}: {who}{share}"
