"""`autograder collect`: downloads into attempts, and the attempt that counts into `submitted/`."""

from __future__ import annotations

import errno
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
from autograder.collecting.attempts import STANDING, Attempt, Attempts, Record, lay_out, sweep, time_text
from autograder.collecting.placing import Belonging, match, read_groups
from autograder.collecting.preparing import Prepared, Restored, prepare
from autograder.context import Context
from autograder.course import Course
from autograder.errors import UsageError, cannot_write
from autograder.roster import Roster
from autograder.settings import Limits
from autograder.submission import read_submission

Origin = Literal["canvas", "moodle", "gradescope", "folder"]
Keep = Literal["last", "best"]
Change = Literal["new", "replaced", "unchanged"]


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
class Placed:
    """The attempt that counts for a student now, and the others, which are kept."""

    student: str
    change: Change
    attempt: int
    file: str
    time: str
    time_from: str
    by: str
    earlier: tuple[str, ...]
    points: float | None = None


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
            run = _Run(course, assignment, limits, options, found)
            for student, belongings in sorted(matched.by_student.items()):
                run.keep(student, belongings)
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


def keep_standing(course: Course, name: str, student: str, attempts: Attempts, limits: Limits) -> str:
    """The digest of what stands in submitted/, which becomes an attempt if it came from none.

    Raises OSError.
    """
    folder = course.submitted(student, name)
    if not folder.is_symlink() and not (folder.is_dir() and any(folder.iterdir())):
        return ""
    try:
        submission = read_submission(folder, student, name, limits)
    except UsageError:
        raise OSError("submitted/ has something else than a folder for this assignment") from None
    digest = submission.digest()
    if not attempts.has(digest):
        time = time_text(submission.timestamp)
        where = str(folder.relative_to(course.root))
        attempts.add_standing(folder, Record(STANDING, where, time, "timestamp.txt" if time else "", digest))
    return digest


@dataclass(frozen=True, slots=True)
class _Kept:
    """A student's attempts, the digest of what stands in submitted/, and what was said of which attempt."""

    attempts: Attempts
    standing: str
    flags: Mapping[int, Sequence[str]]
    restored: Mapping[int, Sequence[Restored]]


class _Run:
    """First every attempt is kept, then the one that counts is laid out."""

    def __init__(
        self, course: Course, assignment: Assignment, limits: Limits, options: Options, found: Collection
    ) -> None:
        self._course = course
        self._assignment = assignment
        self._limits = limits
        self._options = options
        self._found = found
        self._kept: dict[str, _Kept] = {}

    def keep(self, student: str, belongings: Sequence[Belonging]) -> None:
        """Makes attempts of what stands in submitted/ and of the submissions."""
        try:
            self._keep(student, belongings)
        except OSError as error:
            self._cannot(student, error)

    def _keep(self, student: str, belongings: Sequence[Belonging]) -> None:
        attempts = Attempts(self._course, self._assignment.name, student, self._options.dry_run)
        standing = keep_standing(self._course, self._assignment.name, student, attempts, self._limits)
        flags: dict[int, Sequence[str]] = {}
        restored: dict[int, Sequence[Restored]] = {}
        for belonging in sorted(belongings, key=lambda each: time_text(each.hand_in.time)):
            prepared = prepare(belonging, student, self._assignment, self._limits, self._options.by_order)
            self._found.refused += [each for each in prepared.refused if each not in self._found.refused]
            if _is_empty(prepared):
                self._stray(belonging.hand_in.file, f"{student}: no file of it can be taken")
                continue
            attempt = attempts.add(prepared.collected)
            if attempt.record.sha256 == prepared.collected.record.sha256:  # else it was restored before
                flags[attempt.number], restored[attempt.number] = prepared.flags, prepared.restored
        self._kept[student] = _Kept(attempts, standing, flags, restored)

    def place(self, points: Mapping[tuple[str, int], float | str | None]) -> None:
        """Lays out the attempt that counts, for each student: the best one, where there are `points`."""
        for student, kept in self._kept.items():
            attempts = list(kept.attempts)
            if not attempts:
                continue
            of_student = {a.number: points.get((student, a.number)) for a in attempts}
            failed = [p for p in of_student.values() if isinstance(p, str)]
            if failed:
                self._stray(student, f"an attempt could not be graded ({failed[0]}); run again")
                continue
            known = {number: p for number, p in of_student.items() if not isinstance(p, str)}
            if self._options.keep == "best" and len(attempts) > 1:
                chosen = choosing.best(attempts, known)
            else:
                chosen = choosing.last(attempts)
            try:
                self._place(student, kept, chosen, known.get(chosen.number))
            except OSError as error:
                self._cannot(student, error)

    def graded(
        self, context: Context, on_start: Callable[[int], None], on_graded: Callable[[str], None]
    ) -> Mapping[tuple[str, int], float | str | None]:
        """Automatic points of all attempts of whoever has several."""
        places = {
            (student, attempt.number): kept.attempts.files(attempt)
            for student, kept in self._kept.items()
            for attempt in kept.attempts
            if len(list(kept.attempts)) > 1
        }
        on_start(len(places))
        return choosing.grade_attempts(context, places, self._options.jobs, on_graded)

    def _place(self, student: str, kept: _Kept, chosen: Attempt, points: float | None) -> None:
        record = chosen.record
        change: Change = "unchanged" if record.sha256 == kept.standing else "new"
        if change == "new" and kept.standing:
            change = "replaced"
        target = self._course.submitted(student, self._assignment.name)
        if not self._options.dry_run:
            if change == "unchanged":
                sweep(target)
            else:
                lay_out(kept.attempts.files(chosen), target, chosen.time)
        others = [attempt for attempt in kept.attempts if attempt is not chosen]
        self._found.placed.append(
            Placed(
                student=student,
                change=change,
                attempt=chosen.number,
                file=record.file,
                time=record.time,
                time_from=record.time_from,
                by=record.by,
                earlier=tuple(map(_line, sorted(others, key=lambda attempt: attempt.order))),
                points=points,
            )
        )
        self._found.flags += [Flag(student, what) for what in kept.flags.get(chosen.number, ())]
        self._found.restored += kept.restored.get(chosen.number, ())

    def _cannot(self, student: str, error: OSError) -> None:
        """One folder that cannot be written is one student's; a full disk would be everybody's."""
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
            raise cannot_write(error, self._course.state) from None
        self._stray(student, f"cannot be written ({error.strerror or error}); mend that and run again")

    def _stray(self, where: str, reason: str) -> None:
        self._found.not_placed.append(Stray(where, reason))


def _is_empty(prepared: Prepared) -> bool:
    submission = prepared.collected.submission
    return not submission.notebooks and not submission.files


def _line(attempt: Attempt) -> str:
    record = attempt.record
    who = f" by {record.by}" if record.by else ""
    return f"{attempt.number:03} {record.time or 'without a time'}{who}: {record.file}"
