"""Every address of the site, and whom it is for. What stands here is what is enforced."""

from __future__ import annotations

from autograder.web import student, visitors
from autograder.web.people import Needs
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

PAGES: tuple[Page, ...] = (*_VISITORS, *_STUDENTS)
