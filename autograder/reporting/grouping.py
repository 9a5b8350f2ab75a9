"""Messages that differ in numbers alone fall together."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from autograder.reporting.figures import Group

MOST_CHARACTERS = 300  # of a message: what is the same so far is the same
NAMED = 5  # students of each group
# not the digits of names, as in x1, test_2 or float64
_NUMBER = re.compile(
    r"(?<![\w.])[-+]?(?:0x[0-9a-f]+|(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?j?|inf\b|nan\b)", re.IGNORECASE
)
_NUMBERS = re.compile(r"#(?:(?:,? \.{3},? |,? ?|[+-])#)+")


def pattern_of(message: str) -> str:
    """One line with `#` for every number, and for every row of numbers."""
    line = " ".join(message[: 4 * MOST_CHARACTERS].split())[:MOST_CHARACTERS]
    return _NUMBERS.sub("#", _NUMBER.sub("#", line))


@dataclass(slots=True)
class Grouping:
    """Counts what happened by where and what; who comes first is named."""

    _counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    _first: dict[tuple[str, str, str], tuple[list[str], str]] = field(default_factory=dict)

    def add(self, where: str, kind: str, message: str, student: str) -> None:
        key = where, kind, pattern_of(message)
        self._counts[key] += 1
        students, _ = self._first.setdefault(key, ([], message[:MOST_CHARACTERS]))
        if len(students) < NAMED and student not in students:
            students.append(student)

    def groups(self) -> tuple[Group, ...]:
        """The most common first."""
        ordered = sorted(self._counts.items(), key=lambda item: (-item[1], item[0]))
        return tuple(
            Group(*key, count, tuple(self._first[key][0]), self._first[key][1]) for key, count in ordered
        )
