"""A student's pages. Whose they are is told by the session; no address has a student in it."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from starlette.datastructures import UploadFile
from starlette.responses import FileResponse, Response

from autograder.assignment import PERSONAL_FILE
from autograder.personal.handing_out import own_file
from autograder.web import seen
from autograder.web.catalogue import Released, released
from autograder.web.forms import MAX_FILES, Bounds
from autograder.web.intake import NotTaken, files_of, take_in
from autograder.web.live import Shown
from autograder.web.receipts import Receipt, Receipts
from autograder.web.security import ALONE
from autograder.web.site import Site
from autograder.web.store import Release, problem_of
from autograder.web.visiting import NotFound, Visit

HOUR = 3600.0
SHOWN = 10  # uploads on an assignment's page; all of them are asked for


@dataclass(frozen=True, slots=True)
class Summary:
    """An assignment on the start page."""

    assignment: Released
    last: Receipt | None
    marks: seen.Marks | None
    has_feedback: bool


def upload_bounds(site: Site) -> Bounds:
    options = site.options
    return Bounds(site.upload_bytes, options.upload_seconds, options.stall_seconds, files=MAX_FILES)


def assignments(visit: Visit) -> Response:
    """All that were released, with what became of them."""
    course, student = visit.site.course, visit.student
    last = visit.site.receipts.last_of_each(student)
    summaries = []
    for each in released(course, student):
        release = visit.site.store.release(each.name)
        summaries.append(
            Summary(
                each,
                last.get(each.name),
                seen.marks(course, each.name, student) if release.marks else None,
                release.feedback and bool(_feedback(visit, each.name)),
            )
        )
    return visit.page("assignments.html", summaries=summaries, now=datetime.now(UTC))


def assignment(visit: Visit) -> Response:
    """One of them: what to download, how to hand in, what came of it, all attempts."""
    return _assignment(visit, _released(visit), "")


def _assignment(visit: Visit, found: Released, problem: str, status: int = 200) -> Response:
    site, student = visit.site, visit.student
    release = site.store.release(found.name)
    limits = site.course.settings.for_assignment(found.name).limits
    progress = _progress(site, student, found.name, release, is_whole=visit.asked("uploads") == "all")
    return visit.page(
        "assignment.html",
        status,
        assignment=found,
        problem=problem,
        now=datetime.now(UTC),
        release=release,
        marks=seen.marks(site.course, found.name, student) if release.marks else None,
        feedback=sorted(_feedback(visit, found.name)) if release.feedback else [],
        an_hour=site.options.uploads_an_hour,
        limits=limits,
        max_bytes=limits.submission_bytes,
        upload_seconds=site.options.upload_seconds,
        **progress,
    )


def _progress(
    site: Site, student: str, name: str, release: Release, is_whole: bool = False
) -> dict[str, object]:
    """What the part of the page shows that changes by itself."""
    receipts = site.receipts.of(student, name)
    last = receipts[0] if receipts else None
    return {
        "receipts": receipts if is_whole else receipts[:SHOWN],
        "earlier": 0 if is_whole else max(0, len(receipts) - SHOWN),
        "last": last,
        "before": site.receipts.students_before(last) if last and not last.state.is_over else 0,
        "outline": seen.outline(site.course, name, student),
        "problem_of_grader": bool(site.store.get(problem_of(name))),
        "marks_released": release.marks,
        "name": name,
    }


def live(visit: Visit) -> Response:
    """The part of the page that changes, as often as it does, until all is graded."""
    found, site, student = _released(visit), visit.site, visit.student

    def state() -> object:
        receipts = site.receipts.of(student, found.name)
        open_ones = [each for each in receipts if not each.state.is_over]
        before = site.receipts.students_before(open_ones[0]) if open_ones else 0
        return [(each.number, each.revision) for each in receipts], before

    def show() -> Shown:
        shown = _progress(site, student, found.name, site.store.release(found.name))
        last = shown["last"]
        over = not isinstance(last, Receipt) or last.state.is_over
        return Shown(visit.part("progress.html", **shown), is_last=over)

    return site.pulse.stream(student, state, show)


# Downloads ----------------------------------------------------------------------------------------


def download(visit: Visit) -> Response:
    """One file of the assignment's, as it was released, or the student's own."""
    found, name = _released(visit), visit.path("file")
    if name not in found.files:
        raise NotFound
    return _file(_given(visit, found, name), Path(name).name)


def download_all(visit: Visit) -> Response:
    """All of them in one zip."""
    found, packed = _released(visit), io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in found.files:
            archive.write(_given(visit, found, name), f"{found.name}/{name}")
    return Response(
        packed.getvalue(), media_type="application/zip", headers=_as_download(f"{found.name}.zip")
    )


def _given(visit: Visit, found: Released, name: str) -> Path:
    if found.is_personal and name == PERSONAL_FILE:
        return own_file(visit.site.course, found.name, visit.student)
    return found.files[name]


def receipt_file(visit: Visit) -> Response:
    """What the student handed in, to the last byte."""
    receipt = _receipt(visit)
    for path in files_of(visit.site.course, receipt):
        if path.name == visit.path("file") and path.is_file():
            return _file(path, path.name)
    raise NotFound


def _file(path: Path, name: str) -> Response:
    """Saved rather than shown: a browser must not take a student's file for a page of ours."""
    return FileResponse(
        path, media_type="application/octet-stream", filename=name, content_disposition_type="attachment"
    )


