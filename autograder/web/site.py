"""One running web site: the course, what it keeps, and how it was started."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from autograder.course import Course
from autograder.errors import UsageError
from autograder.handmarking import HandMarks
from autograder.settings import MIB
from autograder.web.accounts import Accounts
from autograder.web.classes import Classes
from autograder.web.live import Pulse
from autograder.web.queue import Jobs
from autograder.web.receipts import Receipts
from autograder.web.sessions import Sessions
from autograder.web.store import Store

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True, slots=True)
class Options:
    """How the site is served. `url` is where browsers find it, by default at `host` and `port` itself.

    An upload ends after `upload_seconds`, or when nothing came of it for `stall_seconds`. A student may hand
    in `uploads_an_hour` times for each assignment.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    url: str = ""
    upload_seconds: float = 120.0
    stall_seconds: float = 20.0
    uploads_an_hour: int = 20

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if self.url and (
            parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/")
        ):
            raise UsageError(f"--url {self.url!r} is no address; give it like https://grades.example.edu")

    @property
    def address(self) -> str:
        """Where browsers find the site, without a slash at its end."""
        if self.url:
            return self.url.rstrip("/")
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach the site over TLS, so that cookies may insist on it."""
        return self.address.startswith("https:")

    @property
    def hosts(self) -> frozenset[str]:
        """The names that a request may ask for; a name that somebody else points at us is none."""
        named = urlsplit(self.address).hostname or ""
        return frozenset({named, self.host, "127.0.0.1", "localhost", "::1"})


class Site:
    """What every page has at hand."""

    def __init__(self, course: Course, options: Options, store: Store) -> None:
        self.course = course
        self.options = options
        self.store = store
        self.accounts = Accounts(store)
        self.sessions = Sessions(store)
        self.classes = Classes(course)
        self.hand = HandMarks(course)
        self.receipts = Receipts(store)
        self.jobs = Jobs(store)
        self.pulse = Pulse(store)

    def close(self) -> None:
        self.classes.close()
        self.hand.close()
        self.store.close()

    @property
    def upload_bytes(self) -> int:
        """The most that one upload may have, the form around the files included."""
        return self.course.settings.limits.submission_bytes + MIB // 16
