"""Who may sign in, and what a page asks of whoever wants it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody is in the course."""

    STUDENT = "student"
    GRADER = "grader"
    INSTRUCTOR = "instructor"


class Needs(StrEnum):
    """Whom a page is for."""

    ANYBODY = "anybody"
    SIGNED_IN = "signed in"
    STUDENT = "student"
    GRADER = "grader"  # and instructors
    INSTRUCTOR = "instructor"

    def admits(self, role: Role | None) -> bool:
        """Whether somebody of this role may see it; None has not signed in."""
        return role in _ADMITTED[self]


_ADMITTED: dict[Needs, frozenset[Role | None]] = {
    Needs.ANYBODY: frozenset({None, *Role}),
    Needs.SIGNED_IN: frozenset(Role),
    Needs.STUDENT: frozenset({Role.STUDENT}),
    Needs.GRADER: frozenset({Role.GRADER, Role.INSTRUCTOR}),
    Needs.INSTRUCTOR: frozenset({Role.INSTRUCTOR}),
}


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in. A student's id is the one of the roster."""

    id: str
    role: Role
    name: str
    has_password: bool = False

    @property
    def is_staff(self) -> bool:
        return self.role is not Role.STUDENT
