"""Who is in the class: the gradebook's students, found by id, by the LMS's id, by email or by name."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from autograder.course import Course

COLUMNS = ("id", "first_name", "last_name", "email", "lms_user_id")


@dataclass(frozen=True, slots=True)
class Person:
    """One student as nbgrader's gradebook has them; what is not known is empty."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""

    @property
    def name(self) -> str:
        """First and last name, or the id of who has neither."""
        return f"{self.first_name} {self.last_name}".strip() or self.id

    @property
    def names(self) -> frozenset[str]:
        """The normalised forms under which an LMS may name them: first name first, and last name first."""
        first, last = normalised(self.first_name), normalised(self.last_name)
        return frozenset({first + last, last + first}) - {""}


def normalised(name: str) -> str:
    """A name without case, accents, spaces and punctuation, as Canvas writes it into file names."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(c for c in plain if c.isalnum())


class Roster:
    """The students of a course. A lookup gives all who fit: whoever asks must not choose between two."""

    def __init__(self, people: Iterable[Person]) -> None:
        self.people = tuple(sorted(people, key=lambda person: person.id))
        self._by_id = {person.id: person for person in self.people}
        self._by_lms_id = _index(self.people, lambda person: [person.lms_user_id])
        self._by_email = _index(self.people, lambda person: [person.email.casefold()])
        self._by_name = _index(self.people, lambda person: person.names)

    def __iter__(self) -> Iterator[Person]:
        return iter(self.people)

    def __len__(self) -> int:
        return len(self.people)

    def by_id(self, student: str) -> Person | None:
        return self._by_id.get(student)

    def by_lms_id(self, lms_user_id: str) -> tuple[Person, ...]:
        return self._by_lms_id.get(lms_user_id, ())

    def by_email(self, email: str) -> tuple[Person, ...]:
        """Without regard to case."""
        return self._by_email.get(email.casefold(), ())

    def by_name(self, name: str) -> tuple[Person, ...]:
        """By `normalised` first and last name, in either order."""
        return self._by_name.get(normalised(name), ())

    def strangers(self, students: Iterable[str]) -> list[str]:
        """Those who are not in the class list; nobody where the gradebook has nothing but ids.

        Grading enters whoever handed something in, by the id alone: that makes no list of a class.
        """
        if all(person == Person(person.id) for person in self.people):
            return []
        return [student for student in students if student not in self._by_id]

    @classmethod
    def of(cls, course: Course) -> Roster:
        """The students in the course's gradebook, none where there is no gradebook. Raises UsageError."""
        query = f"SELECT {', '.join(COLUMNS)} FROM student"
        rows = course.database.rows(query)
        return cls(Person(*(str(value or "") for value in row)) for row in rows)


def _index(
    people: Iterable[Person], keys: Callable[[Person], Iterable[str]]
) -> dict[str, tuple[Person, ...]]:
    found: dict[str, tuple[Person, ...]] = {}
    for person in people:
        for key in keys(person):
            if key:
                found[key] = (*found.get(key, ()), person)
    return found
