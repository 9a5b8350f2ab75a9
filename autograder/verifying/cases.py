"""Case files: example submissions as py:percent cells under a TOML head, with the verdict they deserve."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.assignment import Assignment
from autograder.errors import UsageError, did_you_mean
from autograder.otter.notebook import OtterNotebook
from autograder.regions import SOLUTION, without_marks
from autograder.source import SourceCell, SourceNotebook, stub_of

EQUIVALENT_FILE = "_equivalent.py"  # which mutants need not be noticed; no case
VERDICTS = ("full", "partial", "zero")
KEYS = ("about", "expect", "rest", "kind", "promise", "succeeds_at", "needs")
_HEAD = re.compile(r"\A(?:[^\S\n]*\n)*# /// case\n(?P<toml>(?:#[^\n]*\n)*?)# ///\n", re.MULTILINE)
_CELL = re.compile(r"^# %% *(?P<id>\S+) *$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Case:
    """One example submission. `answers` maps (notebook, solution cell id) to the source of the cell.

    An attack has the number of the promise that it is aimed at, and the graders of which it gets something.
    """

    name: str
    about: str
    answers: Mapping[tuple[str, str], str]
    expect: Mapping[str, str]
    rest_any: bool = False
    promise: int | None = None
    succeeds_at: tuple[str, ...] = ()

    def notebooks(self, assignment: Assignment) -> list[str]:
        """The notebooks that the case touches; all of them if it touches none."""
        touched = {notebook for notebook, _ in self.answers}
        return [n.name for n in assignment.notebooks if not touched or n.name in touched]


def read_cases(folder: Path, assignment: Assignment) -> list[Case]:
    """Every `*.py` below `folder` as a case, sorted by name. Raises UsageError with file and mend."""
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder; put case files there or name another with --cases")
    found = (read_case(folder, path, assignment) for path in sorted(folder.rglob("*.py")))
    return [case for case in found if case is not None]


def read_case(folder: Path, path: Path, assignment: Assignment) -> Case | None:
    """The case in a file below `folder`, named by its place there; None for equivalent mutants."""
    if path.name == EQUIVALENT_FILE:
        return None
    return parse_case(str(path.relative_to(folder).with_suffix("")), _text(path), assignment, path)


def parse_case(name: str, text: str, assignment: Assignment, path: Path | str = "") -> Case:
    """The case that `text` describes; see docs/cases.md for the format."""
    where = str(path or name)
    if not name.isprintable():
        raise UsageError(f"{where!r}: its name cannot be printed; rename it")
    if name.startswith("@"):
        raise UsageError(f"{where}: names that begin with @ stand for what `verify` tries itself; rename it")
    head = _HEAD.match(text)
    if head is None:
        raise UsageError(f"{where}: a case begins with `# /// case`, TOML behind `# `, and `# ///`")
    try:
        table = tomllib.loads("".join(line[2:] or "\n" for line in head["toml"].splitlines(keepends=True)))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{where}: the head is not valid TOML: {error}") from None
    expect = _checked_head(table, assignment, where)
    return Case(
        name=name,
        about=str(table.get("about", "")),
        answers=_answers(text[head.end() :], assignment, where),
        expect=expect,
        rest_any=table.get("rest") == "any",
        # notes, which decide nothing: whatever somebody else's cases say there is kept or passed over
        promise=table["promise"] if type(table.get("promise")) is int else None,
        succeeds_at=_names(table.get("succeeds_at", ())),
    )


def _names(value: object) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    return tuple(each for each in listed if isinstance(each, str))


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read ({error}); write it as UTF-8 text") from None


def _checked_head(table: Mapping[str, Any], assignment: Assignment, where: str) -> dict[str, str]:
    for key in table:
        if key not in KEYS:
            raise UsageError(f"{where}: unknown key {key!r}{did_you_mean(key, KEYS)}")
    if table.get("rest") not in (None, "any"):
        raise UsageError(f'{where}: rest can only be "any"')
    expect = table.get("expect", {})
    if not isinstance(expect, dict):
        raise UsageError(f"{where}: expect maps test ids to full, partial or zero")
    known = [cell.id for notebook in assignment.notebooks for cell in tests_of(notebook)]
    for test, verdict in expect.items():
        if test not in known:
            raise UsageError(f"{where}: no test {test!r} in {assignment.name!r}{did_you_mean(test, known)}")
        if verdict not in VERDICTS:
            raise UsageError(f"{where}: {test} is expected to be {verdict!r}; write full, partial or zero")
    return dict(expect)


def _answers(body: str, assignment: Assignment, where: str) -> dict[tuple[str, str], str]:
    parts = _CELL.split(body)
    if parts[0].strip():
        raise UsageError(f"{where}: text before the first `# %% ID` line")
    answers: dict[tuple[str, str], str] = {}
    for label, source in zip(parts[1::2], parts[2::2], strict=True):
        notebook, cell = _find(label, assignment, where)
        text = source.strip("\n")
        if cell.cell_type == "markdown":
            text = "\n".join(line.removeprefix("#").removeprefix(" ") for line in text.splitlines())
        if (notebook, cell.id) in answers:
            raise UsageError(f"{where}: two cells {label!r}; keep one")
        answers[notebook, cell.id] = text
    return answers


def _find(label: str, assignment: Assignment, where: str) -> tuple[str, SourceCell]:
    name, _, grade_id = label.rpartition(":")
    found = [
        (notebook.name, cell)
        for notebook in assignment.notebooks
        if name in ("", notebook.name)
        for cell in answers_of(notebook)
        if cell.id == grade_id
    ]
    if not found:
        known = [cell.id for notebook in assignment.notebooks for cell in answers_of(notebook)]
        raise UsageError(f"{where}: no solution cell {label!r}{did_you_mean(grade_id, known)}")
    if len(found) > 1:
        raise UsageError(f"{where}: {label!r} is in two notebooks; write NOTEBOOK:{grade_id}")
    return found[0]


def answers_of(notebook: SourceNotebook) -> list[SourceCell]:
    """The cells that students fill."""
    return [cell for cell in notebook.cells if cell.role.is_answer]


def tests_of(notebook: SourceNotebook) -> list[SourceCell]:
    """The graded test cells."""
    return [cell for cell in notebook.cells if cell.role == "test"]


def submitted_notebooks(
    notebooks: Iterable[SourceNotebook], answers: Mapping[tuple[str, str], str], solved: bool = True
) -> dict[str, bytes]:
    """Each notebook by name, as `submitted_notebook` makes it; `answers` go by (notebook, cell id)."""
    return {
        notebook.name: submitted_notebook(
            notebook, {cell: text for (name, cell), text in answers.items() if name == notebook.name}, solved
        )
        for notebook in notebooks
    }


def submitted_notebook(
    notebook: SourceNotebook, answers: Mapping[str, str] | None = None, solved: bool = True
) -> bytes:
    """A notebook as a student would hand it in: `answers` by cell id, the rest solved or untouched.

    Of an assignment of otter's it is the solution, or no notebook at all where that is not known.
    """
    if isinstance(notebook, OtterNotebook) and solved:
        return notebook.solution or b""
    answers = answers or {}
    cells = []
    for cell in notebook.cells:
        source = stub_of(cell)
        if cell.role.is_answer:
            source = answers.get(cell.id, without_marks(cell.source, SOLUTION) if solved else source)
        node: dict[str, Any] = {
            "cell_type": cell.cell_type,
            "id": cell.cell_id,
            "metadata": dict(cell.metadata),
            "source": source,
        }
        if cell.cell_type == "code":
            node |= {"execution_count": None, "outputs": []}
        elif cell.attachments:
            node["attachments"] = dict(cell.attachments)
        cells.append(node)
    metadata = {"kernelspec": dict(notebook.kernelspec)}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}).encode()
