"""The class as a table, one question of it, and the accounts of the course."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from autograder.result import Outcome
from autograder.web.classtable import ClassTable, Line, View
from autograder.web.staff.common import Pages, base_of, class_of, shown
from autograder.web.staff.overview import glance
from autograder.web.visiting import NotFound, Visit

GROUPS, EXAMPLES = 30, 12


def class_table(visit: Visit) -> Response:
    """Everyone, as searched, filtered and sorted; a part of the page where htmx asks for one."""
    table = class_of(visit)
    view = View(
        search=visit.asked("search")[:100],
        state=visit.asked("state", "all"),
        sort=visit.asked("sort", "name"),
        descending=visit.asked("order") == "down",
    )
    lines = view.of(table)
    pages = Pages.of(visit, len(lines), "search", "state", "sort", "order", "columns")
    by_question = visit.asked("columns") == "questions"

    def rendered() -> Markup:
        """The same for everybody on staff."""
        return Markup(
            visit.part(
                "staff/lines.html",
                base=base_of(table.assignment),
                table=table,
                lines=lines[pages.first : pages.end],
                pages=pages,
                by_question=by_question,
                headings=_Headings(view, visit.asked("columns")),
            )
        )

    part = table.once(("lines", view, pages.number, by_question), rendered)
    if visit.uses_htmx:
        return HTMLResponse(part)
    return shown(visit, "class.html", "class", lines=part, view=view, by_question=by_question)


@dataclass(frozen=True, slots=True)
class _Headings:
    """Links that sort a table by a column."""

    view: View
    columns: str

    def link(self, sort: str, first: str = "up") -> str:
        order = first
        if sort == self.view.sort:
            order = "up" if self.view.descending else "down"
        values = {"search": self.view.search, "state": self.view.state, "columns": self.columns}
        return "?" + urlencode(
            {**{name: value for name, value in values.items() if value}, "sort": sort, "order": order}
        )

    def order(self, sort: str) -> str:
        if sort != self.view.sort:
            return ""
        return "descending" if self.view.descending else "ascending"


@dataclass(frozen=True, slots=True)
class Group:
    """Students to whom a test said the same."""

    outcome: Outcome
    message: str
    students: tuple[Line, ...]
    count: int


def question(visit: Visit) -> Response:
    """One question of the class: how it went, and what its test said to whom."""
    table = class_of(visit)
    path = f"{visit.path('notebook')}/{visit.path('cell')}"
    numbers = [number for number, one in enumerate(table.questions) if one.path == path]
    if not numbers:
        raise NotFound
    (number,) = numbers
    neighbours = table.questions[number - 1] if number else None, *table.questions[number + 1 : number + 2]

    def rendered() -> Markup:
        return Markup(
            visit.part(
                "staff/said.html",
                base=base_of(table.assignment),
                groups=_groups(table, path),
                points=_points(table, number),
            )
        )

    return shown(
        visit,
        "question.html",
        "overview",
        question=table.questions[number],
        asked=glance(table).questions[number],
        said=table.once(("said", path), rendered),
        before=neighbours[0],
        after=neighbours[1] if len(neighbours) > 1 else None,
    )


def _groups(table: ClassTable, path: str) -> list[Group]:
    found: dict[tuple[Outcome, str], list[Line]] = {}
    for line in table.lines.values():
        verdict = line.summary.verdicts.get(path) if line.summary else None
        if verdict is not None:
            found.setdefault((verdict.outcome, verdict.message), []).append(line)
    most = sorted(found.items(), key=lambda group: (group[0][0] is Outcome.PASSED, -len(group[1]), group[0]))
    return [
        Group(outcome, message, tuple(lines[:EXAMPLES]), len(lines))
        for (outcome, message), lines in most[:GROUPS]
    ]


def _points(table: ClassTable, column: int) -> list[tuple[float, int]]:
    """How many have how many points, most points first; at most so many different ones."""
    counts = Counter(
        round(points, 2)
        for line in table.lines.values()
        if line.cells and (points := line.cells[column].points) is not None
    )
    return sorted(counts.items(), reverse=True)[:GROUPS]
