"""What goes to a worker of a cluster and comes back: bytes that are read as strictly as a result's file.

A parcel is the length of its head, the head as JSON, and the files that the head lists, one after the other.
Nothing in it is code, and nothing is unpickled.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from autograder.assignment import PERSONAL_FILE, Assignment, Own, files_in
from autograder.context import Context
from autograder.course import Course
from autograder.errors import AutograderError
from autograder.keys import files_of_module, versions
from autograder.marking import Marked, Task
from autograder.pictures import checked
from autograder.records import decode, encode
from autograder.result import Result, Status
from autograder.runtime.files import MAX_PATH
from autograder.settings import MIB, Settings
from autograder.source import Role
from autograder.submission import Submission
from autograder.workspace import is_reserved

MOST_BYTES = 1024 * MIB  # of a parcel
MOST_HEAD = 8 * MIB
MOST_RECORD = 128 * MIB  # of a result, or of its pictures
_LENGTH = 8

Head = TypeVar("Head")


class BadParcel(AutograderError):
    """Bytes that are no such parcel, or hold what cannot be true of it."""


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    size: int


@dataclass(frozen=True, slots=True)
class _Envelope:
    about: Mapping[str, Any]
    files: tuple[_File, ...]


def pack(about: object, files: Mapping[str, bytes]) -> bytes:
    """`about` is a record, `files` go by a path of their own."""
    envelope = _Envelope(encode(about), tuple(_File(path, len(data)) for path, data in files.items()))
    head = json.dumps(encode(envelope), separators=(",", ":"), sort_keys=True).encode()
    return b"".join((len(head).to_bytes(_LENGTH, "big"), head, *files.values()))


def unpack(kind: type[Head], parcel: bytes) -> tuple[Head, dict[str, bytes]]:
    """The record and the files of a parcel. Raises BadParcel."""
    view = memoryview(parcel)
    length = int.from_bytes(view[:_LENGTH], "big")
    if length > MOST_HEAD or _LENGTH + length > len(view):
        raise BadParcel("what came is cut off, or no parcel of ours")
    try:
        envelope = decode(_Envelope, json.loads(bytes(view[_LENGTH : _LENGTH + length])))
        about = decode(kind, dict(envelope.about))
    except (ValueError, RecursionError) as error:
        raise BadParcel(f"what came is no parcel of ours ({str(error)[:200]})") from None
    start, files = _LENGTH + length, dict[str, bytes]()
    if any(file.size < 0 for file in envelope.files):
        raise BadParcel("what came has a file of less than no bytes")
    if start + sum(file.size for file in envelope.files) != len(view):
        raise BadParcel("what came is shorter or longer than it says")
    for file in envelope.files:
        files[file.path] = bytes(view[start : start + file.size])
        start += file.size
    if len(files) != len(envelope.files):
        raise BadParcel("what came names a file twice")
    return about, files


def _under(folder: str, files: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    for path, data in files.items():
        if path.startswith(f"{folder}/"):
            yield path.removeprefix(f"{folder}/"), data


def _is_safe(path: str) -> bool:
    """Whether a file may be written there, below a folder of ours."""
    parts = PurePosixPath(path).parts
    return (
        bool(parts)
        and str(PurePosixPath(path)) == path
        and not path.startswith("/")
        and ".." not in parts
        and path.isprintable()
        and len(path.encode("utf-8", "surrogatepass")) <= MAX_PATH
    )


# An assignment ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Content:
    """All that marking needs besides a submission; the files are the assignment's and the tests' modules.

    `inputs` are the digests of the grader, which have to be the same where it arrives.
    """

    assignment: str
    settings: Settings
    student_python: str
    folders: int  # with modules
    inputs: Mapping[str, str]
    versions: Mapping[str, str]


def pack_content(context: Context) -> bytes:
    """The assignment of `context`, for `lay_out`."""
    name = context.assignment.name
    folder = context.course.source(name)
    files = {
        f"source/{name}/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in files_in(folder)
    }
    places = {folder: number for number, folder in enumerate(context.test_folders)}
    for folder, module in context.modules():
        for path in files_of_module(module):
            inside = path.relative_to(folder).as_posix()
            files[f"modules/{places[folder]}/{inside}"] = path.read_bytes()
    # a database's password, and what is so for other assignments, are nothing to a worker
    settings = replace(context.settings, db_url="", assignments={})
    about = Content(name, settings, context.student_python, len(places), dict(context.inputs), versions())
    return pack(about, files)


def lay_out(parcel: bytes, folder: Path) -> Context:
    """The assignment of a parcel, laid out in `folder`; its context on this machine.

    Raises BadParcel, UsageError for a jail that is too weak, and Unlike where marks could differ from those
    of the grader.
    """
    content, files = unpack(Content, parcel)
    if differing := _differences(content.versions, versions()):
        raise Unlike(", ".join(differing))
    for path, data in files.items():
        if not _is_safe(path):
            raise BadParcel(f"{ascii(path)[:80]} is no path for a file of an assignment")
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    for number in range(content.folders):
        (folder / f"modules/{number}").mkdir(parents=True, exist_ok=True)
    course = Course(folder, Settings())
    context = Context.around(
        course,
        Assignment.load(course, content.assignment),
        content.settings,
        folders=tuple(folder / f"modules/{number}" for number in range(content.folders)),
        python=content.student_python,
    )
    apart = sorted(
        name
        for name in content.inputs.keys() | context.inputs
        if content.inputs.get(name) != context.inputs.get(name)
    )
    if apart:
        raise Unlike(f"the same assignment has another digest of {', '.join(apart[:5])}")
    return context


class Unlike(AutograderError):
    """A worker that may give other marks than the grader: the message says what is different."""


def _differences(ours: Mapping[str, str], theirs: Mapping[str, str]) -> list[str]:
    return [
        f"{name} {theirs.get(name, 'none')}, here {ours.get(name, 'none')}"
        for name in sorted(ours.keys() | theirs)
        if ours.get(name) != theirs.get(name)
    ]


def require_alike(theirs: object) -> None:
    """Raises Unlike unless these are our own versions, of the grader and of the libraries."""
    if not isinstance(theirs, dict) or not all(isinstance(v, str) for v in [*theirs, *theirs.values()]):
        raise Unlike("it does not tell its versions")
    if differing := _differences(versions(), theirs):
        raise Unlike(", ".join(differing))


# A task -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _About:
    student: str
    assignment: str
    unreadable: Mapping[str, str]
    notes: tuple[str, ...]
    solve: str | None  # of personal data; None where they are not


def pack_task(task: Task) -> bytes:
    """What marking reads: of the submission neither its timestamp nor the exchange's secret, of personal
    data this student's own, without any seed or key.
    """
    submission, own = task.submission, task.assignment.own
    files = {f"notebooks/{name}": data for name, data in submission.notebooks.items()}
    files |= {f"files/{path}": data for path, data in submission.files.items() if not is_reserved(path)}
    if own is not None:
        files["own/data"] = own.data.read_bytes()
        if own.solved is not None:
            files["own/solved"] = own.solved.read_bytes()
    solve = own.solve if own is not None else None
    about = _About(submission.student, submission.assignment, submission.unreadable, submission.notes, solve)
    return pack(about, files)


def unpack_task(parcel: bytes, assignment: Assignment, folder: Path) -> Task:
    """The task, with the student's own data as files in `folder`. Raises BadParcel."""
    about, files = unpack(_About, parcel)
    submission = Submission(
        about.student,
        about.assignment,
        Path(),
        dict(_under("notebooks", files)),
        dict(_under("files", files)),
        unreadable=about.unreadable,
        notes=about.notes,
    )
    own = dict(_under("own", files))
    if about.solve is None and not own:
        return Task(assignment, submission)
    if about.solve is None or "data" not in own or not own.keys() <= {"data", "solved"}:
        raise BadParcel("what came has personal data that are none")
    for name, content in own.items():
        (folder / name).write_bytes(content)
    given = Own(folder / "data", about.solve, folder / "solved" if "solved" in own else None)
    support = {**assignment.support_files, PERSONAL_FILE: given.data}
    return Task(replace(assignment, support_files=support, own=given), submission)


