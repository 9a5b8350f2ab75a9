"""nbgrader's own `export`, with the files of `autograder export`.

`nbgrader export --exporter=autograder.dropin.exporter.CanvasExporter --assignment="['lab6']" --to=FILE`
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dateutil import tz  # type: ignore[import-untyped]
from nbgrader.api import Gradebook
from nbgrader.plugins import ExportPlugin
from sqlalchemy import text
from traitlets import Bool, Enum, Unicode

from autograder.allowances import Allowances
from autograder.course import Course
from autograder.database import Query
from autograder.errors import AutograderError, UsageError
from autograder.marks import canvas, moodle
from autograder.marks.filling import Filling
from autograder.marks.table import Table, read_comments, read_table, require_no_holds
from autograder.tables import read_sheet


class _Exporter(ExportPlugin):  # type: ignore[misc]
    """One assignment, to one file."""

    column = Unicode("", help="the column to fill in, where it is not found").tag(config=True)
    scale = Bool(False, help="scale marks to the platform's maximum").tag(config=True)
    missing = Enum(["empty", "zero"], "empty", help="for who handed nothing in").tag(config=True)
    overwrite = Bool(False, help="replace what people gave on the platform").tag(config=True)
    anyway = Bool(False, help="also where marks should be held back").tag(config=True)

    def export(self, gradebook: Gradebook) -> None:
        def query(statement: str, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
            return [tuple(row) for row in gradebook.db.execute(text(statement), dict(values))]

        try:
            self._export(query)
        except AutograderError as error:
            self.parent.fail(str(error))

    def _export(self, query: Query) -> None:
        names = [str(name) for name in self.assignment]
        if len(names) != 1:
            raise UsageError("name one assignment: --assignment \"['NAME']\"")
        if self.student:
            raise UsageError("a platform's file is that of the whole class; leave out --student")
        if not self.to:
            raise UsageError("name the file to write with --to")
        course = Course.open(Path(self.parent.coursedir.root))
        if not self.anyway:
            require_no_holds(course, names[0])
        table = read_table(query, names[0], Allowances.read(course).of(names[0]))
        found = self.filling(table, query)
        for note in found.notes:
            self.log.warning("%s", note)
        try:
            Path(self.to).write_text(found.text, "utf-8", newline="")
        except OSError as error:
            raise UsageError(f"{self.to}: cannot be written ({error.strerror})") from None
        self.log.info("%d marks written to %s", len(found.given), self.to)

    def filling(self, table: Table, query: Query) -> Filling:
        raise NotImplementedError


class CanvasExporter(_Exporter):
    """Fills in the gradebook that Canvas exported, or makes one for the roster's `lms_user_id`."""

    gradebook = Unicode("", help="the gradebook that Canvas exported").tag(config=True)

    def filling(self, table: Table, query: Query) -> Filling:
        choice = canvas.Choice(self.column, self.scale, self.missing, self.overwrite)
        if not self.gradebook:
            return canvas.make(table, choice)
        return canvas.fill(table, read_sheet(Path(self.gradebook)), choice)


class MoodleExporter(_Exporter):
    """Fills in the grading worksheet that Moodle exported."""

    worksheet = Unicode("", help="the worksheet that Moodle exported").tag(config=True)
    comments = Bool(False, help="fill in the feedback comments too").tag(config=True)

    def filling(self, table: Table, query: Query) -> Filling:
        if not self.worksheet:
            raise UsageError("name the worksheet that Moodle exported: --MoodleExporter.worksheet=FILE")
        choice = moodle.Choice(
            zone=tz.tzlocal(),
            zone_name="of this machine",
            grade_column=self.column,
            scale=self.scale,
            overwrite=self.overwrite,
            zero_if_missing=self.missing == "zero",
        )
        told = read_comments(query, table.assignment) if self.comments else None
        return moodle.fill(table, read_sheet(Path(self.worksheet)), choice, told)
