"""What guards every answer: headers, where a form came from, and how often somebody may ask."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from autograder.pages import digest_of
from autograder.pages.showing import FRAME_STYLE

SAFE_METHODS = frozenset({"GET", "HEAD"})

POLICY = "; ".join(
    (
        *("default-src 'none'", "script-src 'self'", "img-src 'self' data:"),
        f"style-src 'self' {digest_of(FRAME_STYLE)}",  # of frames with a student's output
        *("connect-src 'self'", "frame-src 'self'", "form-action 'self'", "base-uri 'none'"),
        "frame-ancestors 'none'",
    )
)
# A page that is a file of its own, with a student's output in frames without script: of an origin of its own.
ALONE = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)

_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def headers(is_secure: bool) -> Mapping[str, str]:
    """Of every answer that has no others of these names."""
    if not is_secure:
        return _HEADERS
    return {**_HEADERS, "Strict-Transport-Security": "max-age=31536000"}


def is_from_elsewhere(sent: Mapping[str, str]) -> bool:
    """Whether a browser says that another site made this request (Fetch Metadata, RFC 6454)."""
    if site := sent.get("sec-fetch-site"):
        return site not in ("same-origin", "none")
    origin = sent.get("origin")
    return origin is not None and urlsplit(origin).netloc.lower() != sent.get("host", "").lower()


# How often: what is beyond is answered with 429 and costs next to nothing.
PAGES = RateLimitItemPerMinute(600)  # of somebody who signed in
VISITS = RateLimitItemPerMinute(12_000)  # of one address: a whole class may sit behind it
FAILURES = RateLimitItemPerMinute(10)  # wrong passwords for one account
FAILURES_OF_ADDRESS = RateLimitItemPerMinute(100)  # wrong passwords of one address

_STEP = 25  # requests for a page that are counted together: each count of the library's may start a thread
_MOST_COUNTED = 100_000  # of whom that is remembered


class Limiter:
    """Counts in memory, for this process: a restart forgives."""

    def __init__(self) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._uncounted: dict[str, int] = {}

    def allows(self, limit: RateLimitItem, *who: str, cost: int = 1) -> bool:
        """Counts one more, and says whether it is within the limit."""
        return self._limiter.hit(limit, *who, cost=cost)

    def allows_page(self, limit: RateLimitItem, *who: str) -> bool:
        """The same for what is asked for often, to within some requests."""
        key = "/".join(who)
        uncounted = self._uncounted.get(key, 0) + 1
        if uncounted < _STEP:
            within = not self.is_exhausted(limit, *who)
        elif within := self.allows(limit, *who, cost=_STEP):
            uncounted = 0
        else:
            uncounted = _STEP - 1  # so that the next one asks again
        if len(self._uncounted) > _MOST_COUNTED:
            self._uncounted.clear()
        self._uncounted[key] = uncounted
        return within

    def is_exhausted(self, limit: RateLimitItem, *who: str) -> bool:
        """Counts nothing."""
        return not self._limiter.test(limit, *who)
