"""What a file for a learning platform says, of whom, and what to know before it is handed in there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from autograder.errors import some_of
from autograder.marks.matching import Matching
from autograder.marks.table import Mark, Table


@dataclass(frozen=True, slots=True)
class Given:
    """One cell that is written: whose, what, and what stood there before."""

    student_id: str
    label: str
    value: str
    before: str

    @property
    def replaces(self) -> bool:
        """Whether another mark stood there."""
        return self.before.strip() not in ("", "-", self.value)


@dataclass(frozen=True, slots=True)
class Filling:
    """The file's text, the marks in it, and notes: a line each, what it is about and of whom."""

    text: str
    given: tuple[Given, ...]
    notes: tuple[str, ...]

    @property
    def changed(self) -> tuple[Given, ...]:
        """Those that put another mark in the place of one."""
        return tuple(each for each in self.given if each.replaces)


def about(what: str, who: Iterable[str]) -> Iterator[str]:
    """One line that names the first of them, if there are any."""
    if names := list(who):
        yield f"{what}: {len(names)} ({some_of(names)})"


def note_on_later(assignment: str, marks: Iterable[Mark]) -> Iterator[str]:
    """A line where the assignment has questions that it had not when these students were graded."""
    lacking = [mark for mark in marks if mark.lacking and not mark.excused]
    if lacking:
        who = "1 student has" if len(lacking) == 1 else f"{len(lacking)} students have"
        questions = some_of(sorted({question for mark in lacking for question in mark.lacking}))
        yield f"not final: {who} no mark yet for {questions}; run `autograder grade {assignment}`"


def notes_on_marks(assignment: str, marks: Iterable[Mark]) -> Iterator[str]:
    """What an instructor should know of marks that go out, whatever the platform."""
    marks = list(marks)
    yield from note_on_later(assignment, marks)
    yield from about("excused", (mark.student_id for mark in marks if mark.excused))
    waiting = [mark for mark in marks if mark.open and not mark.excused]
    if waiting:
        counts = Counter(question for mark in waiting for question in mark.open)
        questions = some_of([f"{question} of {count}" for question, count in counts.most_common()])
        yield f"not final, since nobody has marked all questions: {len(waiting)} students ({questions})"
    yield from about(
        "handed in, and without any mark", (m.student_id for m in marks if m.submitted and not m.marked)
    )


def notes_on_lists(matching: Matching, labels: list[str]) -> Iterator[str]:
    """Who is in one list alone, or cannot be told from another."""
    yield from about("in their list, not in our roster", (labels[position] for position in matching.unknown))
    missing = [mark for mark in matching.not_listed if mark.submitted]
    yield from about("has a submission and is not in their list", (mark.student_id for mark in missing))
    yield from about("ambiguous, left out", matching.ambiguous)
    by_name = [mark.student_id for mark, kind in matching.found.values() if kind == "name"]
    yield from about("told by the name alone", by_name)
    matched = (mark for mark, _ in matching.found.values())
    yield from about("in their list without a submission", (m.student_id for m in matched if not m.submitted))


def factor(table: Table, maximum: float | None, scale: bool) -> tuple[float, list[str]]:
    """By what marks are multiplied, and a line where the platform counts to another maximum."""
    if maximum is None or abs(maximum - table.max_score) < 0.005 or not table.max_score:
        return 1.0, []
    other = f"the platform counts to {maximum:g} points, this assignment to {table.max_score:g}"
    if scale:
        return maximum / table.max_score, [f"{other}: marks are scaled"]
    return 1.0, [f"{other}: marks are written as they are; --scale scales them"]
