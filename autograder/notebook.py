"""A submitted notebook laid over its assignment, and the executed notebook made of both.

Pure: values in, values out. What is locked, what a cell is worth and where it stands is decided
by the source notebook alone; a submission contributes answers and cells of its own.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING, Any

from autograder.errors import NotGradable
from autograder.ipynb import RawCell, RawNotebook, read_notebook, safe_images
from autograder.settings import Limits
from autograder.source import (
    FLAGS,
    SCHEMA_VERSION,
    Role,
    SourceCell,
    SourceNotebook,
    database_text,
    release_checksum,
    stub_of,
)

if TYPE_CHECKING:
    from nbformat import NotebookNode

MARK, BY_ORDER = "autograder", "matched_by_order"  # where a notebook's metadata tell how it was collected

__all__ = [
    "BY_ORDER",
    "MARK",
    "LaidCell",
    "LaidOver",
    "NotGradable",
    "Role",
    "SourceCell",
    "SourceNotebook",
    "dumps",
    "lay_over",
    "own_cell",
    "render",
    "stub_of",
]


@dataclass(frozen=True, slots=True)
class LaidCell:
    """A cell of the notebook to run.

    `from_student` tells whose text it is, `changed` whether an answer differs from its stub.
    """

    index: int
    role: Role
    id: str
    cell_type: str
    source: str
    source_cell: SourceCell | None
    from_student: bool
    changed: bool
    cell_id: str
    attachments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LaidOver:
    """The cells to run, in order, and one line for each thing that had to be repaired."""

    notebook: SourceNotebook
    cells: tuple[LaidCell, ...]
    tampering: tuple[str, ...]


def lay_over(source: SourceNotebook, submitted: bytes, limits: Limits) -> LaidOver:
    """The submitted notebook with everything that is not the student's taken from the source.

    Raises NotGradable for a file that is no notebook or that has lost every id, and nothing else.
    """
    raw = read_notebook(submitted, limits.submission_bytes)
    known = {cell.id for cell in source.anchors}
    given = {cell.grade_id: cell for cell in raw.cells if cell.grade_id in known}
    if known and not given:
        raise NotGradable("the notebook's cells have lost their ids, so no answer can be told from another")
    cells = []
    for index, (anchor, cell) in enumerate(_arrange(source, raw)):
        if anchor is not None:
            cells.append(_anchored(index, anchor, cell))
        elif cell is not None:
            cells.append(own_cell(index, cell))
    notes = [*_notes_on_structure(source, raw), *_notes_on_cells(source, given)]
    return LaidOver(source, tuple(_with_unique_ids(cells)), tuple(notes))


# What stands at one place of the result: an anchor and, if it was handed in, the submitted cell;
# or None and a cell of the student's own.
_Place = tuple[SourceCell | None, RawCell | None]


def _arrange(source: SourceNotebook, raw: RawNotebook) -> Iterator[_Place]:
    """Anchors in the order of the source; the student's own cells stay behind the anchor they followed."""
    known = {cell.id for cell in source.anchors}
    last = {cell.grade_id: index for index, cell in enumerate(raw.cells) if cell.grade_id in known}
    own: defaultdict[str, list[RawCell]] = defaultdict(list)
    behind = ""
    for index, cell in enumerate(raw.cells):
        if cell.grade_id is not None and last.get(cell.grade_id) == index:
            behind = cell.grade_id
        else:
            own[behind].append(cell)

    present = ""
    missing: list[SourceCell] = []
    for anchor in source.anchors:
        if anchor.id in last:
            yield from _between(missing, own[present])
            yield anchor, raw.cells[last[anchor.id]]
            present, missing = anchor.id, []
        else:
            missing.append(anchor)
    yield from _between(missing, own[present])


def _between(missing: Sequence[SourceCell], own: Sequence[RawCell]) -> Iterator[_Place]:
    """Deleted anchors and the student's cells at one gap.

    A stub that comes back must not overwrite an answer that now stands in a cell of the student's
    own, and a test must see that answer: so stubs first, then the student's cells, then the rest.
    """
    if not own:
        yield from ((anchor, None) for anchor in missing)
        return
    yield from ((anchor, None) for anchor in missing if anchor.role.is_answer)
    yield from ((None, cell) for cell in own)
    yield from ((anchor, None) for anchor in missing if not anchor.role.is_answer)


def _anchored(index: int, anchor: SourceCell, cell: RawCell | None) -> LaidCell:
    answer = cell.source if cell is not None and anchor.role.is_answer else None
    stub = stub_of(anchor) if anchor.role.is_answer else anchor.source
    images: Mapping[str, Any] = anchor.attachments
    if answer is not None and cell is not None and anchor.cell_type == "markdown":
        images = safe_images(cell.attachments)
    return LaidCell(
        index=index,
        role=anchor.role,
        id=anchor.id,
        cell_type=anchor.cell_type,
        source=stub if answer is None else answer,
        source_cell=anchor,
        from_student=answer is not None,
        changed=answer is not None and answer not in (stub, database_text(anchor)),
        cell_id=anchor.cell_id,
        attachments=images,
    )


def own_cell(index: int, cell: RawCell) -> LaidCell:
    """A cell of the student's own, which is no cell of the assignment's."""
    return LaidCell(
        index=index,
        role=Role.PLAIN,
        id="",
        cell_type=cell.cell_type,
        source=cell.source or "",
        source_cell=None,
        from_student=True,
        changed=False,
        cell_id=cell.cell_id or "",
        attachments=safe_images(cell.attachments) if cell.cell_type == "markdown" else {},
    )


