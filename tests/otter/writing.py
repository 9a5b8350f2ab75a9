"""Assignments in otter's formats and submissions for them, for tests."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZipFile

PYTHON = {"name": "python3", "display_name": "Python 3", "language": "python"}


def code(source: str, **metadata: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "metadata": metadata,
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def notebook(*cells: str | Mapping[str, Any], **metadata: Any) -> bytes:
    """A notebook with these cells, code where only a text is given."""
    made = [
        dict(cell if isinstance(cell, Mapping) else code(cell), id=f"c{number}")
        for number, cell in enumerate(cells)
    ]
    head = {"kernelspec": PYTHON, "language_info": {"name": "python"}, **metadata}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": head, "cells": made}).encode()


def raw(source: str) -> dict[str, Any]:
    return {"cell_type": "raw", "metadata": {}, "source": source}


def spec(name: str, *cases: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A question in the format of doctests."""
    suite = {"cases": list(cases), "scored": True, "setup": "", "teardown": "", "type": "doctest"}
    return {"name": name, "points": None, "suites": [suite], **more}


def ok_file(test: Mapping[str, Any]) -> str:
    return f"OK_FORMAT = True\n\ntest = {dict(test)!r}\n"


def exception_file(
    name: str, *cases: tuple[str, str], points: Any = None, all_or_nothing: bool = False
) -> str:
    """A question in the exception format; a case is the arguments of its decorator and its function."""
    head = ["from otter.test_files import test_case", "", "OK_FORMAT = False", "", f"name = {name!r}"]
    head += [f"points = {points!r}", f"all_or_nothing = {all_or_nothing!r}", ""]
    return "\n".join([*head, *(f"@test_case({arguments})\n{function}\n" for arguments, function in cases)])


def autograder_zip(
    path: Path,
    tests: Mapping[str, str],
    config: Mapping[str, Any] | None = None,
    files: Sequence[tuple[str, str]] = (),
) -> Path:
    """The zip that `otter run` takes: test files by name, settings, and files beside the submission."""
    with ZipFile(path, "w") as archive:
        archive.writestr("otter_config.json", json.dumps(dict(config or {})))
        for name, text in tests.items():
            archive.writestr(f"tests/{name}.py", text)
        for name, text in files:
            archive.writestr(f"files/{name}", text)
    return path
