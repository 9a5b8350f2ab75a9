"""From results and marks to the numbers of a report, in one pass: a class is never held in memory."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from autograder.errors import some_of
from autograder.holding import FEWEST, NEARLY_ALL, Holding
from autograder.marks.filling import note_on_later
from autograder.marks.table import Table
from autograder.reporting.figures import Bin, CellTime, Item, Marks, Moved, Report, Suspicion
from autograder.reporting.grouping import Grouping
from autograder.reporting.items import Analysis, analyse, correlation, is_below_zero, spread
from autograder.result import NotebookResult, Outcome, Result, Status, TestResult

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SLOWEST = 10  # students that are named
BINS = 10
FEWEST_TESTS = 5  # of which one that is failed alone says something
_OWN = "cells of students' own"


@dataclass(frozen=True, slots=True)
class ByHand:
    """An answer that humans mark: the points that count, by student, None where it is open."""

    name: str
    max: float
    scores: Mapping[str, float | None]


def report_of(
    assignment: str,
    results: Iterable[Result],
    table: Table | None = None,
    by_hand: Sequence[ByHand] = (),
    moved: Moved | None = None,
    notes: Sequence[str] = (),
) -> Report:
    """The report on the results; they are read one at a time. `table` has the marks that count.

    `notes` may still grow while the results are read.
    """
    counted = _Counted()
    for result in results:
        counted.add(result)
    return counted.report(assignment, table, by_hand, moved, notes)


@dataclass(slots=True)
class _Test:
    """What is known of one test. `scores` has the places of students with it."""

    max: float = 0.0
    scores: dict[int, float] = field(default_factory=dict)
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")

    def add(self, test: TestResult, place: int, student: str) -> None:
        self.max = max(self.max, test.max)
        self.outcomes[test.outcome] += 1
        if test.outcome is not Outcome.FAULT:
            self.scores[place] = test.points
        self.seconds.append(test.seconds)
        self.slowest = max(self.slowest, (test.seconds, student))


@dataclass(slots=True)
class _Counted:
    students: list[str] = field(default_factory=list)
    totals: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    statuses: Counter[Status] = field(default_factory=Counter)
    tests: dict[str, _Test] = field(default_factory=lambda: defaultdict(_Test))
    cells: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failures: Grouping = field(default_factory=Grouping)
    tampering: Grouping = field(default_factory=Grouping)
    limits: Grouping = field(default_factory=Grouping)
    faults: Grouping = field(default_factory=Grouping)
    retries: Grouping = field(default_factory=Grouping)
    unreadable: Grouping = field(default_factory=Grouping)
    holding: Holding = field(default_factory=Holding)

    def add(self, result: Result) -> None:
        place, student = len(self.students), result.student
        self.students.append(student)
        self.totals.append(result.points)
        self.statuses[result.status] += 1
        self.holding.add(result)
        spent = 0.0
        for part in result.notebooks:
            spent += self._add_notebook(part, place, student)
        self.seconds.append(spent)
        for group, lines in (
            (self.tampering, result.tampering),
            (self.limits, result.limits),
            (self.retries, result.retries),
        ):
            for line in lines:
                group.add("", "", line, student)
        for where, text in result.faults:
            self.faults.add(where, "", text, student)

    def _add_notebook(self, part: NotebookResult, place: int, student: str) -> float:
        """Returns the seconds that it took."""
        if part.status is Status.NOT_GRADABLE:
            self.unreadable.add(part.name, "", part.reason, student)
        spent = 0.0
        for test in part.tests:
            name = f"{part.name}/{test.id}"
            self.tests[name].add(test, place, student)
            spent += test.seconds
            if test.points < test.max and test.outcome is not Outcome.FAULT:
                self.failures.add(name, test.outcome, test.message, student)
        for cell in part.cells:
            if cell.outcome is Outcome.SKIPPED:
                continue
            name = f"{part.name}/{cell.id or _OWN}"
            self.cells[name].append(cell.seconds)
            spent += cell.seconds
            if cell.outcome is not Outcome.PASSED:
                self.failures.add(name, cell.outcome, cell.message, student)
        return spent

    def report(
        self,
        assignment: str,
        table: Table | None,
        by_hand: Sequence[ByHand],
        moved: Moved | None,
        notes: Sequence[str],
    ) -> Report:
        scores = self._scores()
        analysis = analyse(scores, [test.max for test in self.tests.values()])
        items = [
            *self._items(analysis),
            *(self._item_by_hand(item, scores.sum(axis=1)) for item in by_hand),
        ]
        slowest = heapq.nlargest(SLOWEST, zip(self.seconds, self.students, strict=True))
        return Report(
            assignment=assignment,
            statuses=dict(self.statuses),
            marks=self._marks(table),
            items=tuple(items),
            alpha=analysis.alpha,
            judged=analysis.students,
            suspicions=tuple(_suspicions(items, analysis)),
            holds=tuple(self.holding.of_the_class()),
            failures=self.failures.groups(),
            seconds=spread(self.seconds),
            slowest=tuple((student, seconds) for seconds, student in slowest),
            cells=tuple(
                CellTime(name, found) for name, times in self.cells.items() if (found := spread(times))
            ),
            tampering=self.tampering.groups(),
            limits=self.limits.groups(),
            faults=self.faults.groups(),
            retries=self.retries.groups(),
            unreadable=self.unreadable.groups(),
            moved=moved,
            notes=(*notes, *self._not_in(table), *_later(table)),
        )

    def _not_in(self, table: Table | None) -> Iterator[str]:
        """Whose result the gradebook does not have: while a class is graded, or where that was stopped."""
        there = {mark.student_id for mark in table.marks if mark.submitted} if table is not None else set()
        missing = [student for student in self.students if student not in there]
        if table is not None and missing:
            yield (
                f"graded, but not in the gradebook, so not among the marks: {some_of(missing)}; run "
                f"`autograder grade {table.assignment}` to the end"
            )

    def _scores(self) -> NDArray[np.float64]:
        """Students x tests, nan where a test gave no mark."""
        import numpy as np

        scores = np.full((len(self.students), len(self.tests)), np.nan)
        for column, test in enumerate(self.tests.values()):
            scores[list(test.scores.keys()), column] = list(test.scores.values())
        return scores

    def _items(self, analysis: Analysis) -> Iterator[Item]:
        for (name, test), discrimination in zip(self.tests.items(), analysis.discrimination, strict=True):
            mean = sum(test.scores.values()) / len(test.scores) if test.scores else None
            difficulty = mean / test.max if mean is not None and test.max else None
            yield Item(
                name=name,
                by_hand=False,
                max=test.max,
                taken=len(test.scores),
                mean=mean,
                difficulty=difficulty,
                discrimination=discrimination,
                outcomes=dict(test.outcomes),
                seconds=spread(test.seconds),
                slowest=test.slowest[1],
            )

    def _item_by_hand(self, item: ByHand, totals: NDArray[np.float64]) -> Item:
        import numpy as np

        given = [item.scores.get(student) for student in self.students]
        scores = np.array([np.nan if score is None else score for score in given], dtype=float)
        whole = ~np.isnan(scores) & ~np.isnan(totals)
        marked = scores[~np.isnan(scores)]
        mean = float(marked.mean()) if len(marked) else None
        return Item(
            name=item.name,
            by_hand=True,
            max=item.max,
            taken=len(marked),
            mean=mean,
            difficulty=mean / item.max if mean is not None and item.max else None,
            discrimination=correlation(scores[whole], totals[whole]),
            outcomes={},
            seconds=None,
        )

    def _marks(self, table: Table | None) -> Marks:
        if table is None:
            most = sum(test.max for test in self.tests.values())
            missing = self.statuses[Status.MISSING]
            return Marks(
                max=most,
                spread=spread(self.totals),
                bins=bins_of(self.totals, most),
                automatic_only=True,
                handed_in=len(self.students) - missing,
            )
        handed_in = [mark for mark in table.marks if mark.submitted and not mark.excused]
        scores = [mark.score for mark in handed_in]
        return Marks(
            max=table.max_score,
            spread=spread(scores),
            bins=bins_of(scores, table.max_score),
            roster=len(table.marks),
            handed_in=len(handed_in),
            open=sum(bool(mark.open) for mark in handed_in),
            penalised=sum(mark.late_submission_penalty > 0 for mark in handed_in),
            excused=sum(mark.excused for mark in table.marks),
        )


def _later(table: Table | None) -> Iterator[str]:
    if table is not None:
        yield from note_on_later(table.assignment, table.marks)


def bins_of(scores: Sequence[float], most: float) -> tuple[Bin, ...]:
    """BINS of the same width, and one more for those who have more than all points."""
    if not scores or not most:
        return ()
    width = most / BINS
    counts = Counter(min(int(BINS * score / most), BINS - 1) if score <= most else BINS for score in scores)
    bins = [Bin(width * n, width * (n + 1), counts[n]) for n in range(BINS)]
    return (*bins, Bin(most, max(scores), counts[BINS])) if counts[BINS] else tuple(bins)


def _suspicions(items: Sequence[Item], analysis: Analysis) -> Iterator[Suspicion]:
    """The serious ones first."""
    tests = [item for item in items if not item.by_hand and item.max]
    columns = {item.name: column for column, item in enumerate(items) if not item.by_hand}
    for item in tests:
        yield from _serious(item, analysis, columns[item.name])
    for item in tests:
        if item.taken >= FEWEST and item.difficulty == 1:
            yield Suspicion(item.name, f"none of {item.taken} fails it: it tells nobody apart", serious=False)


def _serious(item: Item, analysis: Analysis, column: int) -> Iterator[Suspicion]:
    nothing = item.taken - sum(item.outcomes.get(o, 0) for o in (Outcome.PASSED, Outcome.PARTIAL))
    if item.taken >= FEWEST and nothing >= NEARLY_ALL * item.taken:
        yield Suspicion(
            item.name,
            f"{nothing} of {item.taken} have no point, so marks are held back: is the test right?",
            serious=True,
        )
    if item.discrimination is not None and is_below_zero(item.discrimination, analysis.students):
        why = f"who passes it has fewer points elsewhere (discrimination {item.discrimination:.2f})"
        yield Suspicion(item.name, why, serious=True)
    alone, failed = analysis.alone[column], analysis.failed[column]
    if len(analysis.alone) >= FEWEST_TESTS and alone >= FEWEST and 2 * alone >= failed:
        why = f"{alone} of the {failed} who lose points here lose none in any other test: is it too strict?"
        yield Suspicion(item.name, why, serious=True)
