"""`autograder collect`: downloads into attempts, and the attempt that counts into `submitted/`."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from autograder.assignment import Assignment
from autograder.collecting import canvas, choosing, folders, gradescope, moodle
from autograder.collecting.archives import Bounds, Contents, Refused, is_archive, open_contents, single_files
from autograder.collecting.attempt import Sorted, Stray
from autograder.collecting.attempts import Attempt, Attempts
from autograder.collecting.keeping import Kept, Placed, Room, keep, place
from autograder.collecting.placing import Belonging, match, read_groups
from autograder.collecting.preparing import Restored
from autograder.context import Context
from autograder.course import Course
from autograder.errors import UsageError, cannot_write
from autograder.roster import Roster
from autograder.scheduling.batches import in_batches
from autograder.scheduling.local import WorkerDied
from autograder.settings import Limits

Origin = Literal["canvas", "moodle", "gradescope", "folder"]
Keep = Literal["last", "best"]
BATCH = 20  # students that a process takes at once


@dataclass(frozen=True, slots=True)
class Options:
    """How to collect: what to take the files for, and what is to count."""

    origin: Origin | None = None
    worksheet: Path | None = None
    groups: Path | None = None
    new_students: bool = False
    by_order: bool = False
    keep: Keep = "last"
    dry_run: bool = False
    jobs: int | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """Something about a student's submission that a human should look at."""

    student: str
    what: str


@dataclass
class Collection:
    """What a run did, or would do: who was placed, who was not and why, what was refused."""

    assignment: str
    dry_run: bool
    keep: Keep
    placed: list[Placed] = field(default_factory=list)
    not_placed: list[Stray] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
    restored: list[Restored] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """1 where something asks to be looked at."""
        return 1 if self.not_placed or self.refused or self.flags else 0


def collect(
    course: Course,
    name: str,
    files: Sequence[Path],
    options: Options | None = None,
    on_start: Callable[[int], None] = lambda total: None,
    on_graded: Callable[[str], None] = lambda attempt: None,
) -> Collection:
    """Keeps every attempt in the files, and lays the one that counts into submitted/ for each student.

    Run again, it changes nothing. Raises UsageError for files and options that cannot be, and GraderFault
    where nothing can be written; what cannot be placed is in the answer, and stops nothing else.
    """
    options = options or Options()
    if options.dry_run and options.keep == "best":
        raise UsageError("--dry-run keeps no attempts, so none can be graded; leave out --keep best")
    context = Context.of(course, name) if options.keep == "best" else None
    assignment = context.assignment if context else Assignment.load(course, name)
    limits = course.settings.for_assignment(name).limits
    roster = Roster.of(course)
    if not len(roster) and not options.new_students:
        raise UsageError(
            "the gradebook has no students; run `autograder students import students.csv` first, "
            "or name folders by student id and use --new-students"
        )
    groups = read_groups(options.groups, roster) if options.groups else {}
    found = Collection(name, options.dry_run, options.keep)
    with ExitStack() as stack:
        download = _sorted(files, assignment, roster, limits, options, stack)
        matched = match(download.hand_ins, roster, groups, options.new_students)
        found.not_placed += [*download.strays, *matched.strays]
        found.refused += download.refused
        found.notes += [*download.notes, *_notes_on_times(download)]
        with alone(course, name, options.dry_run):
            room = Room(course, assignment, limits, options.by_order, options.dry_run)
            run = _Run(room, options, found)
            run.keep(matched.by_student)
            points = run.graded(context, on_start, on_graded) if context else {}
            run.place(points)
    found.placed.sort(key=lambda placed: placed.student)
    return found


@contextmanager
def alone(course: Course, name: str, dry_run: bool = False) -> Iterator[None]:
    """Nobody else collects this assignment meanwhile: a UsageError if another one does."""
    if dry_run:
        yield
        return
    folder = course.state / "attempts" / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / "lock").open("w")
    except OSError as error:
        raise cannot_write(error, folder) from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(
                f"{name} is being collected by another command; wait until that is done"
            ) from None
        yield


# Origins ----------------------------------------------------------------------------------------


def _sorted(
    files: Sequence[Path],
    assignment: Assignment,
    roster: Roster,
    limits: Limits,
    options: Options,
    stack: ExitStack,
) -> Sorted:
    """All the files taken apart, single ones of them together."""
    bounds = Bounds(file=max(limits.file_bytes, limits.submission_bytes))
    single = [path for path in files if _is_single(path, roster)]
    downloads = [open_contents(path, bounds, stack) for path in files if path not in single]
    if single:
        downloads.append(single_files(single, bounds))
    worksheet = moodle.read_worksheet(options.worksheet) if options.worksheet else None
    notebooks = [notebook.name for notebook in assignment.notebooks]
    found = Sorted()
    for contents in downloads:
        origin = options.origin or _origin(contents)
        if origin == "canvas":
            part = canvas.sort_out(contents, roster, notebooks)
        elif origin == "moodle":
            part = moodle.sort_out(contents, worksheet)
        elif origin == "gradescope":
            part = gradescope.sort_out(contents)
        else:
            part = folders.sort_out(contents, assignment.name, notebooks, roster, options.new_students)
        found.hand_ins += part.hand_ins
        found.strays += part.strays
        found.refused += part.refused
        found.notes += [*part.notes, *(f"{h.file}: {note}" for h in part.hand_ins for note in h.notes)]
    return found


