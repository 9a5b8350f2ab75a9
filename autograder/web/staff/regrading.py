"""Grading again: first which marks would move and why, then, if that is what was wanted, for good."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from autograder.errors import UsageError, some_of
from autograder.web.queue import Job, JobState
from autograder.web.staff.common import assignment_of, base_of, shown
from autograder.web.staff.overview import progress_of
from autograder.web.visiting import NotFound, Visit

PREVIEW, REGRADE = "preview", "regrade"


def form(visit: Visit) -> Response:
    """What may be graded again, and what was."""
    jobs = visit.site.jobs.of(assignment_of(visit))
    return shown(visit, "regrade.html", "regrade", jobs=jobs, who=visit.asked("who"))


def preview(visit: Visit) -> Response:
    """Asks the grading process which marks would move; writes none."""
    assignment = assignment_of(visit)
    students = list(dict.fromkeys(visit.field("students").replace(",", " ").split()))
    if visit.field("which") == "some" and not students:
        raise UsageError("name the students who are to be graded again, or choose all")
    if visit.field("which") != "some":
        students = []
    known = set(visit.site.course.students_submitted(assignment))
    if unknown := [student for student in students if student not in known]:
        raise UsageError(f"no submission of {some_of(unknown)}; check the ids")
    force = visit.field("force") == "yes"
    number = visit.site.jobs.add(PREVIEW, assignment, visit.me.id, students=students, force=force)
    _audit(visit, PREVIEW, assignment, students, force)
    return visit.to(f"{base_of(assignment)}/regrade/{number}")


def job(visit: Visit) -> Response:
    """How far a job is, and what it found."""
    found = _job_of(visit)
    template = "preview.html" if visit.uses_htmx else "job.html"
    return shown(
        visit,
        template,
        "regrade",
        job=found,
        progress=progress_of(visit),
        confirmed=_confirmed(visit, found),
        may_confirm=_obstacle(found) == "",
        obstacle=_obstacle(found),
    )


def confirm(visit: Visit) -> Response:
    """Grades again for good, what was shown before."""
    found = _job_of(visit)
    if found.kind != PREVIEW or (obstacle := _obstacle(found)):
        raise UsageError(obstacle if found.kind == PREVIEW else "only a preview can be confirmed")
    if (already := _confirmed(visit, found)) is not None:
        return visit.to(_path(already))
    options: dict[str, Any] = {**found.options, PREVIEW: found.number}
    number = visit.site.jobs.add(REGRADE, found.assignment, visit.me.id, **options)
    _audit(
        visit, REGRADE, found.assignment, found.options.get("students", []), bool(found.options.get("force"))
    )
    return visit.to(f"{base_of(found.assignment)}/regrade/{number}", "Grading again has begun.")


def _obstacle(found: Job) -> str:
    """Why a preview cannot be confirmed, or nothing."""
    if found.state is not JobState.DONE:
        return "the preview is not done yet" if not found.state.is_over else "the preview failed"
    in_the_way = (found.answer or {}).get("in_the_way", [])
    return "; ".join(in_the_way)


def _confirmed(visit: Visit, found: Job) -> Job | None:
    """The job that carries this preview out, if there is one."""
    jobs = visit.site.jobs.of(found.assignment, limit=100)
    return next((each for each in jobs if each.options.get(PREVIEW) == found.number), None)


def _job_of(visit: Visit) -> Job:
    number = visit.path("number")
    found = visit.site.jobs.get(int(number)) if number.isdecimal() and len(number) < 16 else None
    if found is None or found.assignment != assignment_of(visit):
        raise NotFound
    return found


def _path(found: Job) -> str:
    return f"{base_of(found.assignment)}/regrade/{found.number}"


def _audit(visit: Visit, what: str, assignment: str, students: list[str], force: bool) -> None:
    visit.site.store.audit(
        visit.me.id,
        what,
        assignment=assignment,
        student=students[0] if len(students) == 1 else "",
        after={"students": students or "all", "force": force},
        address=visit.address,
    )
