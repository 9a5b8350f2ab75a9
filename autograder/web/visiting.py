"""A page's address, whom it is for, and the one gate that every request goes through."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from jinja2 import Environment
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from autograder.errors import AutograderError
from autograder.pages import count, environment
from autograder.web import security
from autograder.web.forms import Bounds, Rejected, read_form
from autograder.web.people import Account, Needs, Role
from autograder.web.sessions import Session
from autograder.web.site import TEMPLATES, Site

LARGEST_NOTICE = 2000


@dataclass(slots=True)
class Visit:
    """One request that passed the gate: who asks, and with which form."""

    site: Site
    request: Request
    session: Session | None
    limiter: security.Limiter
    form: FormData = field(default_factory=FormData)

    @property
    def me(self) -> Account:
        """Whoever asks; only for pages that need somebody who is signed in."""
        assert self.session is not None, "a page for anybody"
        return self.session.account

    @property
    def student(self) -> str:
        """The id under which everything of a student's is looked up: of who is signed in, of nobody else."""
        assert self.me.role is Role.STUDENT, "a page for students"
        return self.me.id

    @property
    def address(self) -> str:
        """Where the request comes from."""
        return self.request.client.host if self.request.client else ""

    @property
    def uses_htmx(self) -> bool:
        """Whether a part of a page is asked for, rather than all of it."""
        return self.request.headers.get("hx-request") == "true"

    def path(self, name: str) -> str:
        """A part of the address, such as the assignment."""
        return str(self.request.path_params[name])

    def asked(self, name: str, default: str = "") -> str:
        """A value behind the question mark."""
        return self.request.query_params.get(name, default)

    def field(self, name: str, default: str = "") -> str:
        """A text in the form."""
        value = self.form.get(name, default)
        return value if isinstance(value, str) else default

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """The page; templates have `me`, `csrf`, `notice`, `here` (the path) and `course`."""
        return HTMLResponse(_rendered(self, template, values), status)

    def part(self, template: str, **values: Any) -> str:
        """A part of a page, for one that is shown already."""
        return _rendered(self, template, values)

    def to(self, path: str, notice: str = "") -> Response:
        """Sends the browser on to a page of ours, which says the notice."""
        if notice and self.session is not None:
            self.site.sessions.say(self.session, notice[:LARGEST_NOTICE])
        return RedirectResponse(path, 303)

    def refused(self, status: int, reason: str) -> Response:
        """A page that says why not."""
        return refusal(self, status, reason)


Endpoint = Callable[[Visit], Response]


@dataclass(frozen=True, slots=True)
class Page:
    """One address. `takes` bounds the body of a POST; the endpoint is called in a thread."""

    method: str
    path: str
    endpoint: Endpoint
    needs: Needs
    takes: Callable[[Site], Bounds] = lambda site: Bounds()

    @property
    def methods(self) -> list[str]:
        return ["GET", "HEAD"] if self.method == "GET" else [self.method]


def routes_of(pages: tuple[Page, ...], site: Site) -> list[Route]:
    """Starlette's routes, each behind the gate. Raises TypeError for a page that names nobody it is for."""
    limiter = security.Limiter()
    for page in pages:
        if not isinstance(page, Page) or not isinstance(page.needs, Needs):
            raise TypeError(f"{page!r} does not say whom it is for")
    return [
        Route(
            page.path,
            _Gate(page, site, limiter),
            methods=page.methods,
            name=f"{page.method} {page.path}",
        )
        for page in pages
    ]


