"""Whose a submission is: the roster's answer to what an origin says, and the groups that hand in together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.collecting.attempt import HandIn, Stray, Who
from autograder.course import valid_name
from autograder.errors import UsageError
from autograder.roster import Person, Roster
from autograder.tables import read_table


@dataclass(frozen=True, slots=True)
class Belonging:
    """A submission of a student's; `by` is the member of the group who handed it in, if not the student."""

    hand_in: HandIn
    by: str = ""


@dataclass
class Matched:
    """Submissions by student, and those that belong to nobody for sure, with the reason."""

    by_student: dict[str, list[Belonging]] = field(default_factory=dict)
    strays: list[Stray] = field(default_factory=list)


def match(
    hand_ins: Iterable[HandIn],
    roster: Roster,
    groups: Mapping[str, Sequence[str]],
    new_students: bool = False,
) -> Matched:
    """Finds the students of all submissions. What could be two students' is nobody's.

    `groups` has the members of each student's group. With `new_students`, a folder's name makes a student.
    """
    found = Matched()
    certain: list[tuple[HandIn, str]] = []
    by_name: defaultdict[tuple[str, str], list[tuple[HandIn, Who]]] = defaultdict(list)
    for hand_in in hand_ins:
        for who in hand_in.who:
            answer = _person(who, roster)
            if isinstance(answer, Person):
                certain.append((hand_in, answer.id))
            elif isinstance(answer, _ByName):
                by_name[hand_in.origin, answer.person.id].append((hand_in, who))
            elif new_students and hand_in.origin == "folder" and valid_name(who.student):
                certain.append((hand_in, who.student))
            else:
                found.strays.append(Stray(hand_in.file, answer))
    taken = {(hand_in.origin, student) for hand_in, student in certain}
    for (origin, student), named in by_name.items():
        if (origin, student) in taken or len({who for _, who in named}) > 1:
            reason = f"more than one is called like {student!r}; {_MEND}"
            found.strays += [Stray(hand_in.file, reason) for hand_in, _ in named]
        else:
            certain += [(hand_in, student) for hand_in, _ in named]
    for hand_in, student in certain:
        for member in groups.get(student, (student,)):
            belonging = Belonging(hand_in, "" if member == student else student)
            found.by_student.setdefault(member, []).append(belonging)
    return found


_MEND = "put the platform's user id into the roster (lms_user_id), or place it by hand"


@dataclass(frozen=True, slots=True)
class _ByName:
    """Somebody who is known by their name alone."""

    person: Person


def _person(who: Who, roster: Roster) -> Person | _ByName | str:
    """The one student, or why there is not one."""
    if who.student and (person := roster.by_id(who.student)) is not None:
        return person
    for what, people in (
        (f"user id {who.lms_user_id}", roster.by_lms_id(who.lms_user_id)),
        (f"email address {who.email}", roster.by_email(who.email)),
    ):
        if len(people) == 1:
            return people[0]
        if people:
            return f"{who.label}: {_two(people)} have the {what}; mend the roster"
    people = roster.by_name(who.name)
    if len(people) > 1:
        return f"{who.label}: {_two(people)} are called so; {_MEND}"
    if not people:
        return f"{who.label}: not in the roster; import the roster again, or place it by hand"
    (person,) = people
    for ours, theirs, what in (
        (person.lms_user_id, who.lms_user_id, "user id"),
        (person.email.casefold(), who.email.casefold(), "email address"),
    ):
        if ours and theirs and ours != theirs:
            return f"{who.label}: {person.id!r} is called so, with another {what} ({ours}); {_MEND}"
    return _ByName(person)


def _two(people: Sequence[Person]) -> str:
    return " and ".join(repr(person.id) for person in people[:2])


def read_groups(path: Path, roster: Roster) -> dict[str, tuple[str, ...]]:
    """The members of each student's group; columns `group` and `student_id`. Raises UsageError."""
    table = read_table(path)
    table.require(("group", "student_id"))
    members: defaultdict[str, list[str]] = defaultdict(list)
    group_of: dict[str, str] = {}
    for line, row in table.rows:
        group, student = row["group"], row["student_id"]
        if roster.by_id(student) is None:
            raise UsageError(f"{path}, line {line}: no student {student!r} in the roster; import them first")
        if not group:
            raise UsageError(
                f"{path}, line {line}: {student!r} has no group; name one, or leave the line out"
            )
        if group_of.setdefault(student, group) != group:
            raise UsageError(f"{path}, line {line}: {student!r} is in two groups; keep one")
        if student not in members[group]:
            members[group].append(student)
    return {student: tuple(members[group]) for student, group in group_of.items()}
