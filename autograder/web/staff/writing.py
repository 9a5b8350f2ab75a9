"""A mark on its way from a form into the gradebook and the audit trail: both, or neither."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.errors import AutograderError
from autograder.handmarking import Change, Given, Overtaken, Place, Standing
from autograder.web.visiting import Visit


def write(visit: Visit, what: str, place: Place, given: Given, seen: str, reason: str = "") -> Change:
    """Writes the mark of whoever asks. It is in the trail before it counts.

    Raises UsageError for a mark that cannot be, Overtaken where somebody was faster.
    """
    noted: list[Change] = []

    def note(change: Change) -> None:
        _audit(visit, what, change)
        noted.append(change)

    try:
        change = visit.site.hand.write(place, given, seen, reason, note)
    except Overtaken:
        raise
    except AutograderError:
        for lost in noted:  # the disk was full at the last moment: the trail says so
            _audit(visit, f"{what} (not written)", lost)
        raise
    visit.site.classes.note(change)
    return change


def _audit(visit: Visit, what: str, change: Change) -> None:
    place = change.place
    visit.site.store.audit(
        visit.me.id,
        what,
        assignment=place.assignment,
        student=place.student,
        question=place.path,
        before=told(change.before),
        after=told(change.after),
        reason=change.reason,
        address=visit.address,
    )


def told(standing: Standing) -> Mapping[str, object]:
    """What the trail has of a mark: what counts, and what humans gave."""
    given = standing.given
    return {
        "points": standing.points,
        "manual_score": given.manual_score,
        "extra_credit": given.extra_credit,
        "comment": given.manual_comment,
    }


def given_in(noted: Mapping[str, object]) -> Given:
    """What humans gave, out of the trail."""

    def number(name: str) -> float | None:
        value = noted.get(name)
        return float(value) if isinstance(value, int | float) else None

    comment = noted.get("comment")
    return Given(
        number("manual_score"), number("extra_credit"), comment if isinstance(comment, str) else None
    )
