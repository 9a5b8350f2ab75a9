"""Every address of the site, and whom it is for. What stands here is what is enforced."""

from __future__ import annotations

from autograder.web import student, visitors
from autograder.web.people import Needs
from autograder.web.staff import (
    administering,
    giving_out,
    marking,
    overview,
    people,
    regrading,
    submission,
)
from autograder.web.visiting import Page

_VISITORS = (
    Page("GET", "/", visitors.home, Needs.SIGNED_IN),
    Page("GET", "/static/{name}", visitors.static, Needs.ANYBODY),
    Page("GET", "/health", visitors.health, Needs.ANYBODY),
    Page("GET", "/sign-in", visitors.sign_in_form, Needs.ANYBODY),
    Page("POST", "/sign-in", visitors.sign_in, Needs.ANYBODY),
    Page("GET", "/enter/{secret}", visitors.enter_form, Needs.ANYBODY),
    Page("POST", "/enter/{secret}", visitors.enter, Needs.ANYBODY),
    Page("POST", "/sign-out", visitors.sign_out, Needs.ANYBODY),
    Page("POST", "/sign-out-everywhere", visitors.sign_out_everywhere, Needs.SIGNED_IN),
    Page("GET", "/account", visitors.account_form, Needs.SIGNED_IN),
    Page("POST", "/account/password", visitors.set_password, Needs.SIGNED_IN),
)

_ONE = "/assignments/{assignment}"

_STUDENTS = (
    Page("GET", "/assignments", student.assignments, Needs.STUDENT),
    Page("GET", _ONE, student.assignment, Needs.STUDENT),
    Page("GET", f"{_ONE}/live", student.live, Needs.STUDENT),
    Page("GET", f"{_ONE}/all.zip", student.download_all, Needs.STUDENT),
    Page("GET", f"{_ONE}/files/{{file:path}}", student.download, Needs.STUDENT),
    Page("POST", f"{_ONE}/uploads", student.hand_in, Needs.STUDENT, takes=student.upload_bounds),
    Page("GET", f"{_ONE}/receipts/{{receipt}}", student.receipt, Needs.STUDENT),
    Page("GET", f"{_ONE}/receipts/{{receipt}}/files/{{file}}", student.receipt_file, Needs.STUDENT),
    Page("GET", f"{_ONE}/feedback/{{notebook}}", student.feedback, Needs.STUDENT),
)

# Graders see a class and mark written answers; what else moves or shows marks is for instructors.
_OF = "/staff/{assignment}"
_QUESTION = _OF + "/marking/{notebook}/{cell}"
_STAFF = (
    Page("GET", "/staff", overview.classes, Needs.GRADER),
    Page("GET", _OF, overview.overview, Needs.GRADER),
    Page("GET", _OF + "/live", overview.live, Needs.GRADER),
    Page("GET", _OF + "/class", people.class_table, Needs.GRADER),
    Page("GET", _OF + "/questions/{notebook}/{cell}", people.question, Needs.GRADER),
    Page("GET", _OF + "/students/{student}", submission.submission, Needs.GRADER),
    Page("POST", _OF + "/students/{student}/override", submission.override, Needs.INSTRUCTOR),
    Page("GET", _OF + "/marking", marking.questions, Needs.GRADER),
    Page("GET", _QUESTION, marking.answer, Needs.GRADER),
    Page("POST", _QUESTION, marking.mark, Needs.GRADER),
    Page("POST", _QUESTION + "/undo", marking.undo, Needs.GRADER),
    Page("POST", _QUESTION + "/phrases", marking.keep_phrase, Needs.GRADER),
    Page("GET", _OF + "/regrade", regrading.form, Needs.INSTRUCTOR),
    Page("POST", _OF + "/regrade", regrading.preview, Needs.INSTRUCTOR),
    Page("GET", _OF + "/regrade/{number}", regrading.job, Needs.INSTRUCTOR),
    Page("POST", _OF + "/regrade/{number}", regrading.confirm, Needs.INSTRUCTOR),
    Page("GET", _OF + "/release", giving_out.release_form, Needs.INSTRUCTOR),
    Page("POST", _OF + "/release", giving_out.release, Needs.INSTRUCTOR),
    Page("GET", _OF + "/export", giving_out.export_form, Needs.INSTRUCTOR),
    Page("POST", _OF + "/export/{form}", giving_out.export, Needs.INSTRUCTOR, giving_out.export_takes),
    Page("GET", "/accounts", administering.accounts, Needs.INSTRUCTOR),
    Page("POST", "/accounts", administering.new_link, Needs.INSTRUCTOR),
    Page("GET", "/audit", administering.trail, Needs.INSTRUCTOR),
    Page("GET", "/audit.csv", administering.trail_as_csv, Needs.INSTRUCTOR),
)

PAGES: tuple[Page, ...] = (*_VISITORS, *_STUDENTS, *_STAFF)
