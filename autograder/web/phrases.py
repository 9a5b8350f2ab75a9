"""Comments that are used again: what graders say of one question more than once, and what it is worth."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select

from autograder.errors import UsageError
from autograder.handmarking import tidy
from autograder.web import schema
from autograder.web.store import Store

MOST, LONGEST = 9, 500  # of a question, each with a key of its own; characters
_TABLE = schema.phrases


@dataclass(frozen=True, slots=True)
class Phrase:
    """A comment, and the points that go with it where it has any."""

    number: int
    text: str
    points: float | None


class Phrases:
    """Those of all questions, shared by everybody who marks."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, assignment: str, question: str) -> list[Phrase]:
        """In the order in which they were written."""
        query = (
            select(_TABLE.c.number, _TABLE.c.text, _TABLE.c.points)
            .where(_TABLE.c.assignment == assignment, _TABLE.c.question == question)
            .order_by(_TABLE.c.number)
        )
        with self._store.reading() as connection:
            return [Phrase(*row) for row in connection.execute(query)]

    def add(self, assignment: str, question: str, text: str, points: float | None, by: str) -> None:
        """Raises UsageError for an empty one, or one too many."""
        text = tidy(text, LONGEST, "the comment")
        if not text:
            raise UsageError("an empty comment cannot be kept; write one")
        with self._store.writing() as connection:
            count = connection.scalar(
                select(func.count()).where(_TABLE.c.assignment == assignment, _TABLE.c.question == question)
            )
            if count is not None and count >= MOST:
                raise UsageError(f"{MOST} comments are kept for a question; remove one first")
            values = {"assignment": assignment, "question": question, "text": text, "points": points}
            connection.execute(insert(_TABLE).values(**values, by=by))

    def remove(self, assignment: str, question: str, number: int) -> None:
        with self._store.writing() as connection:
            connection.execute(
                delete(_TABLE).where(
                    _TABLE.c.assignment == assignment,
                    _TABLE.c.question == question,
                    _TABLE.c.number == number,
                )
            )
