"""Moodle's "Download all submissions": a folder for each student, or flat, with Moodle's name in front.

`Full Name_PARTICIPANT_assignsubmission_file_/original.ipynb`; PARTICIPANT is the number in the column
"Identifier" of the grading worksheet, which tells the email address and id number that belong to it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.collecting.archives import Contents, Entry
from autograder.collecting.attempt import HandIn, Sorted, Stray, Who, latest, without_wrapper
from autograder.errors import UsageError
from autograder.roster import normalised
from autograder.tables import read_table

_FOLDER = re.compile(r"(?P<name>.+)_(?P<participant>\d{1,20})_assignsubmission_(?P<kind>[a-z]+)_?")
_FLAT = re.compile(r"(?P<name>.+?)_(?P<participant>\d{1,20})_assignsubmission_(?P<kind>[a-z]+)_(?P<rest>.+)")
# Moodle translates the headers of its worksheet
_EMAIL = ("mail", "correo", "courriel")
_ID_NUMBER = ("id number", "id-nummer", "numéro d'identification", "número de id", "codice identificativo")


@dataclass(frozen=True, slots=True)
class MoodleName:
    """What the name of a folder or file says; `path` is the student's own part."""

    name: str
    participant: str
    kind: str
    path: str


def read_name(parts: tuple[str, ...]) -> MoodleName | None:
    """From the parts of a path.

    A full name may hold what looks like another one's: what stands last in a folder's name is Moodle's.
    """
    if len(parts) > 1 and (match := _FOLDER.fullmatch(parts[0])):
        return MoodleName(match["name"], match["participant"], match["kind"], "/".join(parts[1:]))
    if len(parts) == 1 and (match := _FLAT.fullmatch(parts[0])):
        return MoodleName(match["name"], match["participant"], match["kind"], match["rest"])
    return None


@dataclass(frozen=True, slots=True)
class Participant:
    """A row of the worksheet."""

    name: str
    email: str
    id_number: str


def read_worksheet(path: Path) -> Mapping[str, Participant]:
    """The participants of a grading worksheet by their number. Raises UsageError."""
    table = read_table(path)
    identifier, name = table.columns[0], table.columns[1] if len(table.columns) > 1 else ""
    email = next((c for c in table.columns if any(word in c.casefold() for word in _EMAIL)), None)
    id_number = next((c for c in table.columns if c.casefold() in _ID_NUMBER), None)
    if email is None and id_number is None:
        shown = ", ".join(table.columns)[:200]
        raise UsageError(
            f"{path}: no column with email addresses or id numbers (it has {shown}); show them in Moodle's "
            "grading table and download the worksheet again"
        )
    found: dict[str, Participant] = {}
    for line, row in table.rows:
        number = re.search(r"(\d+)$", row[identifier])
        if number is None or number[1] in found:
            raise UsageError(
                f"{path}, line {line}: the first column must hold Moodle's identifiers (Participant 123), "
                "each once; give the worksheet as Moodle made it"
            )
        found[number[1]] = Participant(
            row.get(name, ""), row.get(email or "", ""), row.get(id_number or "", "")
        )
    return found


def recognises(contents: Contents) -> bool:
    """Whether a path is as Moodle makes them."""
    return any(read_name(parts) for parts, _ in without_wrapper(contents)) or any(
        read_name(entry.parts) for entry in contents.entries
    )


def sort_out(contents: Contents, worksheet: Mapping[str, Participant] | None) -> Sorted:
    """The download's submissions; whom a participant's number means is looked up in the worksheet."""
    found = Sorted(refused=contents.refused)
    wrapped = not any(read_name(entry.parts) for entry in contents.entries)
    paths = without_wrapper(contents) if wrapped else [(entry.parts, entry) for entry in contents.entries]
    by_participant: defaultdict[tuple[str, str], dict[str, Entry]] = defaultdict(dict)
    texts = 0
    for parts, entry in paths:
        name = read_name(parts)
        if name is None:
            reason = "not called as Moodle calls submissions (name_PARTICIPANT_assignsubmission_file_)"
            found.strays.append(Stray(f"{contents.name}: {entry.path}", reason))
        elif name.kind != "file":
            texts += 1
        else:
            by_participant[name.name, name.participant][name.path] = entry
    if texts:
        found.notes.append(
            f"{contents.name}: {texts} online texts were passed over; only files are collected"
        )
    for (name_, participant), files in by_participant.items():
        who = _who(name_, participant, worksheet)
        where = f"{contents.name}: {next(iter(files.values())).path}"
        if isinstance(who, Stray):
            found.strays.append(Stray(where, who.reason))
        else:
            found.hand_ins.append(HandIn("moodle", where, (who,), files, latest([*files.values()])))
    return found


def _who(name: str, participant: str, worksheet: Mapping[str, Participant] | None) -> Who | Stray:
    label = f"{name} (Moodle participant {participant})"
    if worksheet is None:
        return Who(label, name=name)
    row = worksheet.get(participant)
    if row is None:
        return Stray("", f"participant {participant} is not in the worksheet; download both again together")
    if row.name and normalised(row.name) != normalised(name):
        return Stray("", f"participant {participant} is {row.name!r} in the worksheet; place it by hand")
    return Who(label, student=row.id_number, email=row.email, name=name)
