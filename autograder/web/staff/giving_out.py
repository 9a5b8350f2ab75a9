"""Marks on their way out: shown to students, or as files for the platforms they go to."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC
from pathlib import Path
from urllib.parse import quote

from starlette.datastructures import UploadFile
from starlette.responses import Response

from autograder.errors import UsageError
from autograder.marks import canvas, moodle, plain
from autograder.marks.filling import Filling
from autograder.marks.pseudonyms import Pseudonyms
from autograder.marks.table import Table, comments_of, marks_of, require_no_holds
from autograder.settings import MIB
from autograder.tables import Sheet, read_sheet
from autograder.web.forms import Bounds
from autograder.web.site import Site
from autograder.web.staff.common import assignment_of, base_of, class_if_graded, shown
from autograder.web.staff.overview import glance
from autograder.web.store import Release
from autograder.web.visiting import NotFound, Visit

FEEDBACK = "feedback"
SHEET_BYTES = 20 * MIB


def release_form(visit: Visit) -> Response:
    """What students see, and what speaks against showing more."""
    table = class_if_graded(visit)
    return shown(
        visit,
        "release.html",
        "release",
        release=visit.site.store.release(assignment_of(visit)),
        glance=glance(table) if table is not None else None,
    )


def release(visit: Visit) -> Response:
    """Shows marks and feedback to students, or hides them again.

    Raises UsageError where there is a reason to hold marks back, unless the form says "anyway".
    """
    assignment, store = assignment_of(visit), visit.site.store
    before = store.release(assignment)
    wanted = Release(marks=visit.field("marks") == "yes", feedback=visit.field("feedback") == "yes")
    more = (wanted.marks and not before.marks) or (wanted.feedback and not before.feedback)
    if more and visit.field("anyway") != "yes":
        require_no_holds(visit.site.course, assignment)
    if wanted.feedback and not before.feedback:
        visit.site.jobs.add(FEEDBACK, assignment, visit.me.id, students=[])
    store.set_release(assignment, wanted, visit.me.id)
    seen = [name for name, shown in (("marks", wanted.marks), ("feedback", wanted.feedback)) if shown]
    return visit.to(
        f"{base_of(assignment)}/release",
        f"Students see {' and '.join(seen)} now." if seen else "Students see neither marks nor feedback now.",
    )


# Files --------------------------------------------------------------------------------------------


def export_form(visit: Visit) -> Response:
    return shown(visit, "export.html", "export")


def export_takes(site: Site) -> Bounds:
    """A form with the file that a platform exported."""
    return Bounds(size=SHEET_BYTES, seconds=60.0, files=1)


def export(visit: Visit) -> Response:
    """The file to be downloaded. What there is to know of it is in the audit trail and its notes."""
    assignment = assignment_of(visit)
    make = _FORMS.get(visit.path("form"))
    if make is None:
        raise NotFound
    table = marks_of(visit.site.course, assignment, anyway=visit.field("anyway") == "yes")
    found = make(visit, table)
    if visit.field("look") == "yes":
        return shown(visit, "exported.html", "export", found=found, form=visit.path("form"))
    kind = "json" if visit.path("form") == "json" else "csv"
    visit.site.store.audit(
        visit.me.id,
        "export",
        assignment=assignment,
        after={"form": visit.path("form"), "marks": len(found.given)},
        address=visit.address,
    )
    name = f"{assignment}-{visit.path('form')}.{kind}"
    return Response(
        found.text.encode(),
        media_type="application/json" if kind == "json" else "text/csv; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"},
    )


def _csv(visit: Visit, table: Table) -> Filling:
    return plain.filling(_named(visit, table), "csv")


def _json(visit: Visit, table: Table) -> Filling:
    return plain.filling(_named(visit, table), "json")


def _named(visit: Visit, table: Table) -> Table:
    return Pseudonyms.of(visit.site.course).hide(table) if visit.field("pseudonyms") == "yes" else table


def _canvas(visit: Visit, table: Table) -> Filling:
    choice = canvas.Choice(
        visit.field("column"), visit.field("scale") == "yes", "empty", visit.field("overwrite") == "yes"
    )
    return canvas.fill(table, _sheet(visit), choice)


def _moodle(visit: Visit, table: Table) -> Filling:
    choice = moodle.Choice(
        zone=UTC,
        zone_name="UTC",
        grade_column=visit.field("column"),
        id_column="",
        scale=visit.field("scale") == "yes",
        overwrite=visit.field("overwrite") == "yes",
        zero_if_missing=False,
    )
    comments = comments_of(visit.site.course, table.assignment) if visit.field("comments") == "yes" else None
    return moodle.fill(table, _sheet(visit), choice, comments)


_FORMS: Mapping[str, Callable[[Visit, Table], Filling]] = {
    "csv": _csv,
    "json": _json,
    "canvas": _canvas,
    "moodle": _moodle,
}


def _sheet(visit: Visit) -> Sheet:
    """The table that was sent along. Raises UsageError."""
    sent = visit.form.get("file")
    if not isinstance(sent, UploadFile) or not sent.size:
        raise UsageError("choose the file that the platform exported; it is filled in")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "the file"
        with path.open("wb") as file:
            shutil.copyfileobj(sent.file, file)
        try:
            return read_sheet(path)
        except UsageError as error:
            raise UsageError(str(error).replace(str(path), "the file")) from None
