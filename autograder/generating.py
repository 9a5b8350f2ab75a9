"""From source/ to release/: nbgrader's GenerateAssignment, made deterministic, checked, moved at once."""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from autograder.assignment import PERSONAL_FILE, Assignment, is_ignored
from autograder.course import Course
from autograder.errors import UsageError
from autograder.gradebook import Projection
from autograder.linting.lint import errors_of, lint_release, lint_source
from autograder.notebook import dumps, notebook_metadata
from autograder.otter.notebook import is_otter
from autograder.personal.given import PersonalData
from autograder.personal.seeds import example_seed
from autograder.source import SourceNotebook


def generate(course: Course, name: str) -> Path:
    """Write release/NAME afresh and register the assignment in the gradebook; the folder written.

    Where data are personal, those of a student who is made up lie in it.

    The same source gives the same bytes. Raises UsageError, with the first problem in its line, for
    a source that nbgrader refuses or that would tell students an answer; the old release then stays.
    """
    assignment = Assignment.load(course, name)
    if is_otter(course.source(name)):
        raise UsageError(
            f"{name} is an assignment of otter's; students get the notebook that `otter assign` made"
        )
    settings = course.settings.for_assignment(name)
    personal = PersonalData.of(course, assignment, settings, course.test_folders(settings))
    _refuse(name, errors_of(lint_source(assignment, settings.shared_cells, settings.engine)))
    course.state.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="generate-", dir=course.state) as folder:
        release = build_release(assignment, course.source(name), Path(folder))
        if personal is not None:  # the notebook runs where no student was given data
            shutil.copyfile(personal.data_of(example_seed(0)), release / PERSONAL_FILE)
        with Projection(course.db_url, course.backups) as projection:
            projection.register(assignment)
        _put_in_place(release, course.release(name), Path(folder) / "old")
    return course.release(name)


def build_release(assignment: Assignment, source: Path, folder: Path) -> Path:
    """The release of the assignment, built inside `folder` and checked; the path of the result."""
    shutil.copytree(
        source,
        folder / "source" / assignment.name,
        ignore=lambda _, names: [n for n in names if is_ignored(n)],
    )
    _run_nbgrader(folder, assignment.name)
    release = folder / "release" / assignment.name
    for notebook in assignment.notebooks:
        path = release / f"{notebook.name}.ipynb"
        path.write_text(_deterministic(json.loads(path.read_bytes()), notebook), encoding="utf-8")
    _refuse(assignment.name, errors_of(lint_release(release, assignment)))
    return release


def _run_nbgrader(root: Path, name: str) -> None:
    from nbgrader.converters import GenerateAssignment
    from nbgrader.converters.base import NbGraderException
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    config = Config()
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.assignment_id = name
    config.GenerateAssignment.no_database = True
    config.SaveCells.enabled = False
    courses = CourseDirectory(config=config)
    converter = GenerateAssignment(coursedir=courses, config=config)
    with _quiet(converter.log) as said:
        try:
            converter.start()
        except NbGraderException:
            reasons = [line for text in said for line in text.strip().splitlines()[-1:] if "Error" in line]
            raise UsageError(
                f"{name}: nbgrader refuses it: {(reasons or said or ['no reason given'])[0]}"
            ) from None


@contextmanager
def _quiet(log: logging.Logger | logging.LoggerAdapter[Any]) -> Iterator[list[str]]:
    """Keep a logger's errors in a list instead of on the terminal."""
    logger = log.logger if isinstance(log, logging.LoggerAdapter) else log
    said: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    handlers, propagate, level = logger.handlers, logger.propagate, logger.level
    logger.handlers, logger.propagate = [Keep(logging.ERROR)], False
    try:
        yield said
    finally:
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


def _deterministic(notebook: dict[str, Any], source: SourceNotebook) -> str:
    """The released notebook with the source's cell ids (nbformat draws random ones) and sorted keys."""
    for cell, original in zip(notebook["cells"], source.cells, strict=True):
        cell["id"] = original.cell_id
        cell["metadata"].pop("execution", None)
        cell["source"] = "".join(cell["source"])
        if cell["cell_type"] == "code":
            cell["execution_count"] = None
    notebook |= {"metadata": notebook_metadata(source), "nbformat": 4, "nbformat_minor": 5}
    return dumps(notebook)


def _refuse(name: str, problems: list[Any]) -> None:
    if problems:
        more = f" (and {len(problems) - 1} more; run `autograder lint {name}`)" if len(problems) > 1 else ""
        raise UsageError(f"{problems[0]}{more}")


def _put_in_place(new: Path, place: Path, old: Path) -> None:
    place.parent.mkdir(exist_ok=True)
    if place.exists():
        place.replace(old)
    new.replace(place)
