"""Who of our roster is who in a learning platform's list: by keys unique on both sides, never guessed."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from autograder.marks.table import Mark


@dataclass(frozen=True, slots=True)
class Person:
    """A row of their list: `keys` by kind, the sure ones; `name` is tried where none of them is known."""

    label: str
    keys: Mapping[str, str]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Matching:
    """`found` maps the position in their list to our mark and the kind of key that told."""

    found: Mapping[int, tuple[Mark, str]]
    ambiguous: tuple[str, ...] = ()
    not_listed: tuple[Mark, ...] = ()
    unknown: tuple[int, ...] = ()


def match(marks: Sequence[Mark], people: Sequence[Person], ours: Mapping[str, Collection[str]]) -> Matching:
    """Everyone whom the keys name without contradiction.

    `ours` says for each kind of key which attributes of a mark it may equal, such as
    `{"SIS Login ID": ("student_id", "email")}`. A row that two of our students answer to, and two rows
    that one student answers to, are ambiguous.
    """
    by_key: dict[tuple[str, str], set[int]] = defaultdict(set)
    by_name: dict[str, set[int]] = defaultdict(set)
    for number, mark in enumerate(marks):
        for attribute in set().union(*ours.values()):
            if key := _key(attribute, getattr(mark, attribute)):
                by_key[attribute, key].add(number)
        for name in mark.names:
            by_name[_name(name)].add(number)
    claims: dict[int, tuple[set[int], str]] = {}
    for position, person in enumerate(people):
        told = {
            kind: set().union(*(by_key.get((each, _key(each, key)), ()) for each in ours[kind]))
            for kind, key in person.keys.items()
        }
        told = {kind: numbers for kind, numbers in told.items() if numbers}
        if told:
            claims[position] = set().union(*told.values()), next(iter(told))
    # a name counts only for students whom no key named
    named = set().union(*(numbers for numbers, _ in claims.values()))
    for position, person in enumerate(people):
        if position in claims:
            continue
        numbers = by_name.get(_name(person.name), set()) - named
        if numbers := {number for number in numbers if not _contradicted(marks[number], person, ours)}:
            claims[position] = numbers, "name"
    return _settled(marks, people, claims)


def _contradicted(mark: Mark, person: Person, ours: Mapping[str, Collection[str]]) -> bool:
    """Whether another address or id of the platform says that this is a namesake."""
    for kind, key in person.keys.items():
        known = {_key(each, getattr(mark, each)) for each in ours[kind]} - {""}
        if known and "student_id" not in ours[kind] and not known & {_key(each, key) for each in ours[kind]}:
            return True
    return False


def _settled(
    marks: Sequence[Mark], people: Sequence[Person], claims: Mapping[int, tuple[set[int], str]]
) -> Matching:
    rows_of: dict[int, list[int]] = defaultdict(list)
    for position, (numbers, _) in claims.items():
        for number in numbers:
            rows_of[number].append(position)
    found, ambiguous = {}, []
    for position, (numbers, kind) in claims.items():
        label = people[position].label
        if len(numbers) > 1:
            names = " and ".join(sorted(marks[number].student_id for number in numbers)[:5])
            ambiguous.append(f"{label}: may be {names}")
        elif len(rows_of[number := next(iter(numbers))]) > 1:
            ambiguous.append(f"{label}: {marks[number].student_id} is also another row")
        else:
            found[position] = marks[number], kind
    claimed = {number for numbers, _ in claims.values() for number in numbers}
    return Matching(
        found=found,
        ambiguous=tuple(ambiguous),
        not_listed=tuple(mark for number, mark in enumerate(marks) if number not in claimed),
        unknown=tuple(position for position in range(len(people)) if position not in claims),
    )


def _key(attribute: str, value: str | None) -> str:
    """Ids as they are; the letters of an address in one case."""
    text = unicodedata.normalize("NFC", (value or "").strip())
    return text.casefold() if attribute == "email" else text


def _name(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
