"""Marked regions of a source cell, cut out as nbgrader's preprocessors cut them.

Semantics: ClearSolutions, ClearHiddenTests and ClearMarkScheme of nbgrader 0.9 with their
default delimiters. A line that contains a delimiter anywhere counts as one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

CODE_STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
TEXT_STUB = "YOUR ANSWER HERE"

SOLUTION, HIDDEN_TESTS, MARK_SCHEME = "SOLUTION", "HIDDEN TESTS", "MARK SCHEME"
KINDS = (SOLUTION, HIDDEN_TESTS, MARK_SCHEME)


class UnbalancedRegion(ValueError):
    """A region that is opened twice or never closed; says so in one line."""


def has_region(source: str, kind: str) -> bool:
    return f"BEGIN {kind}" in source


def without_region(source: str, kind: str, stub: Sequence[str] = ()) -> str:
    """The source with every region of this kind replaced by the stub lines, indented like its first line."""
    kept: list[str] = []
    inside = False
    for line in source.split("\n"):
        if f"BEGIN {kind}" in line:
            if inside:
                raise UnbalancedRegion(f"BEGIN {kind} inside a region that is still open")
            inside = True
            indent = re.match(r"\s*", line)
            kept += [(indent.group() if indent else "") + stub_line for stub_line in stub]
        elif f"END {kind}" in line:
            inside = False
        elif not inside:
            kept.append(line)
    if inside:
        raise UnbalancedRegion(f"BEGIN {kind} without END {kind}")
    return "\n".join(kept)


def without_marks(source: str, kind: str) -> str:
    """The source without the lines that open and close regions of this kind."""
    marks = (f"BEGIN {kind}", f"END {kind}")
    return "\n".join(line for line in source.split("\n") if not any(mark in line for mark in marks))


def region_text(source: str, kind: str) -> str:
    """Only the lines inside regions of this kind."""
    inside = False
    lines = []
    for line in source.split("\n"):
        if f"BEGIN {kind}" in line:
            inside = True
        elif f"END {kind}" in line:
            inside = False
        elif inside:
            lines.append(line)
    return "\n".join(lines)


def without_solution(source: str, cell_type: str) -> str:
    """A solution cell as students get it: the whole cell is replaced if it marks no region."""
    stub = CODE_STUB if cell_type == "code" else TEXT_STUB
    if not has_region(source, SOLUTION):
        return stub
    return without_region(source, SOLUTION, stub.split("\n"))
