"""`autograder export otter`: an assignment as otter-grader 7 takes it, one otter assignment a notebook."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.context import Context
from autograder.errors import UsageError, cannot_write, some_of
from autograder.generating import build_release
from autograder.linting.lint import errors_of, lint_source
from autograder.notebook import dumps
from autograder.otter.archive import lay_files, lay_support_files, require_otter, write_archive
from autograder.otter.notebook import is_otter
from autograder.otter.student import student_notebook
from autograder.otter.trying import LeftOut, Tried, try_tests
from autograder.runtime.servers import Servers
from autograder.source import Role, SourceNotebook

ARCHIVE, STUDENT, README = "autograder.zip", "student", "README.md"


@dataclass(frozen=True, slots=True)
class ExportedNotebook:
    """One otter assignment: points of its questions and of what a human marks, by id, and what it lacks."""

    name: str
    questions: Mapping[str, float]
    by_hand: Mapping[str, float]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written, and where."""

    assignment: str
    folder: str
    notebooks: tuple[ExportedNotebook, ...]


def export(context: Context, folder: Path, servers: Servers | None = None) -> Exported:
    """Writes the assignment into `folder`, which must not be there or be empty.

    A test that does not pass with the solution in one process is left out, and told. Raises UsageError, and
    writes nothing, where otter is not installed, or for a source that `generate` would refuse.
    """
    require_otter()
    _require_room(folder)
    assignment, settings = context.assignment, context.settings
    if is_otter(context.course.source(assignment.name)):
        raise UsageError(
            f"{assignment.name} is an assignment of otter's already; otter grades by what it came in"
        )
    if settings.personal is not None:
        raise UsageError(
            f"{assignment.name}: {some_of(settings.personal.tests)} judge by data of each student's own, "
            "which otter cannot give; grade this assignment here"
        )
    if settings.engine == "kernel":
        raise UsageError(f"{assignment.name}: only Python's notebooks can be given to otter")
    tests = [
        cell.id for notebook in assignment.notebooks for cell in notebook.cells if cell.role is Role.TEST
    ]
    if problems := errors_of(lint_source(assignment, tests)):
        raise UsageError(str(problems[0]))
    place = folder.resolve()  # otter works in another folder
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with (
            tempfile.TemporaryDirectory(prefix=".otter-", dir=place.parent) as scratch,
            context.servers() if servers is None else nullcontext(servers) as warm,
        ):
            made = Path(scratch) / "made"
            notebooks = _build(context, warm, Path(scratch), made)
            exported = Exported(assignment.name, str(folder), notebooks)
            (made / README).write_text(_readme(exported), "utf-8")
            made.replace(place)
    except OSError as error:
        raise cannot_write(error, folder) from None
    return exported


def _require_room(folder: Path) -> None:
    try:
        taken = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    except OSError as error:
        raise UsageError(
            f"{folder}: cannot be read ({error.strerror}); name another folder with --to"
        ) from None
    if taken:
        raise UsageError(f"{folder}: is there already; name a new or an empty folder with --to")


def _build(context: Context, servers: Servers, scratch: Path, made: Path) -> tuple[ExportedNotebook, ...]:
    assignment = context.assignment
    release = build_release(assignment, context.course.source(assignment.name), scratch / "release")
    done = []
    for notebook in assignment.notebooks:
        place, work = made / notebook.name, scratch / "work" / notebook.name
        (place / STUDENT).mkdir(parents=True)
        (files := work / "files").mkdir(parents=True)
        alone = replace(context, assignment=replace(assignment, notebooks=(notebook,)))
        requirements = lay_files(alone.assignment, context.test_folders, files)
        tried = try_tests(alone, files, servers)
        released = _read(release / f"{notebook.name}.ipynb")
        given = dumps(student_notebook(released, notebook, tried.questions))
        (place / STUDENT / f"{notebook.name}.ipynb").write_text(given, "utf-8")
        lay_support_files(assignment, place / STUDENT)
        if tried.questions:  # otter cannot run an archive without tests
            write_archive(place / ARCHIVE, tried.questions.values(), files, requirements, work)
        done.append(_summary(notebook, tried))
    return tuple(done)


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_bytes())
    for cell in content["cells"]:
        cell["source"] = "".join(cell["source"])
    return content


def _summary(notebook: SourceNotebook, tried: Tried) -> ExportedNotebook:
    by_hand = {c.id: c.points or 0.0 for c in notebook.cells if c.role in (Role.MANUAL, Role.TASK)}
    points = {question.name: question.points for question in tried.questions.values()}
    return ExportedNotebook(notebook.name, points, by_hand, tried.left_out)


def _readme(exported: Exported) -> str:
    lines = [
        f"# {exported.assignment} for otter-grader 7",
        "",
        f"Made by `autograder export otter {exported.assignment}`. Each notebook is an assignment by itself:",
        "otter grades one notebook at a time.",
        "",
        f"- `NOTEBOOK/{STUDENT}/` is for students: nothing hidden is in it.",
        f"- `NOTEBOOK/{ARCHIVE}` is for the grader. **It holds the hidden tests, and what they compare",
        "  answers with: give it to no student.** It can be uploaded to Gradescope as it is, or used by",
        "",
        f"      otter run -a {ARCHIVE} -o results --no-logo SUBMISSION.ipynb",
        f"      otter grade -n NAME -a {ARCHIVE} SUBMISSIONS",
        "",
        "Otter runs the tests in the process of the student's code, where they can be read and deceived.",
    ]
    for notebook in exported.notebooks:
        total = sum(notebook.questions.values())
        lines += ["", f"## {notebook.name}", "", "| question | points |", "|---|---:|"]
        lines += [f"| {id} | {points:g} |" for id, points in notebook.questions.items()]
        lines += [f"| together | {total:g} |"]
        if notebook.by_hand:
            lines += ["", "For a human to mark, without a test:", ""]
            lines += [f"- {id}: {points:g} points" for id, points in notebook.by_hand.items()]
        if notebook.left_out:
            lines += ["", "**Left out**, so that otter gives nobody these points:", ""]
            lines += [f"- {each.test}: {each.points:g} points; {each.why}" for each in notebook.left_out]
        if not notebook.questions:
            lines += ["", f"No test is left for otter to run, so there is no {ARCHIVE}."]
    return "\n".join(lines) + "\n"
