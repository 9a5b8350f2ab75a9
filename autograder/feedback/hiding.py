"""Hidden tests stay hidden in what `nbgrader generate_feedback` makes.

nbgrader's own feedback prints the hidden lines of every test cell, and in its tracebacks once more
(issue 917 of nbgrader). `HideTests` goes into GenerateFeedback.preprocessors.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from nbconvert.preprocessors import Preprocessor
from traitlets import Bool

from autograder.marking import MESSAGE
from autograder.regions import HIDDEN_TESTS, UnbalancedRegion, has_region, without_region

PLACEHOLDER = "# (hidden tests)"


class HideTests(Preprocessor):  # type: ignore[misc]
    """Blanks the hidden regions of test cells, and of their outputs whatever could quote them."""

    enabled = Bool(True).tag(config=True)

    def preprocess_cell(self, cell: Any, resources: Any, index: int) -> tuple[Any, Any]:
        if cell.cell_type == "code" and is_test(cell.metadata.get("nbgrader", {})):
            if has_region(cell.source, HIDDEN_TESTS):
                cell.outputs = list(harmless(cell.outputs))
            cell.source = blanked(cell.source)
        return cell, resources


def is_test(nbgrader: Mapping[str, Any]) -> bool:
    """Whether a cell with this metadata is a test: graded, and not an answer."""
    return bool(nbgrader.get("grade")) and not nbgrader.get("solution")


def blanked(source: str) -> str:
    """The cell's text with a placeholder for every hidden region; all of it goes if a region is open."""
    try:
        return without_region(source, HIDDEN_TESTS, [PLACEHOLDER])
    except UnbalancedRegion:
        return PLACEHOLDER


def harmless(outputs: Iterable[Any]) -> Iterable[Any]:
    """An error without its traceback, which quotes the test, partial credit, and what the test says of it.

    What was printed is left out: the test calls the student's code, which can print what it is given.
    """
    for output in outputs:
        if output["output_type"] == "error":
            output["traceback"] = [f"{output['ename']}: {output['evalue']}"]
            yield output
        elif output["output_type"] == "display_data" and output["metadata"] == MESSAGE:
            output["data"] = {"text/plain": output["data"].get("text/plain", "")}
            yield output
        elif output["output_type"] == "execute_result" and _is_number(output["data"].get("text/plain")):
            output["data"] = {"text/plain": output["data"]["text/plain"]}
            yield output


def _is_number(text: Any) -> bool:
    try:
        float(text)
    except (TypeError, ValueError):
        return False
    return True
