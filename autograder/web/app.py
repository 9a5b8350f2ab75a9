"""The web application of a course."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

from anyio.to_thread import current_default_thread_limiter
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response

from autograder.course import Course
from autograder.web import security
from autograder.web.routes import PAGES
from autograder.web.site import Options, Site
from autograder.web.store import Store
from autograder.web.visiting import Page, Visit, routes_of

THREADS = 16


def create_app(
    course: Course,
    options: Options | None = None,
    pages: tuple[Page, ...] = PAGES,
    beside: Callable[[], AbstractAsyncContextManager[None]] = contextlib.nullcontext,
) -> Starlette:
    """The pages of the course; `beside` surrounds the time in which they are served.

    Raises TypeError for a page without a role, and UsageError for a store that cannot be used.
    """
    options = options or Options()
    site = Site(course, options, Store.of(course))
    limiter = security.Limiter()

    def not_found(request: Request, error: Exception) -> Response:
        return _told(Visit(site, request, None, limiter), 404, "There is nothing here.")

    def wrong_method(request: Request, error: Exception) -> Response:
        return _told(Visit(site, request, None, limiter), 405, "That cannot be done here.")

    def fault(request: Request, error: Exception) -> Response:
        reason = "Something went wrong on our side. Nothing that you handed in is lost."
        return _told(Visit(site, request, None, limiter), 500, reason)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        # more threads wait for each other: each page is mostly work for the interpreter
        current_default_thread_limiter().total_tokens = THREADS
        async with beside():
            yield
        site.close()

    app = Starlette(
        lifespan=lifespan,
        routes=routes_of(pages, site),
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=sorted(options.hosts), www_redirect=False)
        ],
        exception_handlers={404: not_found, 405: wrong_method, 500: fault},
    )
    app.router.redirect_slashes = False
    app.state.site = site
    return app


def _told(visit: Visit, status: int, reason: str) -> Response:
    response = visit.refused(status, reason)
    response.headers.update(security.headers(visit.site.options.is_secure))
    return response
