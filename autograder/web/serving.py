"""`autograder serve`: the web server, and beside it the process that grades."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable

import uvicorn

from autograder.course import Course
from autograder.errors import UsageError
from autograder.web.accounts import Accounts, Link
from autograder.web.app import create_app
from autograder.web.connections import ImpatientProtocol
from autograder.web.people import Role
from autograder.web.site import Options
from autograder.web.store import Store
from autograder.web.watching import grading_beside

INSTRUCTOR = "instructor"
CONNECTIONS = 4000
SHUTDOWN_SECONDS = 5


def first_link(store: Store) -> Link | None:
    """A personal link for a first instructor, where there is no instructor yet."""
    accounts = Accounts(store)
    if any(one.role is Role.INSTRUCTOR for one in accounts.all()):
        return None
    (link,) = accounts.new_links([accounts.add(INSTRUCTOR, Role.INSTRUCTOR, "Instructor")])
    return link


def serve(course: Course, options: Options, say: Callable[[str], None]) -> None:
    """Serves the course until it is interrupted. Raises UsageError where the port is taken."""
    store = Store.of(course)
    store.put("address", options.address)
    app = create_app(course, options, beside=lambda: grading_beside(course.root, say))
    with _listening(options) as listening:
        if (link := first_link(store)) is not None:
            say(f"first sign-in of the instructor: {link.address(options.address)}")
        say(f"serving {course.root.name} at {options.address}; Ctrl-C stops it")
        config = uvicorn.Config(
            app,
            access_log=False,  # personal links stand in addresses
            log_level="warning",
            server_header=False,
            limit_concurrency=CONNECTIONS,
            timeout_keep_alive=15,
            timeout_graceful_shutdown=SHUTDOWN_SECONDS,
            proxy_headers=options.is_secure,  # of a proxy on this machine, which speaks TLS for us
            http=ImpatientProtocol,
            ws="none",
        )
        with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises it once all is closed
            uvicorn.Server(config).run([listening])
        say("stopped; what waits for the grader is graded when the course is served again")


def _listening(options: Options) -> socket.socket:
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((options.host, options.port))
    except OSError as error:
        made.close()
        raise UsageError(
            f"{options.host}, port {options.port}: {error.strerror or error}; choose others with --host "
            "and --port"
        ) from None
    made.listen(2048)
    return made
