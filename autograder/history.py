"""What grading replaced: the earlier results of every run, from which moved marks can be told and undone.

A run that replaces results has a folder `.autograder/history/ASSIGNMENT/TIME/`:

    results/STUDENT/          the result that this run replaced, and its pictures
    autograded/STUDENT/       the notebooks that it replaced, of the last run only
    backup                    the name of the gradebook's copy from before its first write
    moves.json                the marks that it moved, if it was undone
    undone                    there if it was: then results and notebooks are gone
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from autograder.course import Course
from autograder.errors import UsageError
from autograder.moves import Move, moves
from autograder.pictures import copy_pictures
from autograder.projecting import PROJECTED
from autograder.records import decode, encode
from autograder.result import Result, read_if_whole, write_atomically
from autograder.scratch import remove_tree

_TIME = "%Y%m%dT%H%M%S.%fZ"


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the grader that replaced results."""

    folder: Path

    @property
    def time(self) -> datetime:
        """When it began, in UTC."""
        return datetime.strptime(self.folder.name, _TIME).replace(tzinfo=UTC)

    @property
    def is_undone(self) -> bool:
        return (self.folder / "undone").exists()

    @property
    def students(self) -> list[str]:
        """Whose results it replaced."""
        return sorted(path.name for path in (self.folder / "results").glob("*") if path.is_dir())

    @property
    def backup(self) -> str | None:
        """The name of the copy of the gradebook as it was before the run wrote to it."""
        with contextlib.suppress(OSError):
            return (self.folder / "backup").read_text()
        return None

    def note_backup(self, path: Path) -> None:
        """Called once, by the grader itself."""
        write_atomically(self.folder / "backup", path.name)

    def replaced(self, student: str) -> Result | None:
        """The result of the student that this run replaced, None if there was none that can be read."""
        return read_if_whole(self._result(student))

    def keep_result(self, student: str, path: Path) -> None:
        """Keeps the file at `path`, which is about to be replaced, with the note that the gradebook has it.

        The first one of a run counts.
        """
        kept = self._result(student)
        if path.exists() and not kept.exists():
            _copy(path.with_name(PROJECTED), kept.with_name(PROJECTED))
            copy_pictures(path, kept)
            _copy(path, kept)

    def put_result_back(self, student: str, path: Path) -> None:
        """The other way round."""
        kept = self._result(student)
        _copy(kept.with_name(PROJECTED), path.with_name(PROJECTED))
        copy_pictures(kept, path)
        _copy(kept, path)

    def notebooks_of(self, student: str) -> Path:
        """Where the replaced folder of executed notebooks belongs."""
        return self.folder / "autograded" / student

    def take_back(self, student: str, path: Path, folder: Path) -> None:
        """Puts the notebooks back where this run was killed between them and the result at `path`.

        The result that stands is the one that they belong to; what lies in `folder` belongs to none. The
        caller holds the lock of this student and assignment.
        """
        if self._is_half_done(student, path):
            remove_tree(folder)
            self.notebooks_of(student).rename(folder)
            shutil.rmtree(self._result(student).parent, ignore_errors=True)

    def _is_half_done(self, student: str, path: Path) -> bool:
        if not self.notebooks_of(student).is_dir():
            return False
        kept = self._result(student)
        if not kept.exists():
            return True
        same_size = path.exists() and path.stat().st_size == kept.stat().st_size
        return same_size and path.read_bytes() == kept.read_bytes()

    def note_moves(self, found: Sequence[Move]) -> None:
        """Keeps what it moved, before that is undone; the first time counts."""
        if not self._moves.exists():
            write_atomically(self._moves, json.dumps([encode(move) for move in found], indent=1))

    def noted_moves(self) -> list[Move] | None:
        """What `note_moves` kept, if it was called."""
        with contextlib.suppress(FileNotFoundError):
            return [decode(Move, move) for move in json.loads(self._moves.read_bytes())]
        return None

    def close_as_undone(self) -> None:
        """To be called when all is back in its place; drops what was kept for that."""
        (self.folder / "undone").touch()
        self.drop_notebooks()
        shutil.rmtree(self.folder / "results", ignore_errors=True)

    def students_with_notebooks(self) -> list[str]:
        """Whose notebooks it keeps."""
        return sorted(path.name for path in (self.folder / "autograded").glob("*") if path.is_dir())

    def drop_notebooks(self) -> None:
        remove_tree(self.folder / "autograded")

    @property
    def _moves(self) -> Path:
        return self.folder / "moves.json"

    def _result(self, student: str) -> Path:
        return self.folder / "results" / student / "result.json"


