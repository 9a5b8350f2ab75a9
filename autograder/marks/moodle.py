"""Marks for Moodle: the offline grading worksheet that it exported, with the grades filled in.

Its importer (moodle/moodle, mod/assign/feedback/offline) knows three columns by their names in the
language of who exports; so the header, and every cell that is not filled in, goes back as it came.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo

from autograder.errors import UsageError, did_you_mean, some_of
from autograder.marks.dates import read_date
from autograder.marks.filling import Filling, Given, about, factor, notes_on_lists, notes_on_marks
from autograder.marks.matching import Person, match
from autograder.marks.spreadsheets import looks_like_formula, number_of, safe_cell, written
from autograder.marks.table import Mark, Table
from autograder.tables import Row, Sheet

# en, de, fr, es, it, pt, as Moodle's language packs and worksheets have them; others by structure or option
_NAMES: Mapping[str, tuple[str, ...]] = {
    "grade": ("grade", "bewertung", "note", "calificación", "valutazione", "nota"),
    "maximum": ("maximum grade", "bestwertung", "note maximale", "calificación máxima", "nota máxima"),
    "changeable": (
        "grade can be changed",
        "bewertung kann geändert werden",
        "la note peut être modifiée",
        "la calificación puede ser cambiada",
        "nota pode ser alterada",
    ),
    "submitted": (
        "last modified (submission)",
        "zuletzt geändert (abgabe)",
        "dernière modification (travail remis)",
        "última modificación (entrega)",
        "ultima modifica (consegna)",
        "última modificação (envio)",
    ),
    "comments": (
        "feedback comments",
        "feedback als kommentar",
        "feedback par commentaires",
        "comentarios de retroalimentación",
        "comentários de feedback",
    ),
    "name": ("full name", "vollständiger name", "nom complet", "nombre completo", "nome completo"),
    "email": ("email address", "e-mail-adresse", "adresse de courriel", "dirección de correo"),
    "id number": ("id number", "id-nummer", "número de identificação"),
    "username": ("username", "anmeldename", "identificação de usuário"),
}
_YES = ("yes", "ja", "oui", "sí", "sì", "sim")
_NO = ("no", "nein", "non", "nee", "não")
_PAIR = re.compile(r"(.+) \([^()]+\)")
_KEYS = {"email": ("email",), "id number": ("student_id", "lms_user_id"), "username": ("student_id",)}
Comments = Mapping[str, str]  # by student


@dataclass(frozen=True, slots=True)
class Choice:
    """How to fill in. The columns are headers, for a language that is not known here.

    `zone` is the time zone in which the worksheet tells times.
    """

    zone: tzinfo
    zone_name: str
    grade_column: str = ""
    id_column: str = ""
    scale: bool = False
    overwrite: bool = False
    zero_if_missing: bool = False


@dataclass(slots=True)
class _Found:
    """What became of the rows while they were filled in."""

    given: list[Given] = field(default_factory=list)
    marked_already: list[str] = field(default_factory=list)
    commented_already: list[str] = field(default_factory=list)
    locked: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    too_high: list[str] = field(default_factory=list)


def fill(table: Table, sheet: Sheet, choice: Choice, comments: Comments | None = None) -> Filling:
    """The worksheet with the marks in its grade column, and `comments`, if given, in that of feedback.

    Raises UsageError where the file is no worksheet, or has no column for what is to be written.
    """
    columns = _columns(sheet, choice)
    if comments is not None and "comments" not in columns:
        raise UsageError(
            "the worksheet has no column for feedback comments that is known here; export it with feedback "
            "comments switched on and in English, or leave out --comments"
        )
    whole = [row for row in sheet.rows if sheet.whole(row)]
    maximum, comma, decimals = _style(whole, columns)
    times, notes = factor(table, maximum, choice.scale)
    people = [_person(row, columns) for row in whole]
    matching = match(table.marks, people, _KEYS)

    filled = {row.line: list(row.cells) for row in sheet.rows}
    found = _Found()
    for position, (mark, _) in sorted(matching.found.items()):
        row, cells = whole[position], filled[whole[position].line]
        _note_late(found, row, columns, mark, choice.zone)
        value = mark.given
        if value is None and choice.zero_if_missing and not (mark.submitted or mark.excused):
            value = 0.0
        if "changeable" in columns and row.cells[columns["changeable"]].strip().lower() in _NO:
            if value is not None:
                found.locked.append(mark.student_id)
            continue
        if value is not None:
            text = written(value * times, decimals, comma)
            _give(found, cells, columns["grade"], mark, people[position].label, text, choice.overwrite)
            if maximum is not None and value * times > maximum:
                found.too_high.append(mark.student_id)
        if comments is not None and (comment := comments.get(mark.student_id)) and not mark.excused:
            _comment(found, cells, columns["comments"], mark, comment, choice.overwrite)
    notes += _notes(found, choice)
    notes += notes_on_marks(table.assignment, (mark for mark, _ in matching.found.values()))
    notes += notes_on_lists(matching, [person.label for person in people])
    broken = [f"line {row.line}" for row in sheet.rows if not sheet.whole(row)]
    notes += about("rows with a wrong number of cells, left as they are", broken)
    notes += about(
        "cells of the worksheet that a spreadsheet would compute, left as they are", _formulas(whole)
    )
    if sheet.delimiter != ",":
        notes.append(
            "the worksheet had been saved with another delimiter; Moodle reads commas alone, so they are back"
        )
    lines = [sheet.header, *(filled[row.line] for row in sheet.rows)]
    return Filling(sheet.text(lines, ","), tuple(found.given), tuple(notes))


def _give(
    found: _Found, cells: list[str], column: int, mark: Mark, label: str, text: str, overwrite: bool
) -> None:
    before = cells[column].strip()
    there, ours = number_of(before), number_of(text)
    if before and there != ours and not overwrite:
        found.marked_already.append(f"{mark.student_id}: {before}, here {text}")
    else:
        cells[column] = text
        found.given.append(Given(mark.student_id, label, text, before))


def _comment(found: _Found, cells: list[str], column: int, mark: Mark, comment: str, overwrite: bool) -> None:
    text = str(safe_cell(comment))
    if cells[column].strip() not in ("", text) and not overwrite:
        found.commented_already.append(mark.student_id)
    else:
        cells[column] = text


def _note_late(found: _Found, row: Row, columns: Mapping[str, int], mark: Mark, zone: tzinfo) -> None:
    """A submission that changed in Moodle after the one that was graded; the worksheet tells minutes."""
    if "submitted" not in columns or mark.timestamp is None:
        return
    there = read_date(row.cells[columns["submitted"]], zone)
    if there is not None and there > mark.timestamp.replace(second=0, microsecond=0):
        found.late.append(f"{mark.student_id}: {there:%F %H:%M}, graded {mark.timestamp:%F %H:%M} UTC")


def _notes(found: _Found, choice: Choice) -> list[str]:
    return [
        *about("Moodle has another mark, kept without --overwrite", found.marked_already),
        *about("Moodle has another comment, kept without --overwrite", found.commented_already),
        *about("the grade cannot be changed in Moodle, left as it is", found.locked),
        *about(f"handed in again after what was graded, in the time zone {choice.zone_name}", found.late),
        *about("more points than the worksheet's maximum", found.too_high),
    ]


def _columns(sheet: Sheet, choice: Choice) -> dict[str, int]:
    """Where what is: by name, then by what stands in the columns."""
    names = [name.strip().casefold() for name in sheet.header]
    found = {}
    for role, known in _NAMES.items():
        if positions := [names.index(name) for name in known if name in names]:
            found[role] = positions[0]
    if choice.id_column:
        found["id number"] = _named(sheet, choice.id_column, "--id-column")
    whole = [row for row in sheet.rows if sheet.whole(row)]
    for role, column in _by_structure(sheet, whole).items():
        found.setdefault(role, column)
    if choice.grade_column:
        found["grade"] = _named(sheet, choice.grade_column, "--grade-column")
    if "grade" not in found:
        raise UsageError(
            "no column of the worksheet is known to hold grades; name it with --grade-column: "
            f"{some_of(sheet.header)}"
        )
    if not any(_column_is(whole, column, _is_participant) for column in range(len(sheet.header))):
        raise UsageError(
            "the file is no grading worksheet of Moodle: no column holds its participants' numbers; download "
            "it from the assignment's submissions, with offline grading switched on"
        )
    return found


def _named(sheet: Sheet, name: str, option: str) -> int:
    if sheet.header.count(name) != 1:
        raise UsageError(
            f"{option} {name!r} is not one column of the worksheet{did_you_mean(name, sheet.header)}"
        )
    return sheet.header.index(name)


def _by_structure(sheet: Sheet, rows: Sequence[Row]) -> dict[str, int]:
    """What tells in any language: addresses, yes and no, one maximum behind the grades, a pair of times."""
    found = {}
    width = range(len(sheet.header))
    addresses = [column for column in width if _column_is(rows, column, _is_address)]
    if len(addresses) == 1:
        found["email"] = addresses[0]
    words = [column for column in width if _column_is(rows, column, _is_yes_or_no)]
    if len(words) == 1:
        found["changeable"] = words[0]
    for column in width[1:]:
        values = {row.cells[column] for row in rows}
        is_one_number = len(values) == 1 and number_of(next(iter(values))) is not None
        if is_one_number and all(_is_grade(row.cells[column - 1]) for row in rows) and len(rows) > 1:
            found |= {"maximum": column, "grade": column - 1}
            break
    pairs = [
        (column, found_pair[1]) for column in width if (found_pair := _PAIR.fullmatch(sheet.header[column]))
    ]
    if len(pairs) == 2 and pairs[0][1] == pairs[1][1]:
        found["submitted"] = pairs[0][0]
    return found


def _column_is(rows: Sequence[Row], column: int, holds: Callable[[str], bool]) -> bool:
    return bool(rows) and all(holds(row.cells[column]) for row in rows)


def _is_participant(cell: str) -> bool:
    """ "Participant 12", "Teilnehmer/in12": a word, and the number that Moodle takes off its end."""
    return bool(re.fullmatch(r"\D{2,60}\d{1,18}", cell.strip()))


def _is_address(cell: str) -> bool:
    return bool(re.fullmatch(r"[^@\s]+@[^@\s]+", cell.strip()))


def _is_yes_or_no(cell: str) -> bool:
    return cell.strip().lower() in (*_YES, *_NO)


def _is_grade(cell: str) -> bool:
    return not cell.strip() or number_of(cell) is not None


def _style(rows: Sequence[Row], columns: Mapping[str, int]) -> tuple[float | None, bool, int]:
    """The maximum, whether decimals follow a comma, and how many there are: two or more."""
    cells = [row.cells[columns[role]] for role in ("maximum", "grade") if role in columns for row in rows]
    numbers = [cell.strip() for cell in cells if number_of(cell) is not None]
    maximum = number_of(rows[0].cells[columns["maximum"]]) if rows and "maximum" in columns else None
    decimals = max((len(re.split("[.,]", each)[1]) for each in numbers if re.search("[.,]", each)), default=2)
    return maximum, any("," in each for each in numbers), min(max(decimals, 2), 5)


def _person(row: Row, columns: Mapping[str, int]) -> Person:
    cells = {role: row.cells[column].strip() for role, column in columns.items()}
    name = cells.get("name", "")
    return Person(name or row.cells[0], {kind: cells[kind] for kind in _KEYS if cells.get(kind)}, name)


def _formulas(rows: Sequence[Row]) -> list[str]:
    # a lone "-" is how Moodle writes that there is nothing
    return [
        f"line {r.line}" for r in rows if any(looks_like_formula(c) and c.strip() != "-" for c in r.cells)
    ]
