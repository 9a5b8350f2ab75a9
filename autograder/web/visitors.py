"""Pages for everybody: signing in and out, the own account, and what pages are made of."""

from __future__ import annotations

from starlette.responses import FileResponse, RedirectResponse, Response

from autograder import pages as shared
from autograder.errors import UsageError
from autograder.web import security
from autograder.web.accounts import LONGEST_PASSWORD, SHORTEST_PASSWORD
from autograder.web.people import Account
from autograder.web.site import STATIC
from autograder.web.visiting import NotFound, Visit, cookie_name, path_here, signed_in

_STATIC = {
    path.name: path
    for folder in (shared.STATIC, STATIC)
    for path in folder.iterdir()
    if path.suffix in (".css", ".js", ".svg")
}


def home(visit: Visit) -> Response:
    """Where each role begins."""
    return RedirectResponse("/assignments" if not visit.me.is_staff else "/staff", 303)


def static(visit: Visit) -> Response:
    """A style sheet or script, by its plain name."""
    path = _STATIC.get(visit.path("name"))
    if path is None:
        raise NotFound
    return FileResponse(path, headers={"Cache-Control": "public, max-age=3600"})


def health(visit: Visit) -> Response:
    """For whoever watches the server: 200 as long as the store answers."""
    visit.site.store.get("revision")
    return Response("ok\n", media_type="text/plain")


# Signing in ---------------------------------------------------------------------------------------


def sign_in_form(visit: Visit) -> Response:
    if visit.session is not None:
        return visit.to("/")
    return visit.page("sign_in.html", next=path_here(visit.asked("next", "/")), problem="", who="")


def sign_in(visit: Visit) -> Response:
    """By id and password. What is wrong is not told, since that would tell who is in the course."""
    who, next_path = visit.field("who").strip(), path_here(visit.field("next", "/"))
    limits = ((security.FAILURES, "password", who), (security.FAILURES_OF_ADDRESS, "password", visit.address))
    if any(visit.limiter.is_exhausted(*limit) for limit in limits):
        return visit.refused(429, "Too many attempts; wait a minute, or use your personal link.")
    account = visit.site.accounts.by_password(who, visit.field("password"))
    if account is None:
        for limit in limits:
            visit.limiter.allows(*limit)
        problem = "That id and password do not belong together."
        return visit.page("sign_in.html", 422, next=next_path, problem=problem, who=who)
    return signed_in(visit, RedirectResponse(next_path, 303), account)


def enter_form(visit: Visit) -> Response:
    """What a personal link opens. It signs nobody in by itself: mail programs look at links, too."""
    account = _by_link(visit)
    if account is None:
        return _no_such_link(visit)
    return visit.page("enter.html", account=account, secret=visit.path("secret"))


def enter(visit: Visit) -> Response:
    account = _by_link(visit)
    if account is None:
        return _no_such_link(visit)
    return signed_in(visit, RedirectResponse("/", 303), account)


def _by_link(visit: Visit) -> Account | None:
    """Without a limit on guesses: there are 2**192 links, and a limit would lock out the neighbours."""
    return visit.site.accounts.by_link(visit.path("secret"))


def _no_such_link(visit: Visit) -> Response:
    reason = "This personal link is not, or no longer, valid. Ask your instructor for a new one."
    return visit.refused(404, reason)


def sign_out(visit: Visit) -> Response:
    if visit.session is not None:
        visit.site.sessions.end(visit.session)
    response = RedirectResponse("/sign-in", 303)
    response.delete_cookie(cookie_name(visit.site), path="/", secure=visit.site.options.is_secure)
    return response


# The own account ----------------------------------------------------------------------------------


def account_form(visit: Visit) -> Response:
    return _account(visit, "")


def set_password(visit: Visit) -> Response:
    """Asks for the old one, where there is one: whoever finds an open browser must not keep the account."""
    assert visit.session is not None
    me, new = visit.me, visit.field("password")
    if visit.limiter.is_exhausted(security.FAILURES, "password", me.id):
        return visit.refused(429, "Too many attempts; wait a minute.")
    if me.has_password and visit.site.accounts.by_password(me.id, visit.field("old")) is None:
        visit.limiter.allows(security.FAILURES, "password", me.id)
        return _account(visit, "The old password is another one.")
    if new != visit.field("again"):
        return _account(visit, "The two new passwords differ.")
    try:
        visit.site.accounts.set_password(me.id, new, keep_session=visit.session.id)
    except UsageError as error:
        return _account(visit, f"{str(error)[:1].upper()}{str(error)[1:]}.")
    return visit.to("/account", "Your password is set. Everywhere else you are signed out.")


def _account(visit: Visit, problem: str) -> Response:
    return visit.page(
        "account.html",
        400 if problem else 200,
        problem=problem,
        shortest=SHORTEST_PASSWORD,
        longest=LONGEST_PASSWORD,
    )


def sign_out_everywhere(visit: Visit) -> Response:
    visit.site.sessions.end_all(visit.me.id)
    return sign_out(visit)
