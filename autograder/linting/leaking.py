"""What an assignment hides from students, and where a text shows it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from autograder.names import bound_names
from autograder.regions import HIDDEN_TESTS, MARK_SCHEME, SOLUTION, has_region, region_text
from autograder.source import SourceCell, SourceNotebook, stub_of

SHORTEST_LEAK = 30  # characters, without blanks, that do not stand in a release by chance
SHORTEST_LINE = 15  # nor in what a cell holds besides its text
SHORTEST_NAME = 6
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Secret:
    """A text without blanks, or a name, that a cell hides."""

    owner: str
    text: str
    is_name: bool = False


def secrets_of(notebook: SourceNotebook) -> Iterator[Secret]:
    """The hidden part of each cell that is long enough not to stand elsewhere by chance."""
    for cell in notebook.anchors:
        for part in map(_squeezed, _hidden(cell)):
            if len(part) >= SHORTEST_LEAK:
                yield Secret(cell.id, part)


def private_of(notebook: SourceNotebook) -> Iterator[Secret]:
    """Lines and names of hidden parts that no student reads anywhere in the notebook.

    Too little to be told from chance in a text that was written for students, but no metadata or attachment
    has a reason to hold them.
    """
    given = "\n".join(map(stub_of, notebook.cells))
    squeezed, words = _squeezed(given), set(_WORD.findall(given))
    for cell in notebook.anchors:
        for part in _hidden(cell):
            lines = {_squeezed(line) for line in part.splitlines()}
            for line in sorted(lines):
                if len(line) >= SHORTEST_LINE and line not in squeezed:
                    yield Secret(cell.id, line)
            for name in sorted(_bound(part) - words):
                if len(name) >= SHORTEST_NAME:
                    yield Secret(cell.id, name, is_name=True)


def found_in(text: str, secrets: Iterable[Secret]) -> list[str]:
    """The cells whose secrets the text shows, each once."""
    if not text:
        return []
    squeezed, words = _squeezed(text), set(_WORD.findall(text))
    shown = (s.owner for s in secrets if (s.text in words if s.is_name else s.text in squeezed))
    return list(dict.fromkeys(shown))


def _hidden(cell: SourceCell) -> list[str]:
    if not cell.role.is_answer:
        return [region_text(cell.source, HIDDEN_TESTS), region_text(cell.source, MARK_SCHEME)]
    if has_region(cell.source, SOLUTION):
        return [region_text(cell.source, SOLUTION)]
    return [cell.source if cell.source != stub_of(cell) else ""]


def _bound(code: str) -> frozenset[str]:
    try:
        return bound_names(code)
    except SyntaxError:  # prose, or a region inside a function
        return frozenset()


def _squeezed(text: str) -> str:
    return "".join(text.split())
