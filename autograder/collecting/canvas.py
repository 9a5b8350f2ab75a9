"""Canvas's "Download Submissions": one file for each that was handed in, whose name says whose it is.

`lastfirst[_LATE]_USERID_SUBMISSIONID_original.ipynb`, where the first part is the sortable name, lower case
without punctuation, and Canvas puts `-N` behind the original name of a file that was handed in again.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from autograder.collecting.archives import Contents, Entry
from autograder.collecting.attempt import HandIn, Sorted, Stray, Who, latest
from autograder.roster import Roster, normalised

_NUMBERS = re.compile(r"_(?P<user>\d{1,20})_(?P<submission>\d{1,20})_")
_COUNTER = re.compile(r"-(\d{1,3})$")


@dataclass(frozen=True, slots=True)
class CanvasName:
    """What a file name of Canvas's says."""

    name: str
    user: str
    submission: str
    original: str


def readings(file_name: str) -> list[CanvasName]:
    """All ways to read the name, the likeliest first: names and files may hold numbers of their own."""
    found = []
    start = 0
    while match := _NUMBERS.search(file_name, start):
        name, original = file_name[: match.start()].removesuffix("_LATE"), file_name[match.end() :]
        if name and original:
            found.append(CanvasName(name, match["user"], match["submission"], original))
        start = match.start() + 1
    return found


def read_name(file_name: str, roster: Roster) -> CanvasName | None:
    """The one way to read it that the roster allows; None if it is no name of Canvas's, or could be two's.

    A student may call a file, or themselves, `x_17_5`, to hand in for user 17.
    """
    found = readings(file_name)
    known = [one for one in found if roster.by_lms_id(one.user)]
    if len({one.user for one in known}) > 1:
        known = [
            one
            for one in known
            if any(normalised(one.name) in person.names for person in roster.by_lms_id(one.user))
        ]
        return known[0] if len({one.user for one in known}) == 1 else None
    return known[0] if known else next(iter(found), None)


def recognises(contents: Contents) -> bool:
    """Whether most files are called as Canvas calls them."""
    named = [entry for entry in contents.entries if readings(entry.parts[-1])]
    return bool(named) and 2 * len(named) > len(contents.entries)


def sort_out(contents: Contents, roster: Roster, notebooks: Collection[str]) -> Sorted:
    """The download's submissions; `notebooks` are the names that need no counter taken off."""
    found = Sorted(refused=contents.refused)
    by_user: defaultdict[tuple[str, str], list[tuple[CanvasName, Entry]]] = defaultdict(list)
    for entry in contents.entries:
        name = read_name(entry.parts[-1], roster)
        if name is None:
            reason = (
                "its name can be read as two students'; place it by hand"
                if readings(entry.parts[-1])
                else "not called as Canvas calls submissions (name_USER_SUBMISSION_file)"
            )
            found.strays.append(Stray(f"{contents.name}: {entry.path}", reason))
        else:
            by_user[name.user, name.name].append((name, entry))
    for (user, called), files in by_user.items():
        who = Who(f"{called} (Canvas user {user})", lms_user_id=user, name=called)
        for attempt in _attempts(files, notebooks):
            where = f"{contents.name}: {attempt[0][1].path}"
            entries = {canvas.original: entry for canvas, entry in attempt}
            found.hand_ins.append(HandIn("canvas", where, (who,), entries, latest([*entries.values()])))
    return found


def without_counter(original: str, notebooks: Collection[str]) -> tuple[str, int]:
    """`nb-2.ipynb` is the third `nb.ipynb`, if that is a notebook of the assignment's: ("nb.ipynb", 2)."""
    stem = original.removesuffix(".ipynb")
    match = _COUNTER.search(stem)
    plain = _COUNTER.sub("", stem)
    if original.endswith(".ipynb") and match and stem not in notebooks and plain in notebooks:
        return f"{plain}.ipynb", int(match[1])
    return original, 0


def _attempts(
    files: Iterable[tuple[CanvasName, Entry]], notebooks: Collection[str]
) -> Iterator[list[tuple[CanvasName, Entry]]]:
    """One attempt, or several where Canvas's counters tell that a file was handed in more than once."""
    versions: defaultdict[str, list[tuple[int, int, CanvasName, Entry]]] = defaultdict(list)
    for canvas, entry in files:
        plain, counter = without_counter(canvas.original, notebooks)
        versions[plain].append((counter, int(canvas.submission), canvas, entry))
    most = max(map(len, versions.values()))
    for number in range(most):
        attempt = []
        for _, each in sorted(versions.items()):
            place = number - (most - len(each))
            if place >= 0:
                _, _, canvas, entry = sorted(each, key=lambda version: version[:2])[place]
                attempt.append((canvas, entry))
        yield attempt
