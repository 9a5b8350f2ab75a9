"""Every address of the site, and whom it is for. What stands here is what is enforced."""

from __future__ import annotations

from autograder.web import visitors
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

PAGES: tuple[Page, ...] = (*_VISITORS,)
