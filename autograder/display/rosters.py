"""What is shown of people: what they handed in, who is in the class, what is left of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograder.display.terminal import MAX_ROWS, counted, visible

if TYPE_CHECKING:
    from autograder.collecting.collect import Collection
    from autograder.collecting.keeping import Placed
    from autograder.roster import Roster
    from autograder.students import Imported, Traces


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
    print(counted(len(roster), "student"))


def print_traces(traces: Traces, left: Sequence[str], removed: bool) -> None:
    """Where something of a student's lies or lay, and what is left of it."""
    for trace in traces.found:
        print(f"{'removed' if removed else 'would remove'}: {visible(trace.where)}: {trace.what}")
    for line in left:
        print(f"left: {visible(line)}")
