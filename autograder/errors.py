"""The one family of errors that users see, each a single line: what is wrong and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence


class AutograderError(Exception):
    """Something that the user of the toolkit can understand and mend."""

    exit_code = 1


class UsageError(AutograderError):
    """A wrong path, name, setting or notebook: the command was not carried out."""

    exit_code = 2


class GraderFault(AutograderError):
    """A fault of the grader or of a test, never of a submission."""

    exit_code = 4


class NotGradable(AutograderError):
    """A submitted notebook that no rule can mark: its grades stay open for a human."""


def cannot_write(error: OSError, what: object) -> GraderFault:
    """The fault for a full disk and its like; what was written before stays."""
    return GraderFault(
        f"{what}: cannot write ({error.strerror or error}); make room, then run the same command "
        "again to go on"
    )


def some_of(names: Sequence[str]) -> str:
    """The first five names, and how many more there are."""
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most like this one, whatever their case; None if none is like it."""
    folded = {each.casefold(): each for each in known}
    near = difflib.get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.5)
    return folded[near[0]] if near else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`" (did you mean 'lab6'?)"` for the nearest of the known names, or the empty string."""
    near = nearest(name, known)
    return "" if near is None else f" (did you mean {near!r}?)"
