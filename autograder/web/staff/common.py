"""What the pages of staff have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from starlette.responses import Response

from autograder.errors import UsageError
from autograder.web.classtable import ClassTable, Line
from autograder.web.people import Role
from autograder.web.visiting import NotFound, Visit

PAGE = 50  # lines of a table


def assignment_of(visit: Visit) -> str:
    """The assignment in the address. Raises NotFound."""
    name = visit.path("assignment")
    if name not in visit.site.course.assignments():
        raise NotFound
    return name


def class_of(visit: Visit) -> ClassTable:
    """The class of the assignment in the address. Raises NotFound, and UsageError where nothing is graded."""
    return visit.site.classes.of(assignment_of(visit))


def class_if_graded(visit: Visit) -> ClassTable | None:
    """As `class_of`; None where nothing is graded yet."""
    assignment = assignment_of(visit)
    try:
        return visit.site.classes.of(assignment)
    except UsageError:
        return None


def line_of(visit: Visit, table: ClassTable) -> Line:
    """The student in the address. Raises NotFound."""
    line = table.lines.get(visit.path("student"))
    if line is None:
        raise NotFound
    return line


def base_of(assignment: str) -> str:
    """Where the pages of an assignment begin."""
    return f"/staff/{quote(assignment, safe='')}"


def shown(visit: Visit, template: str, tab: str, status: int = 200, **values: Any) -> Response:
    """A page of an assignment, with the tabs above it."""
    assignment = assignment_of(visit)
    return visit.page(
        f"staff/{template}",
        status,
        assignment=assignment,
        base=base_of(assignment),
        tab=tab,
        is_instructor=visit.me.role is Role.INSTRUCTOR,
        **values,
    )


@dataclass(frozen=True, slots=True)
class Pages:
    """The lines of a table from `first` on, and where the others are. `asked` is what leads to them."""

    number: int
    total: int
    asked: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, visit: Visit, total: int, *names: str) -> Pages:
        """The page that is asked for; `names` are what else stands behind the question mark."""
        last = max(1, -(-total // PAGE))
        number = visit.asked("page", "1")
        wanted = int(number) if number.isdecimal() and len(number) < 8 else 1
        asked = tuple((name, value) for name in names if (value := visit.asked(name)))
        return cls(min(max(wanted, 1), last), total, asked)

    @property
    def first(self) -> int:
        return (self.number - 1) * PAGE

    @property
    def end(self) -> int:
        return min(self.first + PAGE, self.total)

    @property
    def last(self) -> int:
        return max(1, -(-self.total // PAGE))

    def link(self, number: int) -> str:
        return "?" + urlencode([*self.asked, ("page", str(number))])


def number_in(text: str, what: str) -> float | None:
    """A number as people type it, with a comma or a point; None for nothing. Raises UsageError."""
    text = text.strip()
    if not text:
        return None
    try:
        if len(text) > 20:
            raise ValueError
        return float(text.replace(",", "."))
    except ValueError:
        raise UsageError(f"{what} must be a number, not {text[:20]!r}") from None