def _is_single(path: Path, roster: Roster) -> bool:
    """Whether it is one file of one student's, an archive perhaps, and no download of a class."""
    if not path.is_file():
        return False
    named = (
        canvas.readings(path.name) or moodle.read_name((path.name,)) or folders.is_file_of(path.name, roster)
    )
    return bool(named) or not is_archive(path.name)


def _origin(contents: Contents) -> Origin:
    if gradescope.recognises(contents):
        return "gradescope"
    if moodle.recognises(contents):
        return "moodle"
    return "canvas" if canvas.recognises(contents) else "folder"


def _notes_on_times(download: Sorted) -> Iterator[str]:
    if any(hand_in.time and hand_in.time_from == "file" for hand_in in download.hand_ins):
        yield (
            "times are those that files have in the download; a zip that keeps no zone is read in this "
            "machine's"
        )
    if untimed := sum(hand_in.time is None for hand_in in download.hand_ins):
        yield f"{untimed} submissions have no time; they count as handed in before all others, and not late"


# Students ---------------------------------------------------------------------------------------


class _Run:
    """First every attempt is kept, then the one that counts is laid out, by several processes at once."""

    def __init__(self, room: Room, options: Options, found: Collection) -> None:
        self._room = room
        self._options = options
        self._found = found
        self._kept: dict[str, Kept] = {}

    def keep(self, belongings: Mapping[str, Sequence[Belonging]]) -> None:
        """Makes attempts of what stands in submitted/ and of the submissions."""
        students = sorted(belongings)

        def keep_one(student: str) -> Kept:
            return keep(self._room, student, belongings[student])

        for student, kept in in_batches(keep_one, students, BATCH):
            if isinstance(kept, WorkerDied):
                reason = "what was handed in ended the process that read it; look at it by hand"
                self._found.not_placed.append(Stray(student, reason))
                continue
            self._kept[student] = kept
            self._found.refused += [each for each in kept.refused if each not in self._found.refused]
            self._found.not_placed += kept.strays

    def place(self, points: Mapping[tuple[str, int], float | str | None]) -> None:
        """Lays out the attempt that counts, for each student: the best one, where there are `points`."""
        chosen: dict[str, tuple[Attempts, Attempt, float | None]] = {}
        for student, kept in self._kept.items():
            attempts = list(kept.attempts or ())
            if kept.attempts is None or not attempts:
                continue
            of_student = {a.number: points.get((student, a.number)) for a in attempts}
            failed = [p for p in of_student.values() if isinstance(p, str)]
            if failed:
                reason = f"an attempt could not be graded ({failed[0]}); run again"
                self._found.not_placed.append(Stray(student, reason))
                continue
            known = {number: p for number, p in of_student.items() if not isinstance(p, str)}
            if self._options.keep == "best" and len(attempts) > 1:
                counts = choosing.best(attempts, known)
            else:
                counts = choosing.last(attempts)
            chosen[student] = (kept.attempts, counts, known.get(counts.number))

        def place_one(student: str) -> Placed | Stray:
            attempts, counts, points = chosen[student]
            return place(self._room, student, attempts, self._kept[student].standing, counts, points)

        for student, placed in in_batches(place_one, list(chosen), BATCH):
            if isinstance(placed, WorkerDied):
                placed = Stray(student, "the process that wrote to submitted/ was killed; run again")
            if isinstance(placed, Stray):
                self._found.not_placed.append(placed)
                continue
            kept = self._kept[student]
            self._found.placed.append(placed)
            self._found.flags += [Flag(student, what) for what in kept.flags.get(placed.attempt, ())]
            self._found.restored += kept.restored.get(placed.attempt, ())

    def graded(
        self, context: Context, on_start: Callable[[int], None], on_graded: Callable[[str], None]
    ) -> Mapping[tuple[str, int], float | str | None]:
        """Automatic points of all attempts of whoever has several."""
        places = {
            (student, attempt.number): kept.attempts.files(attempt)
            for student, kept in self._kept.items()
            if kept.attempts is not None and len(list(kept.attempts)) > 1
            for attempt in kept.attempts
        }
        on_start(len(places))
        return choosing.grade_attempts(context, places, self._options.jobs, on_graded)
