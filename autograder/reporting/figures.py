"""The numbers of a report, as plain data: no HTML, no file, nothing to compute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from autograder.moves import Move
from autograder.result import Outcome, Status

FEWEST = 10  # students of whom a spread or a correlation says anything


@dataclass(frozen=True, slots=True)
class Spread:
    """How values lie: quartiles by linear interpolation, the deviation that of a sample."""

    count: int
    mean: float
    deviation: float
    least: float
    quartile_1: float
    median: float
    quartile_3: float
    p95: float
    most: float

    @property
    def is_of_few(self) -> bool:
        """Whether the deviation and the quartiles say nothing, of so few values."""
        return self.count < FEWEST


@dataclass(frozen=True, slots=True)
class Bin:
    """Students with marks from `low` up to `high`, which belongs to the next bin but for the last one."""

    low: float
    high: float
    students: int


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks that count: manual scores, extra credit and penalties included, as nbgrader counts them.

    `automatic_only` tells that there was no gradebook, and these are the points of the tests. `open` students
    wait for a human, so their marks may rise. Who is excused is not among them.
    """

    max: float
    spread: Spread | None
    bins: tuple[Bin, ...]
    automatic_only: bool = False
    roster: int = 0
    handed_in: int = 0
    open: int = 0
    penalised: int = 0
    excused: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """One cell with points: a test, or an answer that a human marks.

    `difficulty` is the mean share of its points (the p of item analysis: 1 is easy), of `taken` students
    with a mark; `discrimination` the correlation with the rest of the test, None where it means nothing.
    """

    name: str
    by_hand: bool
    max: float
    taken: int
    mean: float | None
    difficulty: float | None
    discrimination: float | None
    outcomes: Mapping[Outcome, int]
    seconds: Spread | None
    slowest: str = ""  # the student


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A test that looks wrong, and why. `serious` where it may cost students points."""

    test: str
    why: str
    serious: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The same of several students. In `text`, `#` stands for any number; `example` is one as it was."""

    where: str  # "notebook/cell", or nothing
    kind: str  # the outcome, or nothing
    text: str
    count: int
    students: tuple[str, ...]  # the first few
    example: str


@dataclass(frozen=True, slots=True)
class CellTime:
    """Seconds that a cell which is no test took."""

    name: str
    seconds: Spread


@dataclass(frozen=True, slots=True)
class Moved:
    """What the last run that replaced results did to marks."""

    time: datetime
    moves: tuple[Move, ...]

    @property
    def up(self) -> int:
        return sum((move.after or 0) > (move.before or 0) for move in self.moves)

    @property
    def down(self) -> int:
        return sum((move.after or 0) < (move.before or 0) for move in self.moves)

    @property
    def students(self) -> int:
        return len({move.student for move in self.moves})


@dataclass(frozen=True, slots=True)
class Report:
    """All numbers of an assignment's report.

    `holds` are the reasons to hold marks back that are about no single test, `notes` say what could not be
    read.
    """

    assignment: str
    statuses: Mapping[Status, int]
    marks: Marks
    items: tuple[Item, ...]
    alpha: float | None
    judged: int  # students with a mark from every test: those that discrimination and alpha are of
    suspicions: tuple[Suspicion, ...]
    holds: tuple[str, ...]
    failures: tuple[Group, ...]
    seconds: Spread | None  # of a submission
    slowest: tuple[tuple[str, float], ...]
    cells: tuple[CellTime, ...]
    tampering: tuple[Group, ...]
    limits: tuple[Group, ...]
    faults: tuple[Group, ...]
    retries: tuple[Group, ...]
    unreadable: tuple[Group, ...]
    moved: Moved | None = None
    notes: tuple[str, ...] = ()

    @property
    def graded(self) -> int:
        """Results that were read."""
        return sum(self.statuses.values())
