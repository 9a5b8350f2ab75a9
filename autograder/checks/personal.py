"""The data of the student whose answers are tested, where each has their own, and what is right for them.

An examiner says where these data lie: they are those that the student was given, whatever the notebook says.
Without an examiner, as in plain nbgrader, they are read from the working directory.
"""

import importlib
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

Data = dict[str, Any]
"""Arrays by name, and numbers as NumPy's scalars."""

Solve = Callable[[Sequence[Data], str], Sequence[Mapping[str, Any]]]
"""For the data of several students, and "cpu" or "cuda", what is right for each of them, in their order."""


class NotSolved(BaseException):
    """No fault of the student's: what is right could not be found out.

    No `except Exception` of a test takes it for a wrong answer.
    """


@dataclass(frozen=True)
class _Given:
    """The file of data; what the function named `solve` made of them, if that was done before."""

    path: Path
    solve: str = ""
    solved: bytes | None = None


# parameters of np.savez itself
_NOT_FREE = ("file", "allow_pickle")

_given: _Given | None = _Given(Path("personal.npz"))


def use_personal(path: str | None, solve: str = "", solved: bytes | None = None) -> None:
    """Judge by the data in this file, in this process; None where the assignment has no personal data.

    `solved` is a file of what `solve` ("module:function") made of them.
    """
    global _given
    _given = None if path is None else _Given(Path(path), solve, solved)


def data() -> Data:
    """The student's own data, anew with every call: what was changed in an answer changes nothing here.

    Raises NotSolved where there are none.
    """
    try:
        return unpacked(_in_force().path.read_bytes())
    except OSError as error:
        raise NotSolved(f"no personal data: {error}") from None


def expected(solve: Solve) -> Data:
    """What `solve` makes of the student's own data: as it was worked out for the class, or worked out now.

    Raises NotSolved where that fails.
    """
    given = _in_force()
    if given.solved is not None and solve is function(given.solve):
        return unpacked(given.solved)
    own = data()
    try:
        (found,) = solve([own], "cpu")
        return unpacked(packed(found))  # the same types either way
    except Exception as error:
        raise NotSolved(f"{solve.__name__} raised {type(error).__name__}: {error}") from error


def function(name: str) -> Callable[..., Any]:
    """The function of that name, "module:function"."""
    module, _, attribute = name.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), attribute)
    return found


def packed(values: Mapping[str, Any]) -> bytes:
    """Arrays and numbers by name, as a .npz file. Raises TypeError for what is neither."""
    arrays = {name: np.asarray(value) for name, value in dict(values).items()}
    for name, array in arrays.items():
        if array.dtype.kind not in "biufcSU":
            raise TypeError(f"{name} must be an array of numbers or text, not of {array.dtype}")
        if not name.isidentifier() or name in _NOT_FREE:
            raise TypeError(f"{name!r} cannot be the name of an array; take another")
    file = io.BytesIO()
    np.savez(file, **arrays)  # type: ignore[arg-type]
    return file.getvalue()


def unpacked(file: bytes) -> Data:
    """What `packed` made a file of; a number comes back as a NumPy scalar."""
    with np.load(io.BytesIO(file), allow_pickle=False) as arrays:
        return {name: arrays[name][()] for name in arrays.files}


def _in_force() -> _Given:
    if _given is None:
        raise NotSolved("this assignment has no personal data; see [assignments.NAME.personal]")
    return _given