# An answer --------------------------------------------------------------------------------------


class Kind(StrEnum):
    """What became of a submission on a worker."""

    MARKED = "marked"
    DIED = "died"  # the process that had it
    UNFIT = "unfit"  # the worker is not one for this assignment, or no more


@dataclass(frozen=True, slots=True)
class Answer:
    """`reason` says why a worker is unfit."""

    kind: Kind
    reason: str = ""
    cpu_seconds: float = 0.0


def pack_marked(marked: Marked) -> bytes:
    files = {"result": marked.result.to_json().encode()}
    files |= {f"executed/{name}": text.encode() for name, text in marked.executed.items()}
    files |= {f"written/{path}": data for path, data in marked.written.items()}
    if marked.pictures:
        files["pictures"] = json.dumps(encode(marked.pictures), separators=(",", ":")).encode()
    return pack(Answer(Kind.MARKED, cpu_seconds=marked.cpu_seconds), files)


def pack_answer(kind: Kind, reason: str = "") -> bytes:
    return pack(Answer(kind, reason[-500:]), {})


def unpack_answer(parcel: object) -> tuple[Answer, Mapping[str, bytes]]:
    """What a worker sent; its files are not looked at yet. Raises BadParcel."""
    if type(parcel) is not bytes or len(parcel) > MOST_BYTES:
        raise BadParcel("what came is no parcel of ours")
    return unpack(Answer, parcel)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a result of this assignment can be."""

    context: Context
    tests: Mapping[str, list[tuple[str, float]]] = field(init=False)

    def __post_init__(self) -> None:
        tests = {
            notebook.name: [(c.id, c.points or 0.0) for c in notebook.cells if c.role is Role.TEST]
            for notebook in self.context.assignment.notebooks
        }
        object.__setattr__(self, "tests", tests)

    def marked(self, student: str, answer: Answer, files: Mapping[str, bytes]) -> Marked:
        """What was made of that student's submission. Raises BadParcel for what cannot be true of it."""
        result = self._result(student, files.get("result", b""))
        executed = {name: _text(data) for name, data in _under("executed", files)}
        if not executed.keys() <= self.tests.keys():
            raise BadParcel("what came has a notebook that is none of the assignment's")
        written = dict(_under("written", files))
        self._require_writable(written)
        return Marked(
            result, executed, written, answer.cpu_seconds, pictures=_pictures(files.get("pictures", b"{}"))
        )

    def _result(self, student: str, data: bytes) -> Result:
        _require_short(data)
        try:
            result = Result.from_json(data)
        except AutograderError as error:
            raise BadParcel(str(error)) from None
        settings = self.context.settings
        is_of_it = (result.assignment, result.student) == (self.context.assignment.name, student)
        if not is_of_it or result.key or result.retries or result.inputs:
            raise BadParcel("what came is the result of something else")
        if result.tier is None or not settings.min_tier <= result.tier <= settings.max_tier:
            raise BadParcel(f"it was made at tier {result.tier}")
        if result.status is not Status.FAULT and [n.name for n in result.notebooks] != list(self.tests):
            raise BadParcel("what came is not about the notebooks of the assignment")
        for notebook in result.notebooks:
            tests = [(test.id, test.max) for test in notebook.tests]
            if tests and sorted(tests) != sorted(self.tests.get(notebook.name, [])):
                raise BadParcel("what came is not about the tests of the assignment")
        return result

    def _require_writable(self, written: Mapping[str, bytes]) -> None:
        limits = self.context.settings.limits
        if len(written) > limits.files or sum(map(len, written.values())) > limits.file_bytes:
            raise BadParcel("what came has more files than a submission may write")
        if bad := [path for path in written if not _is_safe(path) or is_reserved(path)]:
            raise BadParcel(f"what came has a file at {ascii(bad[0])[:80]}")


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise BadParcel("what came has a notebook that is no text") from None


def _pictures(data: bytes) -> dict[str, Any]:
    _require_short(data)
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise BadParcel("what came has pictures that are none")
    return {test: checked(sent) for test, sent in found.items()}


def _require_short(data: Collection[int]) -> None:
    if len(data) > MOST_RECORD:
        raise BadParcel("what came has a result of too many bytes")
