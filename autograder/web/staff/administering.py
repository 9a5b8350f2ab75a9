"""Who may sign in, and who changed what."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from starlette.responses import Response

from autograder.marks.spreadsheets import safe_cell
from autograder.web.accounts import LINK_DAYS
from autograder.web.people import Account, Role
from autograder.web.staff.common import Pages
from autograder.web.store import Entry
from autograder.web.visiting import NotFound, Visit

LINES = 100
MOST_LINES = 100_000  # of a file
FILTERS = ("student", "question", "who", "assignment", "what")
COLUMNS = (
    *("number", "time", "who", "what", "assignment", "student", "question"),
    *("before", "after", "reason", "address"),
)


def accounts(visit: Visit) -> Response:
    """Everybody who may sign in."""
    return _accounts(visit)


def _accounts(visit: Visit, made: tuple[Account, str] | None = None) -> Response:
    words = visit.asked("search")[:100].casefold().split()
    found = [
        account
        for account in visit.site.accounts.all()
        if all(word in f"{account.id} {account.name} {account.role}".casefold() for word in words)
    ]
    pages = Pages.of(visit, len(found), "search")
    return visit.page(
        "staff/accounts.html",
        accounts=found[pages.first : pages.end],
        pages=pages,
        search=visit.asked("search")[:100],
        made=made,
        days=LINK_DAYS,
    )


def new_link(visit: Visit) -> Response:
    """A new personal link, which is shown this once; the old one and all sessions end."""
    account = visit.site.accounts.get(visit.field("account"))
    if account is None:
        raise NotFound
    (link,) = visit.site.accounts.new_links([account])
    student = account.id if account.role is Role.STUDENT else ""
    visit.site.store.audit(visit.me.id, "link", student=student, after=account.id, address=visit.address)
    return _accounts(visit, (account, link.address(visit.site.options.address)))


# The audit trail ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the trail, for reading."""

    entry: Entry
    time: datetime
    before: str
    after: str


def trail(visit: Visit) -> Response:
    """Who changed which mark when, and why; newest first."""
    wanted = _wanted(visit)
    number = visit.asked("before")
    before = int(number) if number.isdecimal() and len(number) < 16 else None
    found = visit.site.store.trail(before=before, limit=LINES + 1, **wanted)
    older = found[LINES - 1].number if len(found) > LINES else None
    return visit.page(
        "staff/trail.html",
        lines=[_told(entry) for entry in found[:LINES]],
        wanted=wanted,
        filters=FILTERS,
        older=f"?{urlencode({**wanted, 'before': older})}" if older is not None else "",
        as_csv=f"/audit.csv?{urlencode(wanted)}",
    )


def trail_as_csv(visit: Visit) -> Response:
    """The same as a file, safe to open in a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for entry in visit.site.store.trail(before=None, limit=MOST_LINES, **_wanted(visit)):
        values = {name: getattr(entry, name) for name in COLUMNS}
        values["time"] = datetime.fromtimestamp(entry.time, UTC).isoformat(timespec="seconds")
        writer.writerow([safe_cell(value) for value in values.values()])
    return Response(
        out.getvalue().encode(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="audit.csv"'},
    )


def _wanted(visit: Visit) -> dict[str, str]:
    return {name: value for name in FILTERS if (value := visit.asked(name)[:200].strip())}


def _told(entry: Entry) -> Told:
    return Told(
        entry, datetime.fromtimestamp(entry.time, UTC), _in_words(entry.before), _in_words(entry.after)
    )


def _in_words(noted: str | None) -> str:
    """`{"points": 2.0, "comment": "Good."}` as `2 points, "Good."`."""
    if noted is None:
        return ""
    try:
        value = json.loads(noted)
    except ValueError:
        return noted
    if isinstance(value, Mapping) and "points" in value:
        return _mark_in_words(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_plain(each)}" for name, each in value.items())
    return noted


def _mark_in_words(value: Mapping[str, object]) -> str:
    points, extra, comment = value.get("points"), value.get("extra_credit"), value.get("comment")
    words = ["open" if not isinstance(points, int | float) else f"{points:g} points"]
    if isinstance(extra, int | float) and extra:
        words.append(f"{extra:g} of them extra")
    if value.get("manual_score") is not None:
        words.append("by hand")
    if isinstance(comment, str) and comment:
        words.append(f"“{comment}”")
    return ", ".join(words)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return " ".join(str(each) for each in value[:20]) + (" …" if len(value) > 20 else "")
    return str(value)