class _Gate:
    """Lets a request through to its page, or answers why not.

    In this order: does another site send it, who asks, how often, is the page for them, can the form be
    read, did we make it. An ASGI application of its own, so that Starlette calls it for every method.
    """

    def __init__(self, page: Page, site: Site, limiter: security.Limiter) -> None:
        self._page = page
        self._site = site
        self._limiter = limiter

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive, send)
        response = await self._answer(request)
        for name, value in security.headers(self._site.options.is_secure).items():
            response.headers.setdefault(name, value)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        safe = request.method in security.SAFE_METHODS
        visit = Visit(self._site, request, None, self._limiter)
        if not safe and security.is_from_elsewhere(request.headers):
            return visit.refused(403, "This form was sent by another site.")
        if safe:
            return await run_in_threadpool(self._visited, visit)
        refused = await run_in_threadpool(self._admitted, visit)
        if refused is not None:
            return refused
        try:
            visit.form = await read_form(request, self._page.takes(self._site))
        except Rejected as error:
            response = visit.refused(error.status, f"{error.reason[:1].upper()}{error.reason[1:]}.")
            response.headers["Connection"] = "close"  # the rest of the body is not read
            return response
        try:
            if visit.session is not None and not self._site.sessions.is_of(
                visit.session, visit.field("csrf") or request.headers.get("x-csrf-token", "")
            ):
                return visit.refused(
                    403, "This form is too old; go back, load the page again, and repeat it."
                )
            return await run_in_threadpool(self._page_of, visit)
        finally:
            await visit.form.close()

    def _visited(self, visit: Visit) -> Response:
        return self._admitted(visit) or self._page_of(visit)

    def _admitted(self, visit: Visit) -> Response | None:
        """Finds out who asks; a refusal, or nothing if the page is for them."""
        if not self._limiter.allows_page(security.VISITS, "address", visit.address):
            return visit.refused(429, "Too many requests from here; wait a minute.")
        if token := visit.request.cookies.get(cookie_name(self._site)):
            visit.session = self._site.sessions.find(token)
        role = visit.me.role if visit.session is not None else None
        if role is not None and not self._limiter.allows_page(security.PAGES, "account", visit.me.id):
            return visit.refused(429, "Too many requests; wait a minute.")
        if self._page.needs.admits(role):
            return None
        if role is not None:
            return visit.refused(403, f"This page is not for {_plural(role)}.")
        if visit.request.method in security.SAFE_METHODS:
            return RedirectResponse(f"/sign-in?next={quote(visit.request.url.path)}", 303)
        return visit.refused(401, "You are not signed in, or no longer; sign in, and do it again.")

    def _page_of(self, visit: Visit) -> Response:
        try:
            return self._page.endpoint(visit)
        except NotFound:
            return visit.refused(404, "There is nothing here.")
        except AutograderError as error:
            return visit.refused(409, f"That did not work: {error}")


class NotFound(Exception):
    """What was asked for is not there, or is another's, which looks the same."""


def refusal(visit: Visit, status: int, reason: str) -> Response:
    return visit.page("refused.html", status, reason=reason, code=status)


def cookie_name(site: Site) -> str:
    """A name with which browsers let no other host, and no page without TLS, set the cookie (RFC 6265bis)."""
    return "__Host-session" if site.options.is_secure else "session"


def signed_in(visit: Visit, response: Response, account: Account) -> Response:
    """The answer with a new session in it; an old one of the same browser ends."""
    if visit.session is not None:
        visit.site.sessions.end(visit.session)
    response.set_cookie(
        cookie_name(visit.site),
        visit.site.sessions.begin(account),
        path="/",
        secure=visit.site.options.is_secure,
        httponly=True,
        samesite="lax",
    )
    return response


def path_here(path: str) -> str:
    """The path if it is one of this site, else the start page."""
    parts = urlsplit(path)
    if parts.scheme or parts.netloc or not path.startswith("/") or path.startswith(("//", "/\\")):
        return "/"
    return path if path.isprintable() and "\\" not in path else "/"


def _plural(role: Role) -> str:
    return f"{role}s"


@functools.cache
def _templates() -> Environment:
    made = environment(TEMPLATES).overlay()
    made.filters = {**made.filters, "when": when, "span": span, "size": size}
    return made


def when(time: datetime | float) -> Markup:
    """A time with its zone, that of the server; for programs as well.

    Given in seconds since 1970, or as a time, which is UTC where it names no zone.
    """
    if not isinstance(time, datetime):
        time = datetime.fromtimestamp(time, UTC)
    local = (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone()
    clock = "%H:%M:%S" if local.second else "%H:%M"
    return Markup('<time datetime="{}">{}</time>').format(
        local.isoformat(timespec="seconds"), local.strftime(f"%a %-d %b %Y, {clock} %Z")
    )


def span(seconds: float) -> str:
    """A length of time in words, its two largest units."""
    whole = max(0, int(seconds))
    days, hours, minutes = whole // 86_400, whole // 3600 % 24, whole // 60 % 60
    parts = [count(days, "day"), count(hours, "hour"), count(minutes, "minute")]
    shown = [part for part, number in zip(parts, (days, hours, minutes), strict=True) if number][:2]
    return " and ".join(shown) or "less than a minute"


def size(number: int) -> str:
    """Bytes as people count them."""
    for unit, least in (("MiB", 2**20), ("KiB", 2**10)):
        if number >= least:
            return f"{number / least:.3g} {unit}"
    return f"{number} bytes"


def _rendered(visit: Visit, template: str, values: Mapping[str, Any]) -> str:
    session = visit.session
    if session is not None and session.notice is not None and not visit.uses_htmx:
        visit.site.sessions.say(session, None)
    return (
        _templates()
        .get_template(template)
        .render(
            stylesheet="/static/style.css",
            me=session.account if session else None,
            csrf=session.csrf if session else "",
            notice=session.notice if session else None,
            here=visit.request.url.path,
            course=visit.site.course.root.name,
            **values,
        )
    )
