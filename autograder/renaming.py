"""Which of the notebooks that a student handed in, under whatever name, is a notebook of the assignment's."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Mapping

from autograder.errors import NotGradable
from autograder.ipynb import read_notebook
from autograder.source import SourceNotebook

MAX_RENAMED = 20  # notebooks of other names that are looked into
# what browsers, file managers, Jupyter and Canvas put behind the name of a copy
_COPY = re.compile(r"(?: ?\(\d{1,3}\)|-\d{1,3}| - Copy| copy|-Copy\d{1,3})+$", re.IGNORECASE)


def with_cells_of(source: SourceNotebook, others: Mapping[str, bytes], max_bytes: int) -> list[str]:
    """The names of those notebooks that hold most of this one's cells; where that says nothing, any."""
    if not source.is_template:
        return sorted(others)[:MAX_RENAMED]
    ids = {cell.id for cell in source.anchors}
    found = []
    for name in sorted(others)[:MAX_RENAMED]:
        with contextlib.suppress(NotGradable):
            raw = read_notebook(others[name], max_bytes)
            if 2 * len(ids.intersection(cell.grade_id for cell in raw.cells)) > len(ids):
                found.append(name)
    return found


def called_like(name: str, others: Iterable[str]) -> list[str]:
    """Those of the others that are this name but for case and a copy's counter."""
    wanted = name.casefold()
    return sorted(other for other in others if wanted in (other.casefold(), _COPY.sub("", other).casefold()))