def _as_download(name: str) -> dict[str, str]:
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._- ") else "_" for c in name)
    return {"Content-Disposition": f'attachment; filename="{plain}"'}


# Handing in ---------------------------------------------------------------------------------------


def hand_in(visit: Visit) -> Response:
    """Keeps the upload and sends on to its receipt; where it is none, says why on the same page."""
    found, site, student = _released(visit), visit.site, visit.student
    if not _may_upload(site, student, found.name):
        reason = (
            f"You handed in {site.options.uploads_an_hour} times within an hour, which is the most. What you "
            "handed in is safe; the last upload counts. Try again later."
        )
        return _assignment(visit, found, reason, 429)
    files = [(file.filename or "", file.file) for file in _uploads(visit)]
    try:
        receipt = take_in(site.course, site.receipts, student, found.name, files, found.due)
    except NotTaken as error:
        return _assignment(visit, found, f"Not handed in: {error}.", 422)
    return visit.to(f"/assignments/{found.name}/receipts/{receipt.id}")


def _uploads(visit: Visit) -> Iterator[UploadFile]:
    """A form without a chosen file sends one without a name."""
    for file in visit.form.getlist("files"):
        if isinstance(file, UploadFile) and file.filename:
            yield file


def _may_upload(site: Site, student: str, name: str) -> bool:
    """Counted in the store: a restart forgets nothing of it."""
    since = time.time() - HOUR
    return site.receipts.count_since(student, name, since) < site.options.uploads_an_hour


def receipt(visit: Visit) -> Response:
    """The receipt of an upload: what was taken, when, with its hash."""
    found = _receipt(visit)
    return visit.page("receipt.html", receipt=found, assignment=_released(visit))


# Feedback -----------------------------------------------------------------------------------------


def feedback(visit: Visit) -> Response:
    """A feedback page, once it is released: a page that stands alone, of an origin of its own."""
    name = _released(visit).name
    if not visit.site.store.release(name).feedback:
        raise NotFound
    path = _feedback(visit, name).get(visit.path("notebook"))
    if path is None:
        raise NotFound
    policy = {"Content-Security-Policy": ALONE, "X-Frame-Options": "SAMEORIGIN"}
    return Response(path.read_bytes(), media_type="text/html", headers=policy)


def _feedback(visit: Visit, name: str) -> dict[str, Path]:
    """The student's feedback pages by notebook, where nbgrader has them."""
    folder = visit.site.course.feedback(visit.student, name)
    return {path.stem: path for path in folder.glob("*.html") if path.is_file() and not path.is_symlink()}


# What is whose ------------------------------------------------------------------------------------


def _released(visit: Visit) -> Released:
    """The assignment in the address, if it was released."""
    name = visit.path("assignment")
    for each in released(visit.site.course, visit.student):
        if each.name == name:
            return each
    raise NotFound


def _receipt(visit: Visit) -> Receipt:
    """The receipt in the address, if it is this student's."""
    receipts: Receipts = visit.site.receipts
    found = receipts.find(visit.student, visit.path("assignment"), visit.path("receipt"))
    if found is None:
        raise NotFound
    return found