def _is_time(name: str) -> bool:
    try:
        datetime.strptime(name, _TIME)
    except ValueError:
        return False
    return True


def _copy(file: Path, to: Path) -> None:
    """The file, or that there is none."""
    try:
        text = file.read_text("utf-8", "replace")
    except FileNotFoundError:
        to.unlink(missing_ok=True)
        return
    write_atomically(to, text)


class History:
    """The runs over one assignment, the oldest first."""

    def __init__(self, course: Course, assignment: str) -> None:
        self._course = course
        self._assignment = assignment
        self._folder = course.state / "history" / assignment

    def runs(self) -> list[Run]:
        """All runs that kept something."""
        return [Run(path) for path in sorted(self._folder.glob("*Z")) if _is_time(path.name)]

    def begin(self) -> Run:
        """A new run, whose folder comes with what is first kept in it."""
        earlier = self.runs()
        now = datetime.now(UTC)
        if earlier:  # the order of runs is that of their times, also where the clock was put back
            now = max(now, earlier[-1].time + timedelta(microseconds=1))
        return Run(self._folder / now.strftime(_TIME))

    def end(self, run: Run) -> None:
        """Of a run that replaced something; the notebooks that earlier ones replaced are of no use then."""
        if run.students:
            for earlier in self.runs():
                if earlier.folder.name < run.folder.name:
                    self._drop_notebooks(earlier)

    def half_done(self) -> frozenset[str]:
        """Students for whom a killed run replaced the notebooks and not the result."""
        return frozenset(
            student
            for run in self.runs()
            for student in run.students_with_notebooks()
            if run._is_half_done(student, self._course.result_path(self._assignment, student))
        )

    def _drop_notebooks(self, run: Run) -> None:
        """But for those that the run was killed over: they belong to a result that stands."""
        for student in run.students_with_notebooks():
            path = self._course.result_path(self._assignment, student)
            if not run._is_half_done(student, path):
                remove_tree(run.notebooks_of(student))

    def take_back(self, student: str) -> None:
        """Mends what a killed run left half done for this student; the caller holds the student's lock."""
        path = self._course.result_path(self._assignment, student)
        folder = self._course.autograded(student, self._assignment)
        for run in self.runs():
            run.take_back(student, path, folder)

    @contextlib.contextmanager
    def at_work(self, alone: bool = False) -> Iterator[None]:
        """Graders are at work together, undoing is done `alone`: a UsageError if others are at work."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "lock").open("w") as file:
            kind = fcntl.LOCK_EX | fcntl.LOCK_NB if alone else fcntl.LOCK_SH
            try:
                fcntl.flock(file, kind)
            except BlockingIOError:
                raise UsageError(
                    f"{self._assignment} is being graded; wait until that is done, or stop it, and run again"
                ) from None
            yield

    def last(self) -> Run | None:
        """The last run that replaced results and was not undone."""
        return next((run for run in reversed(self.runs()) if not run.is_undone and run.students), None)

    def backup(self, run: Run) -> Path | None:
        """The copy of the gradebook from before the run, if it is still there."""
        path = self._course.backups / run.backup if run.backup else None
        return path if path is not None and path.is_file() else None

    def moves(self, run: Run) -> list[Move]:
        """The marks that a run moved, by student."""
        noted = run.noted_moves()
        if noted is not None:
            return noted
        later = [each for each in self.runs() if each.folder.name > run.folder.name and not each.is_undone]
        return [move for student in run.students for move in self._moves_of(run, student, later)]

    def _moves_of(self, run: Run, student: str, later: Sequence[Run]) -> Iterator[Move]:
        """From the result that this run replaced to what stands, or stood, in its place."""
        before = run.replaced(student)
        replaced = (each.replaced(student) for each in later)
        after = next(filter(None, replaced), None) or read_if_whole(
            self._course.result_path(self._assignment, student)
        )
        if before is not None and after is not None:
            yield from moves(before, after)
