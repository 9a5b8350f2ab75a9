"""One running web site: the course, what it keeps, and how it was started."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from autograder.classes import Classes
from autograder.course import Course
from autograder.errors import UsageError
from autograder.handmarking import HandMarks
from autograder.settings import MIB
from autograder.web.accounts import Accounts
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


@dataclass(frozen=True, slots=True)
class Site:
    """What every page has at hand."""

    course: Course
    options: Options
    store: Store
    accounts: Accounts = field(init=False)
    sessions: Sessions = field(init=False)
    classes: Classes = field(init=False)
    hand: HandMarks = field(init=False)
    receipts: Receipts = field(init=False)
    jobs: Jobs = field(init=False)
    pulse: Pulse = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "accounts", Accounts(self.store))
        object.__setattr__(self, "sessions", Sessions(self.store))
        object.__setattr__(self, "classes", Classes(self.course))
        object.__setattr__(self, "hand", HandMarks(self.course))
        object.__setattr__(self, "receipts", Receipts(self.store))
        object.__setattr__(self, "jobs", Jobs(self.store))
        object.__setattr__(self, "pulse", Pulse(self.store))

    def close(self) -> None:
        self.classes.close()
        self.hand.close()
        self.store.close()

    @property
    def upload_bytes(self) -> int:
        """The most that one upload may have, the form around the files included."""
        return self.course.settings.limits.submission_bytes + MIB // 16