def _with_unique_ids(cells: Sequence[LaidCell]) -> Iterator[LaidCell]:
    taken = {cell.cell_id for cell in cells if cell.source_cell is not None}
    claimed = {cell.cell_id for cell in cells}
    free = (name for name in map("extra-{}".format, count(1)) if name not in claimed)
    for cell in cells:
        if cell.source_cell is None and (not cell.cell_id or cell.cell_id in taken):
            cell = replace(cell, cell_id=next(free))
        taken.add(cell.cell_id)
        yield cell


def _notes_on_structure(source: SourceNotebook, raw: RawNotebook) -> Iterator[str]:
    order = [cell.id for cell in source.anchors]
    counts = Counter(cell.grade_id for cell in raw.cells if cell.grade_id is not None)
    for grade_id in order:
        if counts[grade_id] == 0:
            yield f"has no cell {grade_id!r}; it was put in"
        elif counts[grade_id] > 1:
            yield f"cell {grade_id!r} was there {counts[grade_id]} times; the last one counts"
    if all(counts[grade_id] <= 1 for grade_id in order):
        submitted = [cell.grade_id for cell in raw.cells if cell.grade_id in set(order)]
        if submitted != [grade_id for grade_id in order if counts[grade_id]]:
            yield "cells were moved; they were put back in the assignment's order"
    foreign = [cell for cell in raw.cells if _claims_a_role(cell) and cell.grade_id not in set(order)]
    if foreign:
        yield f"{len(foreign)} cell(s) claim a role under an id that the assignment does not have; ignored"
    mark = raw.metadata.get(MARK)
    if isinstance(mark, dict) and BY_ORDER in mark:
        # whoever forges it gets this line, and nothing else
        yield "the notebook says that its cells had lost their ids and were matched by their order"
    if any(cell.source is None for cell in raw.cells):
        yield "a cell held no text, or too much of it; it was emptied"


def _claims_a_role(cell: RawCell) -> bool:
    return any(cell.nbgrader.get(flag) for flag in FLAGS)


def _notes_on_cells(source: SourceNotebook, given: Mapping[str, RawCell]) -> Iterator[str]:
    for anchor in source.anchors:
        cell = given.get(anchor.id)
        if cell is None:
            continue
        ours = anchor.metadata["nbgrader"]
        if not anchor.role.is_answer and cell.source not in (stub_of(anchor), anchor.source):
            yield f"cell {anchor.id!r} is locked and was edited; the original was used"
        if cell.cell_type != anchor.cell_type:
            yield f"cell {anchor.id!r} was turned into a {cell.cell_type} cell; it was turned back"
        if any(bool(cell.nbgrader.get(flag)) != bool(ours.get(flag)) for flag in FLAGS):
            yield f"cell {anchor.id!r} had its flags changed; they were restored"
        if cell.nbgrader.get("points") != ours.get("points"):
            yield f"cell {anchor.id!r} had its points changed; they were restored"
        if cell.nbgrader.get("checksum") not in (None, anchor.checksum, release_checksum(anchor)):
            yield f"cell {anchor.id!r} has a foreign checksum; it was restored"


def render(
    laid: LaidOver,
    outputs: Mapping[int, Sequence[Mapping[str, Any]]],
    execution_counts: Mapping[int, int | None],
) -> NotebookNode:
    """The executed notebook (nbformat 4.5), with the metadata that nbgrader leaves in `autograded/`.

    `outputs` and `execution_counts` are by cell index; outputs must already be valid.
    """
    from nbformat import from_dict

    cells = []
    for cell in laid.cells:
        node: dict[str, Any] = {
            "cell_type": cell.cell_type,
            "id": cell.cell_id,
            "metadata": _metadata(cell.source_cell) if cell.source_cell else {},
            "source": cell.source,
        }
        if cell.cell_type == "code":
            node["execution_count"] = execution_counts.get(cell.index)
            node["outputs"] = list(outputs.get(cell.index, ()))
        elif cell.attachments:
            node["attachments"] = cell.attachments
        cells.append(node)
    notebook: NotebookNode = from_dict(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": notebook_metadata(laid.notebook), "cells": cells}
    )
    return notebook


def notebook_metadata(source: SourceNotebook) -> dict[str, Any]:
    """The kernel and the language, which is all of a notebook's metadata that we keep."""
    metadata = {}
    if {"name", "display_name"} <= source.kernelspec.keys():
        metadata["kernelspec"] = dict(source.kernelspec)
    language = source.metadata.get("language_info")
    if isinstance(language, dict) and isinstance(language.get("name"), str):
        metadata["language_info"] = {"name": language["name"]}
    return metadata


_NBGRADER_KEYS = ("grade", "grade_id", "locked", "points", "solution", "task")


def _metadata(cell: SourceCell) -> dict[str, Any]:
    ours = cell.metadata["nbgrader"]
    nbgrader = {key: ours[key] for key in _NBGRADER_KEYS if key in ours}
    for flag in ("grade", "locked", "solution"):
        nbgrader.setdefault(flag, False)
    nbgrader |= {"schema_version": SCHEMA_VERSION, "checksum": cell.checksum, "cell_type": cell.cell_type}
    kept = {key: value for key, value in cell.metadata.items() if key in ("tags", "jupyter")}
    return (
        {**kept, "deletable": False}
        | ({} if cell.role.is_answer else {"editable": False})
        | {"nbgrader": nbgrader}
    )


def dumps(notebook: Mapping[str, Any]) -> str:
    """The notebook as the text of its file: sorted keys, sources as lists of lines, no validation."""
    cells = [{**cell, "source": cell["source"].splitlines(True)} for cell in notebook["cells"]]
    return json.dumps({**notebook, "cells": cells}, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
