"""A test in parts: all of them run, each is worth points of its own, and every failure has its message."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class Points(float):
    """What a test in parts comes to. `failures` are the parts that failed: what they were, and the exception.

    A float to everybody else: as the last value of a test cell, it is partial credit to nbgrader too.
    """

    failures: tuple[tuple[str, Exception], ...] = ()


class Parts:
    """Adds up the parts of a test that pass::

    parts = checks.Parts()
    with parts.worth(1, "positive numbers"):
        assert double(2) == 4
    with parts.worth(2, "negative numbers"):
        assert double(-2) == -4
    parts.points
    """

    def __init__(self) -> None:
        self._points = 0.0
        self._failures: list[tuple[str, Exception]] = []

    @contextmanager
    def worth(self, points: float, what: str = "") -> Iterator[None]:
        """One part, named `what` for the student. Raises ValueError for negative points.

        A student's process that dies or takes too long ends the whole test, and so does one without memory.
        """
        if not points >= 0:
            raise ValueError("a part is worth a number of points that is not negative")
        try:
            yield
        except MemoryError:
            raise
        except Exception as error:
            self._failures.append((what, error))
            print(f"{what or 'a part'}: {type(error).__name__}: {error}")
        else:
            self._points += points

    @property
    def points(self) -> Points:
        """The points of the parts that passed; to be the last line of the test cell."""
        total = Points(self._points)
        total.failures = tuple(self._failures)
        return total
