"""A submission as it came, made into the files that are laid into `submitted/`: opened, named, restored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.assignment import Assignment
from autograder.collecting.aligning import Ambiguous, Pair, has_lost_ids, match_by_order
from autograder.collecting.archives import Bounds, Contents, Entry, Refused, Unreadable, open_nested
from autograder.collecting.attempt import without_wrapper
from autograder.collecting.attempts import Collected, Record, time_text
from autograder.collecting.canvas import without_counter
from autograder.collecting.placing import Belonging
from autograder.errors import NotGradable, some_of
from autograder.renaming import called_like, with_cells_of
from autograder.settings import Limits
from autograder.source import SourceNotebook
from autograder.submission import Submission
from autograder.workspace import RESERVED

ROOM = 1_000  # bytes, and one file, that the timestamp takes of a submission's limits
NESTED = 4  # times a submission's bytes that are read of an archive which was handed in


@dataclass(frozen=True, slots=True)
class Restored:
    """A notebook whose cells were matched by their order, and how."""

    student: str
    notebook: str
    cells: tuple[Pair, ...]


@dataclass
class Prepared:
    """What came of one submission: the files, and what somebody should know or look at."""

    collected: Collected
    refused: list[Refused] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    restored: list[Restored] = field(default_factory=list)


def prepare(
    belonging: Belonging, student: str, assignment: Assignment, limits: Limits, by_order: bool
) -> Prepared:
    """Reads a submission's files, and names its notebooks as the assignment does where that is clear.

    With `by_order`, notebooks whose cells lost their ids get them back where no guess is needed.
    """
    hand_in = belonging.hand_in
    refused: list[Refused] = []
    files = _read(_opened(hand_in.file, hand_in.files, limits, refused), hand_in.file, limits, refused)
    if hand_in.origin == "canvas":
        known = [notebook.name for notebook in assignment.notebooks]
        files = _without_counters(files, known)
    tops = {path: data for path, data in files.items() if "/" not in path and path.endswith(".ipynb")}
    notebooks = {path.removesuffix(".ipynb"): data for path, data in tops.items()}
    naming = _Naming(assignment, notebooks, limits)
    flags = naming.name()
    restored: list[Restored] = []
    original: dict[str, bytes] = {}
    for source in assignment.notebooks:
        data = notebooks.get(source.name)
        if data is None or not source.is_template:
            continue
        if not has_lost_ids(source, data, limits.submission_bytes):
            continue
        if not by_order:
            flags.append(f"{source.name}.ipynb has lost its cells' ids; try --match-by-order")
            continue
        try:
            notebooks[source.name], cells = match_by_order(source, data, limits.submission_bytes)
        except (Ambiguous, NotGradable) as error:
            flags.append(f"{source.name}.ipynb has lost its cells' ids, and {error}; it stays as it is")
            continue
        original[source.name] = data
        restored.append(Restored(student, source.name, cells))
    others = {path: data for path, data in files.items() if path not in tops}
    submission = Submission(student, assignment.name, Path(), notebooks, others)
    came = replace(submission, notebooks={**notebooks, **original}).digest() if original else ""
    record = Record(
        origin=hand_in.origin,
        file=hand_in.file,
        time=time_text(hand_in.time),
        time_from=hand_in.time_from if hand_in.time else "",
        sha256=submission.digest(),
        by=belonging.by,
        came=came,
    )
    return Prepared(Collected(record, submission, original), refused, flags, restored)


def _opened(
    where: str, files: Mapping[str, Entry], limits: Limits, refused: list[Refused]
) -> dict[str, Entry]:
    """With the archives among them opened; a folder around all that lies in one is taken off."""
    found = {path: entry for path, entry in files.items() if not entry.is_archive}
    for path, entry in files.items():
        if not entry.is_archive:
            continue
        bounds = Bounds(limits.file_bytes, NESTED * limits.submission_bytes)
        try:
            contents: Contents = open_nested(entry, f"{where}: {path}", bounds)
        except Unreadable as error:
            refused.append(Refused(where, path, str(error)))
            continue
        refused += contents.refused
        for parts, inner in without_wrapper(contents):
            if "/".join(parts) in found:
                refused.append(Refused(contents.name, inner.path, "a file of that name is there already"))
            else:
                found["/".join(parts)] = inner
    return found


def _read(files: Mapping[str, Entry], where: str, limits: Limits, refused: list[Refused]) -> dict[str, bytes]:
    """The bytes, within what a grader reads of one submission, notebooks first."""
    found: dict[str, bytes] = {}
    room, count = limits.submission_bytes - ROOM, limits.files - 1
    for path in sorted(files, key=lambda path: (not path.endswith(".ipynb"), path)):
        entry = files[path]
        if path.rpartition("/")[2] in RESERVED:
            continue  # a student's own timestamp.txt tells no time
        if entry.size > room or not count:
            refused.append(Refused(where, path, "beyond the limits of one submission (see docs/settings.md)"))
            continue
        try:
            found[path] = entry.read()
        except Unreadable as error:
            refused.append(Refused(where, path, str(error)))
            continue
        room, count = room - len(found[path]), count - 1
    return found


def _without_counters(files: Mapping[str, bytes], notebooks: list[str]) -> dict[str, bytes]:
    """Each notebook under the name that it had before Canvas put a counter behind it."""
    plain = {path: without_counter(path, notebooks)[0] for path in files}
    return {name if name not in files else path: files[path] for path, name in plain.items()}


class _Naming:
    """Gives a submission's notebooks the assignment's names, in place, where it is clear which is which."""

    def __init__(self, assignment: Assignment, notebooks: dict[str, bytes], limits: Limits) -> None:
        self._sources = assignment.notebooks
        self._notebooks = notebooks
        self._max_bytes = limits.submission_bytes

    def name(self) -> list[str]:
        """One line for each notebook of the assignment's that is not clear."""
        problems = []
        for source in self._sources:
            if source.name not in self._notebooks and (problem := self._find(source)):
                problems.append(problem)
        expected = (not source.is_template or source.name in self._notebooks for source in self._sources)
        if not problems and not (self._notebooks and any(expected)):
            names = some_of([f"{name}.ipynb" for name in sorted(self._notebooks)]) or "no notebook"
            problems.append(f"none of the assignment's notebooks is there, but {names}; see what it is")
        return problems

    def _find(self, source: SourceNotebook) -> str:
        ours = {each.name for each in self._sources}
        others = {name: data for name, data in self._notebooks.items() if name not in ours}
        if not source.is_template:  # its students may call it what they like
            found = sorted(others) if len(others) > 1 else []
        else:
            found = called_like(source.name, others) or with_cells_of(source, others, self._max_bytes)
        if len(found) > 1:
            names = some_of([f"{name}.ipynb" for name in found])
            return f"more than one notebook could be {source.name}.ipynb ({names}); all were left as they are"
        if found:
            self._notebooks[source.name] = self._notebooks.pop(found[0])
        return ""
