"""What lies in `autograded/` for a notebook that could not be graded, so that a human can mark it."""

from __future__ import annotations

from dataclasses import replace

from autograder.notebook import LaidCell, Role, dumps, lay_over, render
from autograder.settings import Limits
from autograder.source import SourceNotebook
from autograder.verifying.cases import submitted_notebook

ORIGINAL_SUFFIX = ".original"


def stand_in(source: SourceNotebook, reason: str) -> str:
    """The untouched release under a notice: nbgrader's tools can show it and take marks for it."""
    laid = lay_over(source, submitted_notebook(source, solved=False), Limits())
    notice = LaidCell(
        index=0,
        role=Role.PLAIN,
        id="",
        cell_type="markdown",
        source=f"**This notebook could not be graded:** {reason}. What was handed in lies beside it, "
        f"ending in `{ORIGINAL_SUFFIX}`. Below are the questions without answers.",
        source_cell=None,
        from_student=False,
        changed=False,
        cell_id="not-gradable",
    )
    moved = (replace(cell, index=cell.index + 1) for cell in laid.cells)
    return dumps(render(replace(laid, cells=(notice, *moved)), {}, {}))
