"""Pictures that tests made of an answer, as they cross the wall and lie beside a result.

What a picture may hold is decided here, whatever a test sent: whole numbers on a raster, short texts. It is
drawn only when somebody wants to see it (`feedback.drawing`).
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.records import decode, encode
from autograder.result import write_atomically
from autograder.runtime.outputs import BoundedJson

MOST = 4  # of one test
MOST_CHARACTERS = 60_000  # of one picture: a map of 64 by 64 has 10,000
MOST_TEXT = 200
LARGEST = 2_000  # of a place on the raster

Places = tuple[tuple[int, ...], ...]
Rows = tuple[tuple[int, ...], ...]


_NUMBER = re.compile(r"-?[0-9.]{1,12}(e[+-]?[0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class Tick:
    """A number on an axis, as text."""

    at: int
    text: str

    def __post_init__(self) -> None:
        _require(_NUMBER.fullmatch(self.text) is not None)


@dataclass(frozen=True, slots=True)
class Axis:
    """`size` steps of the raster, a pixel each."""

    label: str
    size: int
    ticks: tuple[Tick, ...]

    def __post_init__(self) -> None:
        _require(0 < self.size <= LARGEST and len(self.ticks) <= 50)
        _require(all(0 <= tick.at <= self.size for tick in self.ticks) and len(self.label) <= MOST_TEXT)


@dataclass(frozen=True, slots=True)
class Plot:
    """Curves, or a line over data and the band in which the asked one runs.

    A curve is in unbroken pieces of places (x, y), in steps of the raster from the lower left; a point of the
    data is (x, y, class).
    """

    x: Axis
    y: Axis
    yours: tuple[Places, ...]
    asked: tuple[Places, ...]
    band: Places
    points: Places

    def __post_init__(self) -> None:
        for places, length in ((self.band, 2), (self.points, 3), *((p, 2) for p in self.yours + self.asked)):
            _require(all(len(place) == length for place in places))
            _require(all(abs(number) <= LARGEST for place in places for number in place))


@dataclass(frozen=True, slots=True)
class Map:
    """Levels over the plane, row by row from below: the student's own of ten, -1 for no probability; what was
    asked, coarser, of four; and how the answer lies to that: -2 far below, 0 alike, 2 far above, 3 no number.
    """

    x: Axis
    y: Axis
    yours: Rows
    asked: Rows
    apart: Rows

    def __post_init__(self) -> None:
        for rows, least, most in ((self.yours, -1, 9), (self.asked, -1, 3), (self.apart, -2, 3)):
            _require(bool(rows) and len({len(row) for row in rows}) == 1 and bool(rows[0]))
            _require(all(least <= level <= most for row in rows for level in row))
        _require([len(row) for row in self.asked] == [len(row) for row in self.apart])


@dataclass(frozen=True, slots=True)
class Picture:
    """`given`: it shows nothing but what follows from data that the student has."""

    title: str
    given: bool
    drawing: Plot | Map

    def __post_init__(self) -> None:
        _require(len(self.title) <= MOST_TEXT)


def _require(holds: bool) -> None:
    if not holds:
        raise ValueError("no such picture")


def checked(sent: object) -> tuple[Picture, ...]:
    """The pictures in what a test sent; what is none, or too large, is left out."""
    found = []
    for each in sent[:MOST] if isinstance(sent, list) else ():
        with contextlib.suppress(ValueError, RecursionError):
            found.append(decode(Picture, BoundedJson(MOST_CHARACTERS).copy(each)))
    return tuple(found)


# Beside a result ----------------------------------------------------------------------------------


def read_pictures(result: Path, key: str) -> dict[str, tuple[Picture, ...]]:
    """By "notebook/test", what the tests have to show of the result with that key in the file `result`.

    None where there is no such file, or a damaged one: no page should fail for a picture.
    """
    with contextlib.suppress(OSError, ValueError, RecursionError):
        found = json.loads(_path(result, key).read_bytes())
        return {test: checked(sent) for test, sent in found.items()} if isinstance(found, dict) else {}
    return {}


@contextlib.contextmanager
def replacing_pictures(result: Path, key: str, pictures: Mapping[str, tuple[Picture, ...]]) -> Iterator[None]:
    """Writes them before, and drops those of other keys after the result is written, which happens inside."""
    path = _path(result, key)
    if pictures:
        write_atomically(path, json.dumps(encode(pictures), separators=(",", ":")) + "\n")
    else:
        path.unlink(missing_ok=True)
    yield
    for other in _all(result):
        if other != path:
            other.unlink(missing_ok=True)


def copy_pictures(result: Path, to: Path) -> None:
    """Those beside one result to where another one lies, in the place of what is there."""
    kept = {path.name for path in _all(result)}
    for path in _all(result):
        write_atomically(to.with_name(path.name), path.read_text("utf-8", "replace"))
    for path in _all(to):
        if path.name not in kept:
            path.unlink(missing_ok=True)


def _path(result: Path, key: str) -> Path:
    """The key in the name ties the two together: a grader that is killed between them mixes nothing up."""
    return result.with_name(f"pictures-{key[:32]}.json")


def _all(result: Path) -> list[Path]:
    return sorted(result.parent.glob("pictures-*.json"))
