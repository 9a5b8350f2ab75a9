"""The settings of a course, read from `autograder.toml` in its root."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args

from autograder.database import addresses
from autograder.errors import UsageError, did_you_mean
from autograder.formats import Format
from autograder.records import BadRecord

FILE_NAME = "autograder.toml"
_FORMAT: Format[Mapping[str, Any]] = Format()
SCHEMA = _FORMAT.version
MIB = 2**20

Isolation = Literal["wall", "shared"]
Engine = Literal["fork", "kernel"]
Device = Literal["cpu", "cuda"]
Pictures = Literal["given", "all"]
DEVICES = get_args(Device)
Seed = int | Literal[False]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one submission may use. Times in seconds, sizes in bytes where the name says no other unit."""

    cell_seconds: float = 30.0
    test_seconds: float = 30.0
    submission_seconds: float = 300.0
    memory_mb: int = 2048
    output_bytes: int = 1_000_000
    file_bytes: int = 64 * MIB
    files: int = 1000
    disk_mb: int = 256
    processes: int = 128
    open_files: int = 256
    submission_bytes: int = 50 * MIB

    @property
    def worker_bytes(self) -> int:
        """Memory that a student's processes may take together, files included."""
        return (self.memory_mb + self.memory_mb // 4 + self.disk_mb) * MIB


@dataclass(frozen=True, slots=True)
class StudentSettings:
    """`python` is the interpreter that runs students' cells, relative to the course; "" for our own."""

    python: str = ""


@dataclass(frozen=True, slots=True)
class FeedbackSettings:
    """`pictures`: of data that students have, or all that tests make."""

    pictures: Pictures = "given"


@dataclass(frozen=True, slots=True)
class PersonalSettings:
    """Each student has data of their own: `draw` makes them, `tests` judge by them, `solve` solves a class.

    Functions are named as "module:function", of modules in `test_path`.
    """

    draw: str
    tests: tuple[str, ...]
    solve: str = ""

    @property
    def modules(self) -> frozenset[str]:
        """Top-level names of the modules that the functions come from."""
        return frozenset(name.partition(":")[0].partition(".")[0] for name in (self.draw, self.solve) if name)


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting with its default. `assignments` holds the overrides that `for_assignment` applies."""

    test_path: tuple[str, ...] = ()
    preload: tuple[str, ...] | None = None
    min_tier: int = 2
    max_tier: int = 3
    isolation: Isolation = "wall"
    engine: Engine = "fork"
    device: Device = "cpu"
    seed: Seed = 2020
    hidden_seed: int = 0
    jobs: int | None = None
    db_url: str = ""
    student: StudentSettings = field(default_factory=StudentSettings)
    limits: Limits = field(default_factory=Limits)
    feedback: FeedbackSettings = field(default_factory=FeedbackSettings)
    shared_cells: tuple[str, ...] = ()
    personal: PersonalSettings | None = None
    assignments: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def load(cls, root: Path) -> Settings:
        """Settings of the course in `root`; the defaults if it has no `autograder.toml`.

        Raises UsageError for bad TOML, an unknown key or a value of the wrong kind.
        """
        path = root / FILE_NAME
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return cls()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{path}: cannot be read ({error}); write it as UTF-8 text") from None
        try:
            table = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise UsageError(f"{path}: not valid TOML: {error}") from None
        return cls.from_table(table, str(path))

    @classmethod
    def from_table(cls, table: Mapping[str, Any], where: str) -> Settings:
        """Settings from parsed TOML; `where` names the file in messages."""
        table = _of_this_version(table, where)
        tables = {"limits": _table, "feedback": _table, "student": _table, "assignments": _table}
        values = _checked(table, _COURSE_KEYS | tables, where, "")
        student = StudentSettings(
            **_checked(values.pop("student", {}), {"python": _string}, where, "student.")
        )
        limits = _limits(values.pop("limits", {}), Limits(), where, "limits.")
        told = values.pop("feedback", {})
        feedback = FeedbackSettings(**_checked(told, _FEEDBACK_KEYS, where, "feedback."))
        settings = cls(**values, student=student, limits=limits, feedback=feedback)
        for name in settings.assignments:
            settings._override(name, where)
        return settings

    def for_assignment(self, name: str) -> Settings:
        """These settings with the overrides of `[assignments.NAME]` in force."""
        return self._override(name, FILE_NAME)

    def _override(self, name: str, where: str) -> Settings:
        prefix = f"assignments.{name}."
        table = self.assignments.get(name, {})
        if not isinstance(table, Mapping):
            raise _wrong_kind(f"assignments.{name}", "a table", where)
        tables = {"limits": _table, "feedback": _table, "personal": _table}
        values = _checked(table, _ASSIGNMENT_KEYS | tables, where, prefix)
        limits = _limits(values.pop("limits", {}), self.limits, where, prefix + "limits.")
        told = _checked(values.pop("feedback", {}), _FEEDBACK_KEYS, where, prefix + "feedback.")
        feedback = replace(self.feedback, **told)
        if "personal" in values:
            values["personal"] = _personal(values["personal"], where, prefix + "personal.")
        return replace(self, **values, limits=limits, feedback=feedback, assignments={})


def _of_this_version(table: Mapping[str, Any], where: str) -> Mapping[str, Any]:
    """Without `schema`, and with the keys of today; a file that names no version is of today's."""
    rest = {key: value for key, value in table.items() if key != "schema"}
    try:
        return _FORMAT.upgraded(rest, table.get("schema", SCHEMA), where)
    except BadRecord:
        raise _wrong_kind("schema", "a whole number, at least 1", where) from None


def _strings(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError("a list of strings")
    return tuple(value)


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("text")
    return value


def _address(value: object) -> str:
    return addresses.checked(_string(value))


def _integer(least: int, most: int | None = None) -> Callable[[object], int]:
    def check(value: object) -> int:
        if type(value) is not int or value < least or (most is not None and value > most):
            upper = "" if most is None else f" and at most {most}"
            raise ValueError(f"a whole number, at least {least}{upper}")
        return value

    return check


def _seconds(value: object) -> float:
    if type(value) not in (int, float) or not 0 < float(str(value)) < float("inf"):
        raise ValueError("a positive number of seconds")
    return float(str(value))


def _isolation(value: object) -> object:
    if value not in ("wall", "shared"):
        raise ValueError('"wall" or "shared"')
    return value


def _engine(value: object) -> object:
    if value not in get_args(Engine):
        raise ValueError(" or ".join(f'"{engine}"' for engine in get_args(Engine)))
    return value


def _device(value: object) -> object:
    if value not in DEVICES:
        raise ValueError(" or ".join(f'"{device}"' for device in DEVICES))
    return value


def _pictures(value: object) -> object:
    if value not in get_args(Pictures):
        raise ValueError('"given" or "all"')
    return value


def _seed(value: object) -> object:
    if value is False:
        return False
    if type(value) is not int or not 0 <= value < 2**32:
        raise ValueError("a whole number from 0 to 2**32 - 1, or false")
    return value


def _function(value: object) -> object:
    module, _, name = value.partition(":") if isinstance(value, str) else ("", "", "")
    if not name.isidentifier() or not all(part.isidentifier() for part in module.split(".")):
        raise ValueError('a function of a module in test_path, as "module:function"')
    return value


def _some_strings(value: object) -> tuple[str, ...]:
    if not value:
        raise ValueError("a list of the tests, by grade_id, that judge by each student's own data")
    return _strings(value)


def _table(value: object) -> object:
    if not isinstance(value, Mapping):
        raise ValueError("a table")
    return value


_Checks = dict[str, Callable[[object], Any]]
_ASSIGNMENT_KEYS: _Checks = {
    "isolation": _isolation,
    "engine": _engine,
    "device": _device,
    "seed": _seed,
    "hidden_seed": _integer(0),
    "shared_cells": _strings,
}
_COURSE_KEYS: _Checks = {
    "test_path": _strings,
    "preload": _strings,
    "min_tier": _integer(0, 3),
    "max_tier": _integer(0, 3),
    "isolation": _isolation,
    "engine": _engine,
    "device": _device,
    "seed": _seed,
    "hidden_seed": _integer(0),
    "jobs": _integer(1),
    "db_url": _address,
}
_FEEDBACK_KEYS: _Checks = {"pictures": _pictures}
_PERSONAL_KEYS: _Checks = {"draw": _function, "tests": _some_strings, "solve": _function}
_LIMIT_KEYS: _Checks = {
    limit.name: _seconds if limit.name.endswith("seconds") else _integer(1) for limit in fields(Limits)
}
# what other graders call it, and where each key belongs that is written at another place
_MEANT = {"timeout": "limits.cell_seconds", "workers": "jobs", "containers": "jobs"}
_MEANT |= {"python": "student.python", "shared_cells": "assignments.NAME.shared_cells"}
_MEANT |= {key: key for key in _COURSE_KEYS}
_MEANT |= {key: f"feedback.{key}" for key in _FEEDBACK_KEYS}
_MEANT |= {key: f"limits.{key}" for key in _LIMIT_KEYS}


def _checked(table: Mapping[str, Any], checks: _Checks, where: str, prefix: str) -> dict[str, Any]:
    values = {}
    for key, value in table.items():
        if key not in checks:
            meant = f" (write it as {_MEANT[key]!r})" if key in _MEANT else did_you_mean(key, checks)
            raise UsageError(f"{where}: unknown key {prefix + key!r}{meant}")
        try:
            values[key] = checks[key](value)
        except ValueError as error:
            raise _wrong_kind(prefix + key, str(error), where) from None
    return values


def _personal(table: Mapping[str, Any], where: str, prefix: str) -> PersonalSettings:
    values = _checked(table, _PERSONAL_KEYS, where, prefix)
    for key in ("draw", "tests"):
        if key not in values:
            raise UsageError(
                f"{where}: {prefix + key!r} is missing; docs/personal.md says what belongs there"
            )
    return PersonalSettings(**values)


def _limits(table: Mapping[str, Any], base: Limits, where: str, prefix: str) -> Limits:
    return replace(base, **_checked(table, _LIMIT_KEYS, where, prefix))


def _wrong_kind(key: str, expected: str, where: str) -> UsageError:
    return UsageError(f"{where}: {key!r} must be {expected}")
