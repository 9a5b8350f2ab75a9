"""What each student of an assignment was given: where it lies, and how it is made when it is not there.

    .autograder/personal.key                     the course's key
    .autograder/personal/ASSIGNMENT/
        handed-out.json                          with which key and which draw
        MADE/DIGEST.npz, MADE/DIGEST.solved.npz  a student's data, and what is right for them

MADE stands for the functions, their modules and the libraries; DIGEST for a student's seed. So what is
there can be used as it is, and what was made by another version of the functions is never taken for it.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock

from autograder.assignment import PERSONAL_FILE, Assignment, Own
from autograder.course import Course
from autograder.errors import GraderFault, UsageError, cannot_write, did_you_mean, some_of
from autograder.keys import digest_of_modules, versions
from autograder.otter.notebook import is_otter
from autograder.personal import making
from autograder.personal.seeds import CourseKey, digest_of, example_seed
from autograder.records import BadRecord, decode, encode
from autograder.result import write_atomically
from autograder.settings import PersonalSettings, Settings
from autograder.source import Role

EXAMPLES = 3  # students who are made up, by whose data tests are tried
MAKING_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class HandedOut:
    """handed-out.json: digests of the course's key, and of the first example's data."""

    key: str
    example: str


class PersonalData:
    """The data of the students of one assignment, each their own, and of some who are made up.

    Seeds that were asked for are kept here: whoever gets a copy of this after `prepare`, another machine
    too, needs no key.
    """

    def __init__(
        self, course: Course, name: str, asked: PersonalSettings, folders: Sequence[Path], device: str
    ) -> None:
        self.course = course
        self.name = name
        self._asked = asked
        self._folders = folders
        self._device = device
        libraries = {library: version for library, version in versions().items() if library != "autograder"}
        made = [asked.draw, asked.solve, digest_of_modules(asked.modules, folders), libraries]
        self._made = hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()[:32]
        self._seeds: dict[str, bytes] = {}
        self._key: CourseKey | None = None

    @classmethod
    def of(
        cls, course: Course, assignment: Assignment, settings: Settings, folders: Sequence[Path]
    ) -> PersonalData | None:
        """With the modules in `folders`. None where the assignment is the same for all.

        Raises UsageError for settings that cannot work.
        """
        asked = settings.personal
        if asked is None:
            return None
        where = f"assignments.{assignment.name}.personal"
        if is_otter(course.source(assignment.name)):
            raise UsageError(f"{where}: an assignment of otter's is the same for all; take the table out")
        known = [cell.id for nb in assignment.notebooks for cell in nb.cells if cell.role is Role.TEST]
        for test in asked.tests:
            if test not in known:
                raise UsageError(
                    f"{where}: no test {test!r} in {assignment.name!r}{did_you_mean(test, known)}"
                )
        shared = set(asked.tests) & set(settings.shared_cells)
        if settings.isolation == "shared" or settings.engine == "kernel" or shared:
            tests = some_of(sorted(shared or asked.tests))
            raise UsageError(
                f"{where}: {tests} would run in the student's process, which must not hold what is right "
                'for them; leave isolation at "wall", engine at "fork", and the test out of shared_cells'
            )
        return cls(course, assignment.name, asked, folders, settings.device)

    @property
    def tests(self) -> tuple[str, ...]:
        return self._asked.tests

    def __getstate__(self) -> dict[str, object]:
        return {**vars(self), "_key": None}  # seeds may travel, the key stays at home

    # seeds ----------------------------------------------------------------------------------------

    def seed_of(self, student: str) -> bytes:
        """The student's. Raises UsageError where no data, or other ones, were handed out."""
        if student not in self._seeds:
            if self._key is None:
                self._key = self._checked_key()
            self._seeds[student] = self._key.seed(self.name, student)
        return self._seeds[student]

    def _checked_key(self) -> CourseKey:
        """The key with which the data were handed out, and by functions that still draw the same."""
        record, key = self._record(), CourseKey.of(self.course)
        if record is None:
            raise UsageError(
                f"{self.name}: no student was given data of their own, so that no answer could be right; "
                f"run `autograder personal {self.name} --to FOLDER`, or put your copy of "
                f"{self.course.state} back"
            )
        path, other = CourseKey.path(self.course), "put your copy back"
        renew = f"or hand out other data with `autograder personal {self.name} --to FOLDER --renew`"
        if key is None:
            raise UsageError(f"{path}: is lost, and {self.name} was handed out with it; {other}, {renew}")
        if key.digest != record.key:
            raise UsageError(
                f"{path}: is another key than the one that {self.name} was handed out with; {other}, {renew}"
            )
        if self._digest_of_example() != record.example:
            raise UsageError(
                f"{self.name}: {self._asked.draw} draws other data than were handed out; put it, its modules "
                f"and the versions of its libraries back, {renew}"
            )
        return key

    # handing out ----------------------------------------------------------------------------------

    def begin(self, renew: bool = False) -> bool:
        """Notes with which key and which draw data are handed out, the first time; whether a key was made.

        Raises UsageError where others were handed out before, unless they are to be renewed.
        """
        if self._record() is not None and not renew:
            self._key = self._checked_key()
            return False
        had_key = CourseKey.of(self.course) is not None
        key = CourseKey.made(self.course)
        record = HandedOut(key.digest, self._digest_of_example())
        try:
            write_atomically(self._record_path, json.dumps(encode(record), indent=1) + "\n")
        except OSError as error:
            raise cannot_write(error, self._record_path) from None
        self._key = key
        return not had_key

    @property
    def _record_path(self) -> Path:
        return self._folder / "handed-out.json"

    def _record(self) -> HandedOut | None:
        try:
            return decode(HandedOut, json.loads(self._record_path.read_bytes()))
        except FileNotFoundError:
            return None
        except (BadRecord, ValueError, OSError):
            raise UsageError(f"{self._record_path}: is damaged; put a copy back") from None

    def _digest_of_example(self) -> str:
        return hashlib.sha256(self.data_of(example_seed(0)).read_bytes()).hexdigest()

    # files ----------------------------------------------------------------------------------------

    def is_made(self, seed: bytes) -> bool:
        """Whether the file of the data is there."""
        return self._path(seed).exists()

    def data_of(self, seed: bytes) -> Path:
        """The file of the data, made now unless it is there. Raises UsageError where it cannot be made."""
        self.make([seed])
        return self._path(seed)

    def give(self, assignment: Assignment, seed: bytes) -> Assignment:
        """The assignment as the student with that seed has it."""
        data, solved = self.data_of(seed), self._path(seed, ".solved")
        own = Own(data, self._asked.solve, solved if solved.exists() else None)
        files = {**assignment.support_files, PERSONAL_FILE: data}
        return replace(assignment, support_files=files, own=own)

    def prepare(self, students: Iterable[str]) -> None:
        """Draws and solves for these students, all in one batch, what is not there. Raises as `seed_of`."""
        if self._key is None:
            self._key = self._checked_key()
        self.make([self.seed_of(student) for student in students], solved=True)

    def make(self, seeds: Iterable[bytes], solved: bool = False) -> None:
        """Draws, and with `solved` solves, what is not there. Raises UsageError for an error of `draw`."""
        solve = self._asked.solve if solved else ""
        missing = [
            seed
            for seed in seeds
            if not self.is_made(seed) or (solve and not self._path(seed, ".solved").exists())
        ]
        if not missing:
            return
        asked = {
            "paths": [str(Path(__file__).parents[2]), *map(str, self._folders)],
            "draw": self._asked.draw,
            "solve": solve,
            "device": self._device,
            "files": [
                {
                    "seed": seed.hex(),
                    "data": str(self._path(seed)),
                    "solved": str(self._path(seed, ".solved")),
                }
                for seed in missing
            ],
        }
        folder = self._path(missing[0]).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
            with FileLock(folder / "lock"):
                error = _run(asked)
        except OSError as problem:
            raise cannot_write(problem, folder) from None
        if error:
            raise UsageError(f"{self.name}: no personal data could be made: {' '.join(error.split())[:500]}")

    @property
    def _folder(self) -> Path:
        return self.course.state / "personal" / self.name

    def _path(self, seed: bytes, kind: str = "") -> Path:
        return self._folder / self._made / f"{digest_of(seed)}{kind}.npz"


def _run(asked: object) -> str:
    """What `making` says; it runs with our libraries and the modules of the tests, and no path of others."""
    try:
        done = subprocess.run(
            [sys.executable, "-s", "-P", str(Path(making.__file__))],
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            timeout=MAKING_SECONDS,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )
        error: str = json.loads(done.stdout)["error"]
    except subprocess.TimeoutExpired:
        return f"it took more than {MAKING_SECONDS} seconds"
    except (ValueError, KeyError):
        raise GraderFault(
            f"the process that draws personal data ended with status {done.returncode}: "
            f"{(done.stderr.strip().splitlines() or ['it said nothing'])[-1][:300]}"
        ) from None
    return error
