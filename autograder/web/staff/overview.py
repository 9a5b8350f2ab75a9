"""Where staff begin: the classes of a course, and one class at a glance, live while it is graded."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup
from starlette.responses import Response

from autograder.database import time_of
from autograder.holding import FEWEST, NEARLY_ALL
from autograder.result import Status
from autograder.web.classtable import ClassTable
from autograder.web.live import Shown
from autograder.web.queue import Job, JobState
from autograder.web.staff.common import assignment_of, base_of, class_if_graded, shown
from autograder.web.store import problem_of
from autograder.web.visiting import Visit

BARS = 20

_CLASSES = """
SELECT a.name, a.duedate, (SELECT count(*) FROM submitted_assignment s WHERE s.assignment_id = a.id)
FROM assignment a
"""


def classes(visit: Visit) -> Response:
    """The assignments of the course."""
    known = {name: (time_of(due), count) for name, due, count in visit.site.course.database.rows(_CLASSES)}
    assignments = [
        {"name": name, "due": known.get(name, (None, 0))[0], "graded": known.get(name, (None, 0))[1]}
        for name in visit.site.course.assignments()
    ]
    return visit.page("staff/classes.html", assignments=assignments)


@dataclass(frozen=True, slots=True)
class Bar:
    """Students with `low` to `high` points; `share` is that of the highest bar."""

    low: float
    high: float
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the class. `share` is the mean of the points, of their maximum."""

    path: str
    max_score: float
    by_hand: bool
    share: float | None
    full: int
    none: int
    open: int
    overridden: int
    warning: str


@dataclass(frozen=True, slots=True)
class Glance:
    """The numbers of a class that one looks at first."""

    students: int
    handed_in: int
    marked: int
    open: int
    faults: int
    ungradable: int
    tampered: int
    mean: float | None
    median: float | None
    bars: tuple[Bar, ...]
    questions: tuple[Asked, ...]


def glance(table: ClassTable) -> Glance:
    return table.once("glance", lambda: _glance(table))


def _glance(table: ClassTable) -> Glance:
    lines = table.handed_in
    scores = [line.mark.score for line in lines if line.mark.marked]
    summaries = [line.summary for line in lines if line.summary is not None]
    return Glance(
        students=len(table.lines),
        handed_in=len(lines),
        marked=len(scores),
        open=sum(bool(line.mark.open) for line in lines),
        faults=sum(summary.is_faulty for summary in summaries),
        ungradable=sum(summary.status is Status.NOT_GRADABLE for summary in summaries),
        tampered=sum(summary.tampering > 0 for summary in summaries),
        mean=statistics.fmean(scores) if scores else None,
        median=statistics.median(scores) if scores else None,
        bars=_bars(scores, table.max_score),
        questions=tuple(_asked(table, number) for number in range(len(table.questions))),
    )


def _bars(scores: Sequence[float], most: float) -> tuple[Bar, ...]:
    if not scores or most <= 0:
        return ()
    count = int(most) if most == int(most) and 4 <= most <= BARS else BARS
    width = most / count
    counts = [0] * (count + 1)  # full marks have a bar of their own
    for score in scores:
        counts[min(count, int(score / width + 1e-9))] += 1
    top = max(counts)
    return tuple(
        Bar(n * width, min(most, (n + 1) * width) if n < count else most, found, found / top)
        for n, found in enumerate(counts)
    )


def _asked(table: ClassTable, column: int) -> Asked:
    question = table.questions[column]
    cells = [line.cells[column] for line in table.lines.values() if line.cells]
    points = [cell.points for cell in cells if cell.points is not None]
    full = sum(value >= question.max_score for value in points)
    none = sum(value == 0 for value in points)
    warning = ""
    if len(points) >= FEWEST and question.max_score and not question.by_hand:
        if none == len(points):
            warning = "nobody passes it: is the test right?"
        elif none >= NEARLY_ALL * len(points):
            warning = "nearly nobody passes it: is the test right?"
        elif full == len(points):
            warning = "everybody passes it: does it test anything?"
    return Asked(
        path=question.path,
        max_score=question.max_score,
        by_hand=question.by_hand,
        share=statistics.fmean(points) / question.max_score if points and question.max_score else None,
        full=full,
        none=none,
        open=sum(cell.is_open for cell in cells),
        overridden=sum(cell.is_overridden for cell in cells),
        warning=warning,
    )


def overview(visit: Visit) -> Response:
    """One class at a glance."""
    table = class_if_graded(visit)
    rendered = None
    if table is not None:
        rendered = table.once("overview", lambda: _rendered(visit, table))
    return shown(visit, "overview.html", "overview", glance=rendered, progress=progress_of(visit))


def _rendered(visit: Visit, table: ClassTable) -> Markup:
    """The same for everybody on staff."""
    return Markup(
        visit.part("staff/glance.html", base=base_of(table.assignment), table=table, glance=glance(table))
    )


# While it is graded -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the grading process is with this class. `left` is in seconds.

    `waiting` are uploads that are not graded yet, `problem` why the process cannot grade this assignment.
    """

    job: Job | None
    rate: float | None
    left: float | None
    waiting: int
    problem: str
    faults: int

    @property
    def is_working(self) -> bool:
        return self.job is not None and not self.job.state.is_over


def progress_of(visit: Visit) -> Progress:
    """What the newest job of the assignment is doing, and what came of the class so far."""
    table = class_if_graded(visit)
    seen = glance(table) if table is not None else None
    assignment = assignment_of(visit)
    jobs = visit.site.jobs.of(assignment, limit=1)
    job = jobs[0] if jobs else None
    rate = left = None
    if job is not None and job.state is JobState.RUNNING and job.started and job.done:
        rate = job.done / max(time.time() - job.started, 0.1)
        left = (job.total - job.done) / rate
    problem = visit.site.store.get(problem_of(assignment)) or ""
    waiting = visit.site.receipts.waiting(assignment)
    return Progress(job, rate, left, waiting, problem, seen.faults if seen else 0)


def live(visit: Visit) -> Response:
    """The same, as often as it changes."""
    assignment = assignment_of(visit)

    def state() -> object:
        jobs = visit.site.jobs.of(assignment, limit=1)
        table = class_if_graded(visit)
        return [(job.number, job.revision) for job in jobs], table.read if table is not None else 0

    def show() -> Shown:
        return Shown(visit.part("staff/progress.html", progress=progress_of(visit)))

    return visit.site.pulse.stream(visit.me.id, state, show)
