"""Runs the instructor's functions that draw and solve personal data, in a process for that alone.

Started as a plain file, with what to do as JSON on standard input. So the instructor's modules are loaded
neither by the grader, whose workers are forked, nor by the web server; the course's key never gets here.
The answer on standard output is a line of JSON: `error`, empty where all is done.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

MAX_BYTES = 16 * 2**20  # of one student's data


def main(asked: Mapping[str, Any]) -> str:
    """`asked` has paths; draw and solve ("module:function", or nothing); device; the files to make, each
    with its seed (hex), data and solved. What is there already is not made again. The error, or nothing.
    """
    sys.path[:0] = asked["paths"]
    from autograder.checks.personal import function, packed, unpacked

    try:
        draw = function(asked["draw"])
        solve = function(asked["solve"]) if asked["solve"] else None
    except Exception as error:  # whatever a module of the instructor's does
        return f"{type(error).__name__}: {error}"
    for one in asked["files"]:
        if not Path(one["data"]).exists():
            try:
                data = packed(draw(_generator(one["seed"])))
            except Exception as error:
                return f"{asked['draw']} raised {type(error).__name__}: {error}"
            if len(data) > MAX_BYTES:
                return f"{asked['draw']} gave {len(data)} bytes; a student's data may have {MAX_BYTES}"
            _write(Path(one["data"]), data)
    todo = [one for one in asked["files"] if solve is not None and not Path(one["solved"]).exists()]
    if solve is not None and todo:
        given = [unpacked(Path(one["data"]).read_bytes()) for one in todo]
        for one, found in zip(todo, _solved(solve, given, asked["device"]), strict=True):
            if found is not None:
                _write(Path(one["solved"]), packed(found))
    return ""


def _generator(seed: str) -> Any:
    import numpy as np

    return np.random.default_rng(int(seed, 16))


def _solved(
    solve: Callable[..., Any], data: Sequence[Any], device: str
) -> Sequence[Mapping[str, Any] | None]:
    """All in one batch. Where that fails each by itself, so that one student's data stop nobody else's.

    None for those that fail alone: their tests try again, and say why.
    """
    with contextlib.suppress(Exception):
        together: list[Mapping[str, Any] | None] = list(solve(data, device))
        if len(together) == len(data):
            return together
    alone: list[Mapping[str, Any] | None] = []
    for one in data:
        try:
            (found,) = solve([one], device)
        except Exception as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr)
            found = None
        alone.append(found)
    return alone


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, and for the grader's eyes alone (mkstemp, mode 0600)."""
    descriptor, temporary = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    Path(temporary).replace(path)


if __name__ == "__main__":
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what the instructor's modules print is no answer
    print(json.dumps({"error": main(json.load(sys.stdin))}), file=answer, flush=True)
