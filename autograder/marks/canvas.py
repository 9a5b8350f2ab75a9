"""Marks for Canvas: the gradebook CSV that it exported, with one assignment filled in.

The rules are those of its importer (instructure/canvas-lms, lib/gradebook_importer.rb): the columns in
front end with "Section"; an assignment is known by the number behind its title; an empty cell in the place
of a mark takes the mark away, so a row without a mark of ours keeps what Canvas has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from autograder.errors import UsageError, some_of
from autograder.marks.filling import Filling, Given, about, factor, notes_on_lists, notes_on_marks
from autograder.marks.matching import Person, match
from autograder.marks.spreadsheets import number_of, safe_cell, written
from autograder.marks.table import Mark, Table
from autograder.tables import Row, Sheet

EXCUSED = "EX"
DECIMALS = 2  # what Canvas shows, exports and compares
Missing = Literal["empty", "zero"]
_COLUMN = re.compile(r"(?P<title>.*) \((?P<id>\d+)\)", re.DOTALL)
# columns that Canvas computes, with the name of a grading period behind some of them
_COMPUTED = re.compile(r"(Unposted )?(Current|Final|Override) (Score|Points|Grade|Status)")
_POINTS = "Points Possible"
_POINTS = "Points Possible"
_BY_ID, _BY_SIS, _BY_LOGIN = "ID", "SIS User ID", "SIS Login ID"
_KEYS = {_BY_ID: ("lms_user_id",), _BY_LOGIN: ("student_id", "email"), _BY_SIS: ("student_id",)}
_MADE = ("Student", _BY_ID, _BY_SIS, _BY_LOGIN, "Section")


@dataclass(frozen=True, slots=True)
class Choice:
    """How to fill in: `column` is a header, a title or the number of an assignment."""

    column: str = ""
    scale: bool = False
    missing: Missing = "empty"
    overwrite: bool = False


def fill(table: Table, sheet: Sheet, choice: Choice) -> Filling:
    """The exported gradebook with the marks in it: the columns about students and that of the assignment.

    Raises UsageError where the file is no gradebook of Canvas, or no column is that of the assignment.
    """
    before = _student_columns(sheet)
    named = [row for row in sheet.rows if _POINTS in row.cells[0]]
    points = next((row for row in named if sheet.whole(row) and not row.cells[1].strip()), None)
    column = _column(table, sheet, before, points, choice.column)
    rows = [row for row in sheet.rows if row not in named and not _is_about_assignments(row)]
    whole = [row for row in rows if sheet.whole(row)]
    maximum = number_of(points.cells[column]) if points else None
    times, notes = factor(table, maximum, choice.scale)
    comma = sheet.delimiter == ";" and any(re.fullmatch(r"\d+,\d+", cell) for r in whole for cell in r.cells)

    people = [_person(sheet, row) for row in whole]
    matching = match(table.marks, people, _KEYS)
    given, kept_excused = [], []
    cells = {}
    for position, row in enumerate(whole):
        cells[row.line] = there = row.cells[column].strip()
        if position not in matching.found:
            continue
        mark, _ = matching.found[position]
        value = _value(mark, times, comma, choice.missing, there)
        if there.upper() == EXCUSED and value not in ("", EXCUSED) and not choice.overwrite:
            kept_excused.append(mark.student_id)
        elif value:
            cells[row.line] = value
            given.append(Given(mark.student_id, people[position].label, value, there))
    notes += notes_on_marks(table.assignment, (mark for mark, _ in matching.found.values()))
    notes += notes_on_lists(matching, [person.label for person in people])
    notes += about("excused in Canvas, stays so without --overwrite", kept_excused)
    notes += about(
        "a student named as the row of points, for which Canvas would take it, left out",
        (f"line {row.line}" for row in named if row is not points),
    )
    notes += about(
        "rows with a wrong number of cells, left out",
        (f"line {row.line}" for row in rows if not sheet.whole(row)),
    )
    lines = [[*sheet.header[:before], sheet.header[column]]]
    if points:
        lines.append([*points.cells[:before], points.cells[column]])
    lines += [[*_harmless(sheet, row.cells[:before]), cells[row.line]] for row in whole]
    return Filling(sheet.text(lines), tuple(given), tuple(notes))


def make(table: Table, choice: Choice) -> Filling:
    """A gradebook file out of the roster, for the students whose `lms_user_id` is known and who have a mark.

    Raises UsageError without the header of the assignment's column.
    """
    if not _COLUMN.fullmatch(choice.column):
        raise UsageError(
            'say which assignment of Canvas it is with --column "TITLE (NUMBER)", as in the header of the '
            "gradebook that Canvas exports, or give that file with --gradebook"
        )
    known = [mark for mark in table.marks if (mark.lms_user_id or "").strip().isdecimal()]
    given = []
    lines: list[list[str]] = [[*_MADE, choice.column]]
    for mark in known:
        if value := _value(mark, 1.0, False, choice.missing, ""):
            name = str(safe_cell(mark.names[1] if mark.names else mark.student_id))
            lines.append([name, (mark.lms_user_id or "").strip(), "", "", "", value])
            given.append(Given(mark.student_id, name, value, ""))
    unknown = [mark.student_id for mark in table.marks if mark.submitted and mark not in known]
    notes = [
        *notes_on_marks(table.assignment, known),
        *about("has a submission and no lms_user_id in the roster", unknown),
    ]
    return Filling(Sheet((), (), ",", "\n", False).text(lines), tuple(given), tuple(notes))


def _value(mark: Mark, times: float, comma: bool, missing: Missing, before: str) -> str:
    """What to write for a student, "" for nothing."""
    if mark.excused:
        return EXCUSED
    if mark.given is not None:
        return written(mark.given * times, DECIMALS, comma, trailing=False)
    if missing == "zero" and not mark.submitted and before in ("", "-"):
        return "0"
    return ""


def _student_columns(sheet: Sheet) -> int:
    """How many columns are about the student."""
    first = sheet.header[0], *sheet.header[1:3]
    is_known = len(first) == 3 and (
        ("Student" in first[0] and "ID" in first[1])
        or ("LastName" in first[0] and "FirstName" in first[1] and "ID" in first[2])
    )
    if not is_known or "Section" not in sheet.header:
        raise UsageError(
            "the gradebook is none that Canvas exported: its first line must begin with Student, ID and end "
            "these columns with Section; export it again (Grades, Export)"
        )
    return sheet.header.index("Section") + 1


def _column(table: Table, sheet: Sheet, first: int, points: Row | None, wanted: str) -> int:
    known = dict(_assignments(sheet, first, points))
    title = wanted or table.assignment
    exact = [column for header, column in known.items() if wanted and wanted == header]
    numbered = [c for header, c in known.items() if wanted and wanted == _part(header, "id")]
    titled = [column for header, column in known.items() if _part(header, "title").strip() == title.strip()]
    found = exact or numbered or titled
    if len(found) == 1:
        return found[0]
    what = "several columns" if found else "no column"
    raise UsageError(
        f"{what} of the gradebook can be {title!r}; name one with --column: "
        f"{some_of(list(known)) or 'it has none that may be written'}"
    )


def _assignments(sheet: Sheet, first: int, points: Row | None) -> Iterator[tuple[str, int]]:
    """Headers and positions of the columns that may be written."""
    for column, header in enumerate(sheet.header[first:], first):
        read_only = points and "read only" in points.cells[column]
        if _COLUMN.fullmatch(header) and not read_only and not _COMPUTED.match(header):
            yield header, column


def _part(header: str, name: str) -> str:
    found = _COLUMN.fullmatch(header)
    return found[name] if found else ""


def _is_about_assignments(row: Row) -> bool:
    """The row that says which assignments are posted by hand."""
    return all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", cell, re.IGNORECASE) for cell in row.cells)


def _person(sheet: Sheet, row: Row) -> Person:
    cells = dict(zip(sheet.header, row.cells, strict=True))
    name = f"{cells['LastName']}, {cells.get('FirstName', '')}" if "LastName" in cells else row.cells[0]
    return Person(name, {kind: cells[kind] for kind in _KEYS if cells.get(kind, "").strip()}, name)


def _harmless(sheet: Sheet, cells: tuple[str, ...]) -> list[str]:
    """Names, which students choose, as no formula; ids stay what Canvas looks for."""
    return [
        cell if "ID" in header or "Account" in header else str(safe_cell(cell))
        for header, cell in zip(sheet.header, cells, strict=False)
    ]
