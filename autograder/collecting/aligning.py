"""Notebooks that lost their cells' metadata: which cell is which, by the release's texts and their order.

An alignment of the release's cells with those handed in, in order (Needleman and Wunsch): cells of which
students change nothing are found by their text, answers by their place between these and by what is left
of their stub. How sure a pair is, is what the best alignment without it would lose.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograder.errors import NotGradable
from autograder.ipynb import RawCell, read_notebook
from autograder.notebook import BY_ORDER, MARK
from autograder.source import SCHEMA_VERSION, Role, SourceCell, SourceNotebook, release_checksum, stub_of

MAX_CELLS = 500
LIKE = 0.8  # similarity from which a text is taken for that of a cell nobody changes
SURE = 0.25  # what another choice must cost at least, in similarity
_FIXED, _ANSWER = 2.0, 0.5
_PLACEHOLDER = re.compile(
    r"^[^\S\n]*(# YOUR CODE HERE|raise NotImplementedError\(.*\)|YOUR ANSWER HERE)[^\S\n]*$", re.M
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A cell of the assignment and the number, from 1, of the one taken for it; how sure that is, up to 1."""

    grade_id: str
    cell: int
    confidence: float


class Ambiguous(Exception):
    """Cells that cannot be told apart; the message says which."""


def has_lost_ids(source: SourceNotebook, data: bytes, max_bytes: int) -> bool:
    """Whether it is a notebook none of whose cells has an id of the assignment's."""
    known = {cell.id for cell in source.anchors}
    if any(f'"{grade_id}"'.encode() in data for grade_id in known):
        return False  # without parsing the notebooks of a whole class
    try:
        return bool(read_notebook(data, max_bytes).cells)
    except NotGradable:
        return False


def match_by_order(source: SourceNotebook, data: bytes, max_bytes: int) -> tuple[bytes, tuple[Pair, ...]]:
    """The notebook with its metadata restored, and which cell was taken for which.

    Raises Ambiguous where an answer could be told from another cell only by guessing, and NotGradable.
    """
    raw = read_notebook(data, max_bytes)
    if len(raw.cells) > MAX_CELLS or len(source.cells) > MAX_CELLS:
        raise Ambiguous(f"more than {MAX_CELLS} cells")
    scores = [[_score(ours, theirs) for theirs in raw.cells] for ours in source.cells]
    chosen = _aligned(source.cells, scores)
    _require_enough(source, chosen)
    pairs = tuple(
        Pair(source.cells[i].id, j + 1, confidence)
        for i, (j, confidence) in sorted(chosen.items())
        if source.cells[i].role is not Role.PLAIN
    )
    return _restored(source, data, pairs), pairs


def _score(ours: SourceCell, theirs: RawCell) -> float:
    """What a pair is worth to an alignment; 0 where they cannot be the same cell."""
    from rapidfuzz import fuzz

    if (ours.cell_type == "code") != (theirs.cell_type == "code") or theirs.source is None:
        return 0.0
    text, stub = _even(theirs.source), _even(_PLACEHOLDER.sub("", stub_of(ours)))
    if ours.role.is_answer:
        return _ANSWER + (fuzz.partial_ratio(stub, text) / 100 if stub and text else 0.0)
    alike = fuzz.ratio(stub, text) / 100
    return _FIXED * alike if alike >= LIKE else 0.0


def _even(text: str) -> str:
    return " ".join(text.split())[:5_000]


def _aligned(cells: Sequence[SourceCell], scores: list[list[float]]) -> dict[int, tuple[int, float]]:
    """Place of each cell of ours that was found -> place and confidence of the one taken for it."""
    before, after = _best_totals(scores), _best_totals([row[::-1] for row in scores[::-1]])
    ours, theirs = len(scores), len(scores[0]) if scores else 0
    best = before[ours][theirs]
    found = {}
    for i in range(ours):
        # the best alignment that has this pair
        through = {
            j: before[i][j] + scores[i][j] + after[ours - i - 1][theirs - j - 1]
            for j in range(theirs)
            if scores[i][j]
        }
        without = max(before[i][j] + after[ours - i - 1][theirs - j] for j in range(theirs + 1))
        totals = sorted([*through.values(), without], reverse=True)
        sure = totals[0] - totals[1] if through else 1.0
        if cells[i].role.is_answer and sure < SURE:
            raise Ambiguous(f"cell {cells[i].id!r} could be more than one of the cells")
        for j, total in through.items():
            if total > best - 1e-9 and total > without:
                found[i] = (j, round(min(1.0, sure / _ANSWER), 2))
                break
    return found


def _best_totals(scores: list[list[float]]) -> list[list[float]]:
    """[i][j]: the worth of the best alignment of the first i cells of ours with the first j of theirs."""
    width = len(scores[0]) if scores else 0
    totals = [[0.0] * (width + 1)]
    for row in scores:
        last, line = totals[-1], [0.0]
        for j, score in enumerate(row):
            line.append(max(last[j + 1], line[j], last[j] + score if score else 0.0))
        totals.append(line)
    return totals


def _require_enough(source: SourceNotebook, chosen: dict[int, tuple[int, float]]) -> None:
    """Half of what nobody changes must be there: otherwise it is another notebook."""
    fixed = [i for i, cell in enumerate(source.cells) if not cell.role.is_answer and _even(stub_of(cell))]
    answers = [i for i, cell in enumerate(source.cells) if cell.role.is_answer]
    if 2 * len(chosen.keys() & fixed) < len(fixed) or not chosen.keys() & answers:
        raise Ambiguous("too few of its cells are like those of the release")


def _restored(source: SourceNotebook, data: bytes, pairs: Sequence[Pair]) -> bytes:
    content = json.loads(data.decode("utf-8-sig"))
    if content.get("nbformat") != 4:
        raise Ambiguous("it is of an old format; have it saved as version 4")
    anchors = {cell.id: cell for cell in source.anchors}
    for pair in pairs:
        cell = content["cells"][pair.cell - 1]
        metadata = cell["metadata"] if isinstance(cell.get("metadata"), dict) else {}
        cell["metadata"] = {**metadata, "nbgrader": _metadata(anchors[pair.grade_id])}
    metadata = content["metadata"] if isinstance(content.get("metadata"), dict) else {}
    told = {BY_ORDER: {pair.grade_id: pair.confidence for pair in pairs}}
    content["metadata"] = {**metadata, MARK: told}
    return (json.dumps(content, indent=1, ensure_ascii=True) + "\n").encode()


def _metadata(cell: SourceCell) -> dict[str, Any]:
    """As the release has it."""
    ours = cell.metadata["nbgrader"]
    kept = {
        key: ours[key] for key in ("grade", "grade_id", "locked", "points", "solution", "task") if key in ours
    }
    return kept | {
        "schema_version": SCHEMA_VERSION,
        "cell_type": cell.cell_type,
        "checksum": release_checksum(cell),
    }
