"""Small notebooks in nbgrader's format."""

from __future__ import annotations

import json
from typing import Any

_FLAGS = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}


def cell(source: str, grade_id: str, **nbgrader: object) -> dict[str, Any]:
    """A code cell; `nbgrader` are its flags and points."""
    return {
        "cell_type": "code",
        "id": grade_id,
        "source": source,
        "outputs": [],
        "execution_count": None,
        "metadata": {"nbgrader": _FLAGS | {"grade_id": grade_id} | nbgrader},
    }


def test_cell(source: str, grade_id: str, points: float) -> dict[str, Any]:
    """A graded test, all of it hidden."""
    hidden = f"### BEGIN HIDDEN TESTS\n{source}\n### END HIDDEN TESTS"
    return cell(hidden, grade_id, grade=True, locked=True, points=points)


def notebook(*cells: dict[str, Any]) -> bytes:
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
